package report

import (
	"context"
	"fmt"

	"nightshift/report/figure"
)

// figures is what a report can show, in this order, and what the data have to
// have for it. A builder gives the figures of its kind that the data can
// support, which may be none.
var figures = []struct {
	name, needs string
	build       func(context.Context, *results, *block) ([]figure.Figure, error)
}{
	{"pairs", "an axis that sets outputs and losses, such as sigmoid+mse and softmax+ce, and a classification", pairs},
	{"lr", "an axis lr of numbers and runs with a test result", learningRates},
	{"curves", "runs that have measured epochs", curves},
	{"seeds", "a cell with two finished seeds", seeds},
	{"bias-variance", "an axis width or depth, and in its cells two data seeds with finished runs", biasVariance},
	{"capacity", "an axis width or depth with three sizes, and finished runs", capacity},
	{"dead", "runs that have measured their layers (log: {layers: true}), and a dead unit in one of them", dead},
}

// build makes the figures that the study asks for, in its order, or all that
// the data can support. What was asked for in vain is a doubt.
func (r *results) build(ctx context.Context) ([]figure.Figure, error) {
	wanted := r.wanted
	if wanted == nil {
		for _, kind := range figures {
			wanted = append(wanted, kind.name)
		}
	}
	var all []figure.Figure
	for _, name := range wanted {
		for _, kind := range figures {
			if kind.name != name {
				continue
			}
			before := len(all)
			for _, b := range r.blocks {
				some, err := kind.build(ctx, r, b)
				if err != nil {
					return nil, fmt.Errorf("figure %s: %w", kind.name, err)
				}
				all = append(all, some...)
			}
			if r.wanted != nil && len(all) == before {
				r.warnings = append(r.warnings, fmt.Sprintf("The study asks for the figure %s, which its results do not "+
					"support: it takes %s.", name, kind.needs))
			}
		}
	}
	return all, nil
}
