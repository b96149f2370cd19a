package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/study"
	"nightshift/report/figure"
)

// figureKind is a kind of figure: its name in study files, what it shows, what data it
// takes, and its builder.
type figureKind struct {
	name, doc, needs string
	measures         int      // most that a study can name for it; 0 where what it shows is fixed
	options          []string // of study.FigureOptions that it takes, besides where and title
	must             []string // of them, those that it cannot do without
	named            bool     // it is shown only where a study names it: it takes its time, or says little of most studies
	whole            bool     // it is of all cells together, whatever their data and axes

	// build gives the figures that the data of a block support, and these may be none. The block has the cells that the
	// study asks for only.
	build func(context.Context, *results, *block, study.Figure) ([]figure.Figure, error)

	// lacks says what a night of the study will not have that the figure needs; "" for nothing, nil where study.Study.Lacks
	// says all there is to say.
	lacks lacking
}

// figureKinds is what a report can show, in this order. After a change, go generate
// ./... tells package study, the documentation and the schema of it.
var figureKinds = []figureKind{
	{name: "plot", doc: "measures against an axis, the epochs, the layers or the number of parameters", measures: 4,
		options: []string{"x", "lines", "panels", "log", "mark", "theory"}, must: []string{"x"},
		needs: "an axis with two values, and runs that have the measure", build: plots},
	{name: "heat", doc: "a measure as colours over two axes", measures: 1,
		options: []string{"x", "y", "panels"}, must: []string{"x", "y"},
		needs: "two axes with two values each, and runs that have the measure", build: heatMaps},
	{name: "dots", doc: "cells ranked by a measure, with their differences from one of them", measures: 1,
		options: []string{"by", "against", "panels", "log"},
		needs:   "two cells with runs that have the measure", build: dots, lacks: lacksCells(2)},
	{name: "pairs", doc: "the rows of a paired axis against each other",
		needs: "an axis that sets outputs and losses, such as sigmoid+mse and softmax+ce, and a classification", build: pairs,
		lacks: lacksAny(lacksClasses, lacksPairAxis)},
	{name: "lr", doc: "the error against the learning rate", needs: "an axis lr of numbers and runs with a test result",
		build: learningRates, lacks: lacksAxis(2, lrAxis)},
	{name: "curves", doc: "learning curves with intervals", needs: "runs that have measured epochs", build: curves},
	{name: "seeds", doc: "what the seeds do", needs: "a cell with two finished seeds", build: seedEffects, lacks: lacksSeeds},
	{name: "bias-variance", doc: "bias and variance over data seeds", options: []string{"loss"},
		needs: "an axis width or depth, and in its cells two data seeds with finished runs", build: biasVariance,
		lacks: lacksSplit},
	{name: "capacity", doc: "training and validation error against the size of the network",
		needs: "an axis width or depth with three sizes, and finished runs", build: capacity, lacks: lacksSizes(3)},
	{name: deadKind, doc: "dead units over the epochs, and the error against their share",
		needs: "runs that have measured their layers (log: {layers: true}), and a dead unit in one of them", build: dead,
		lacks: lacksLayers},
	{name: "leaderboard", doc: "cells ranked on validation, with test, rank probabilities, optimism and the runner-up",
		needs: "four cells of the same axes with finished runs on validation", build: leaderboard,
		lacks: lacksAny(lacksCells(leastRanked), lacksValidation)},
	{name: "evaluation", doc: "estimates of the test error from one pool of examples beside that on fresh ones",
		needs: "two cells with data: {resample: ...} and finished runs", build: evaluation, lacks: lacksResampling},
	{name: "best-of-n", doc: "what the best of n configurations is expected to reach on validation",
		needs: "ten cells of the same axes with finished runs on validation", build: bestOfN,
		lacks: lacksAny(lacksCells(leastTried), lacksValidation)},
	{name: "units", doc: "how alike hidden units are, and what they are worth over the epochs", named: true,
		needs: "kept weights of runs with hidden units", build: hiddenUnits, lacks: lacksAny(lacksWeights, lacksUnits)},
	{name: "disagreement", doc: "test examples that seeds answer differently, beside the distance of their weights", named: true,
		needs: "a classification, a test set that runs share, and a cell with three finished seeds", build: disagreements,
		lacks: lacksAny(lacksClasses, lacksPairs, lacksTestSet)},
	{name: "barrier", doc: "the loss between two seeds, as they are and with their hidden units aligned", named: true,
		needs: "kept weights of two seeds of a cell with hidden units, and its data", build: barriers,
		lacks: lacksAny(lacksWeights, lacksUnits, lacksSeeds)},
	{name: "slices", doc: "the loss along random directions from the end, and from start to end", named: true,
		needs: "kept weights, and the data", build: lossSlices, lacks: lacksWeights},
	{name: "landscape", doc: "contours of the loss around the end of a training", named: true,
		needs: "kept weights, and the data", build: landscape, lacks: lacksWeights},
	{name: "path", doc: "the way of a training in the plane of its principal components, beside a random walk", named: true,
		needs: "weights of four epochs of a run (keep: {weights: {every: n}}), and the data", build: trainingPaths, lacks: lacksPath},
	{name: "regions", doc: "what networks of two inputs say of the plane: worst, median and best seed", named: true,
		needs: "data of two inputs, and kept weights", build: regions, lacks: lacksAny(lacksWeights, lacksInputs(2))},
	{name: "confusion", doc: "which classes are taken for which", named: true,
		needs: "a classification with finished runs and a test set that they share", build: confusions,
		lacks: lacksAny(lacksClasses, lacksTestSet)},
	{name: "failures", doc: "the worst answers with class, answer and probability, as images where the data are", named: true,
		needs: "a classification, a test set that runs share, and a finished run with a wrong answer", build: failures,
		lacks: lacksAny(lacksClasses, lacksTestSet)},
	{name: "calibration", doc: "how often answers are right by their probability, and what sigmoid outputs add up to", named: true,
		needs: "a classification with finished runs and a test set that they share", build: calibrations,
		lacks: lacksAny(lacksClasses, lacksTestSet)},
	{name: "fan", doc: "what many networks of one input say, with their mean and the truth", named: true,
		needs: "a regression of one input with finished runs, and its data", build: fan, lacks: lacksAny(lacksNumbers, lacksInputs(1))},
	{name: "activations", doc: "the activations of hidden layers and their derivatives: all, or those of the cells under where; " +
		"without runs",
		named: true, whole: true, needs: "a cell", build: activations},
	{name: "gradcheck", doc: "errors of difference quotients by their step, for activations, outputs and losses of the cells; " +
		"without runs",
		named: true, whole: true, needs: "a cell", build: gradcheck},
	{name: "parameters", doc: "layers, shapes and counts of the networks, and the chain rule on a small one with all its numbers; " +
		"without runs",
		named: true, whole: true, needs: "a cell", build: parameters},
	{name: "data", doc: "examples of each split by class, and how many there are; without runs", named: true, whole: true,
		needs: "the data", build: dataSheets},
	{name: "success", doc: "the share of runs that solve their task, with a training error below 2 %, against the size of " +
		"the network", named: true,
		needs: "a classification with finished runs and an axis width or depth", build: success,
		lacks: lacksAny(lacksClasses, lacksSizes(2))},
	{name: "importance", doc: "how much of the variation each axis accounts for, the seed last, and main effects", named: true,
		needs: "two axes of which every combination has finished runs of the same seeds", build: importance, lacks: lacksFactors},
	{name: "jargon", doc: "training error against bias², and the gap to test against variance, by cell", named: true,
		needs: "four cells with two data seeds and finished runs", build: jargon, lacks: lacksDataSeeds(leastRelated)},
	{name: "parallel", doc: "each cell as a line over all axes, the best on validation in colour", named: true,
		needs: "two axes, and four cells with finished runs on validation", build: parallel,
		lacks: lacksAny(lacksAxes, lacksCells(leastRanked), lacksValidation)},
	{name: "time", doc: "how long runs took against the forecast from other cells, and nights against theirs", named: true,
		needs: "three cells with finished runs", build: timings, lacks: lacksCells(leastTimed)},
}

