package report

import (
	"context"
	"fmt"

	"nightshift/report/figure"
)

// figureKind is a kind of figure: its name in study files, what it shows, what data it
// takes, and its builder, which gives the figures that the data of a block
// support, and these may be none.
type figureKind struct {
	name, doc, needs string
	build            func(context.Context, *results, *block) ([]figure.Figure, error)
}

// figureKinds is what a report can show, in this order. After a change, go generate
// ./... tells package study, the documentation and the schema of it.
var figureKinds = []figureKind{
	{"pairs", "the rows of a paired axis against each other",
		"an axis that sets outputs and losses, such as sigmoid+mse and softmax+ce, and a classification", pairs},
	{"lr", "the error against the learning rate", "an axis lr of numbers and runs with a test result", learningRates},
	{"curves", "learning curves with intervals", "runs that have measured epochs", curves},
	{"seeds", "what the seeds do", "a cell with two finished seeds", seedEffects},
	{"bias-variance", "bias and variance over data seeds",
		"an axis width or depth, and in its cells two data seeds with finished runs", biasVariance},
	{"capacity", "training and validation error against the size of the network",
		"an axis width or depth with three sizes, and finished runs", capacity},
	{"dead", "dead units over the epochs, and the error against their share",
		"runs that have measured their layers (log: {layers: true}), and a dead unit in one of them", dead},
}

// build makes the figures that the study asks for, in its order, or all that
// the data can support. It warns of what was asked for in vain.
func (r *results) build(ctx context.Context) ([]figure.Figure, error) {
	wanted := r.declared.Figures
	if wanted == nil {
		for _, k := range figureKinds {
			wanted = append(wanted, k.name)
		}
	}
	var all []figure.Figure
	for _, name := range wanted {
		for _, k := range figureKinds {
			if k.name != name {
				continue
			}
			some, err := k.ofAll(ctx, r)
			if err != nil {
				return nil, err
			}
			if r.declared.Figures != nil && len(some) == 0 {
				r.warnings = append(r.warnings, fmt.Sprintf(
					"The study asks for the figure %s, which its results do not support: it takes %s.", name, k.needs))
			}
			all = append(all, some...)
		}
	}
	return all, nil
}

// ofAll makes the figures of a kind, of all blocks.
func (k figureKind) ofAll(ctx context.Context, r *results) ([]figure.Figure, error) {
	var all []figure.Figure
	for _, b := range r.blocks {
		some, err := k.build(ctx, r, b)
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", k.name, err)
		}
		all = append(all, some...)
	}
	return all, nil
}