// build makes the figures that the study asks for, in its order, or all that
// the data can support. It warns of what was asked for in vain.
func (r *results) build(ctx context.Context) ([]figure.Figure, error) {
	wanted := r.declared.Figures
	if wanted == nil {
		wanted = r.defaultFigures()
	}
	var all []figure.Figure
	for _, f := range wanted {
		k := kindOf(f)
		some, err := k.ofAll(ctx, r, f)
		if err != nil {
			return nil, err
		}
		if r.declared.Figures == nil {
			some = r.withoutFlat(some, f)
		}
		if r.declared.Figures != nil && len(some) == 0 && len(r.ready) == len(r.cells) {
			r.warnings = append(r.warnings, fmt.Sprintf(
				"The study asks for the figure %s, which its results do not support: it takes %s.", f.Text, k.needs))
		}
		for _, f := range some {
			same := func(o figure.Figure) bool { return o.Title == f.Title && o.Alt == f.Alt && o.Key == f.Key }
			if r.declared.Figures != nil || !slices.ContainsFunc(all, same) { // two claims may choose one figure in other words
				all = append(all, f)
			}
		}
	}
	distinctNames(all)
	return all, nil
}

// withoutFlat leaves out of the figures that a claim chose those in which every run of every cell has the same value, and names
// them.
func (r *results) withoutFlat(all []figure.Figure, of study.Figure) []figure.Figure {
	return slices.DeleteFunc(all, func(f figure.Figure) bool {
		low, high := math.Inf(1), math.Inf(-1)
		for _, p := range f.Panels {
			least, most := p.Heights()
			low, high = min(low, least), max(high, most)
		}
		if of.Kind != "plot" || len(of.Measures) != 1 || low != high {
			return false
		}
		m := quantity(of.Measures[0])
		r.omitted = append(r.omitted, m.name+": "+m.quantity(low)+" everywhere")
		return true
	})
}

// kindOf is the kind of a figure; the study was read by a table of the same names.
func kindOf(f study.Figure) figureKind {
	return figureKinds[slices.IndexFunc(figureKinds, func(k figureKind) bool { return k.name == f.Kind })]
}

// ofAll makes the figures of a kind, of all blocks of the cells that are asked for.
func (k figureKind) ofAll(ctx context.Context, r *results, f study.Figure) ([]figure.Figure, error) {
	var all []figure.Figure
	parts := r.blocksOf(f)
	if k.whole {
		parts = r.together(f)
	}
	for _, b := range parts {
		some, err := k.build(ctx, r, b, f)
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", k.name, err)
		}
		for i := range some {
			if f.Title != "" {
				some[i].Title = f.Title + b.title
			}
			some[i].Title, some[i].Statement = figure.Minus(some[i].Title), figure.Minus(some[i].Statement)
		}
		all = append(all, some...)
	}
	return all, nil
}

// blocksOf are the blocks of the cells that a figure is about: those of the study, or, of a figure that names axes, all
// cells of a data set that are on them.
func (r *results) blocksOf(f study.Figure) []*block {
	whole := f.NamesAxes()
	if len(f.Where) == 0 && !whole {
		return r.blocks
	}
	var cells []*cell
	var axes [][]study.AxisValue
	earlier := replaced(r.ready)
	for _, c := range r.ready {
		if f.Shows(r.axes, c.Axes, &c.Config) && !(whole && earlier[c] > 0) {
			cells, axes = append(cells, c), append(axes, c.Axes)
		}
	}
	if whole {
		cells, axes = likeTheNewest(cells, axes)
		plain, at := study.Plain(axes), -1
		cells = slices.DeleteFunc(cells, func(*cell) bool { at++; return !plain[at] })
		all := blocksBy(cells, func(*cell) string { return "" })
		nameBlocks(all, earlier)
		return all
	}
	return blocks(cells)
}

// likeTheNewest leaves out cells of earlier versions of the study that lie on other axes than those of the newest.
func likeTheNewest(cells []*cell, axes [][]study.AxisValue) (kept []*cell, of [][]study.AxisValue) {
	names := map[string]bool{}
	for _, c := range cells {
		if !c.Former {
			names[strings.Join(axesOf([]*cell{c}), "\n")] = true
		}
	}
	for i, c := range cells {
		if !c.Former || len(names) == 0 || names[strings.Join(axesOf([]*cell{c}), "\n")] {
			kept, of = append(kept, c), append(of, axes[i])
		}
	}
	return kept, of
}

// together is one block of all cells that a figure is about.
func (r *results) together(f study.Figure) []*block {
	b := &block{}
	for _, c := range r.cells {
		if f.Shows(r.axes, c.Axes, &c.Config) {
			b.cells = append(b.cells, c)
		}
	}
	if len(b.cells) == 0 {
		return nil
	}
	b.findAxes()
	return []*block{b}
}

// distinctNames numbers figures whose files would have the same name.
func distinctNames(all []figure.Figure) {
	seen := map[string]int{}
	for i, f := range all {
		if seen[f.Name]++; seen[f.Name] > 1 {
			all[i].Name = fmt.Sprintf("%s-%d", f.Name, seen[f.Name])
		}
	}
}
