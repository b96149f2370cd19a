package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/mlp"
	"nightshift/report/stat"
)

// Decompose splits the squared error of a cell's test outputs into bias and
// variance over its training sets. It says no where there are fewer than two, or no
// outputs of theirs.
func (r *Results) Decompose(ctx context.Context, c *Cell) (d stat.Decomposition, design stat.Design, ok bool, err error) {
	return r.decompose(ctx, c, c.finished())
}

// finished are the runs that ended with a result that has a mean, in the study's order.
func (c *Cell) finished() (runs []*Run) {
	for _, one := range c.planned() {
		if one.Status == store.Done {
			runs = append(runs, one)
		}
	}
	return runs
}

// decompose does so for some of its runs.
func (r *Results) decompose(ctx context.Context, c *Cell, runs []*Run) (d stat.Decomposition, design stat.Design, ok bool,
	err error) {
	units := make([]stat.Run, len(runs))
	for i, one := range runs {
		units[i] = stat.Run{Seeds: stat.Seeds(one.Seeds()), Digest: one.Digest}
	}
	design = stat.Classify(units)
	if !slices.Contains(design.Streams, "data") {
		return d, design, false, nil
	}
	most := 0
	for _, set := range design.Sets {
		most = max(most, len(set))
	}
	sets := slices.DeleteFunc(slices.Clone(design.Sets), func(set []int) bool { return len(set) < most })
	missing := len(design.Sets) - len(sets)
	if design.Sets = sets; len(sets) < 2 {
		return d, design, false, nil
	}
	f := make([][][]float64, len(sets))
	for k, set := range sets {
		for _, i := range set {
			logits, err := r.outputs(ctx, runs[i])
			if err != nil {
				return d, design, false, err
			}
			p := c.predictions(logits)
			if p == nil {
				return d, design, false, nil
			}
			f[k] = append(f[k], p)
		}
	}
	noise := 0.0
	if c.TruthKnown() {
		noise = c.Data.NoiseVariance
	}
	split := stat.Decompose
	if design.Kind == stat.Crossed {
		split = stat.DecomposeCrossed
	}
	if d, err = split(f, c.truth(), noise); err != nil {
		return d, design, false, fmt.Errorf("%s: %w", c.Label, err)
	}
	if missing > 0 {
		d.Warnings = append(d.Warnings, number.Count(missing, "training set")+" without all of its runs left out")
	}
	if !c.Regression() {
		// Per example, the squared errors of the classes are summed.
		d = d.Times(float64(c.Data.Out))
	}
	return d, design, true, nil
}

// OtherLosses splits two other losses of a classification than the squared error of its probabilities over its training sets, of
// each the first run: the 0-1 loss by votes, with the sign of what variance does (Domingos), and the cross-entropy
// (Kullback-Leibler). It says no where there are not three training sets with stored outputs.
func (r *Results) OtherLosses(ctx context.Context, c *Cell) (v stat.Votes, d stat.Divergence, ok bool, err error) {
	if c.Regression() || c.Config.Output != "softmax" {
		return v, d, false, nil
	}
	var answers [][]int
	var logP [][][]float64
	labels := make([]int, len(c.Data.TestLabels))
	for i, label := range c.Data.TestLabels {
		labels[i] = int(label)
	}
	seen := map[uint64]bool{}
	for _, one := range c.finished() {
		if seen[one.SeedData] {
			continue
		}
		logits, err := r.outputs(ctx, one)
		if err != nil {
			return v, d, false, err
		}
		if c.predictions(logits) == nil {
			return v, d, false, nil
		}
		seen[one.SeedData] = true
		classes := make([]int, len(labels))
		for i, class := range mlp.Predictions(logits, len(labels), c.Data.Out) {
			classes[i] = int(class)
		}
		logs := slices.Collect(slices.Chunk(mlp.LogProbabilities(c.Config.Output, logits, len(labels), c.Data.Out), c.Data.Out))
		answers, logP = append(answers, classes), append(logP, logs)
	}
	if len(answers) < 3 {
		return v, d, false, nil
	}
	return stat.DecomposeVotes(answers, labels, c.Data.Out), stat.DecomposeKL(logP, labels), true, nil
}

// predictions are the values whose squared error is decomposed: outputs of a
// regression, probabilities of classes. They are nil where none were kept.
func (c *Cell) predictions(logits []float32) []float64 {
	n := len(c.truth()) / max(1, c.Data.Out)
	if len(logits) == 0 || len(logits) != n*c.Data.Out {
		return nil
	}
	if !c.Regression() {
		return mlp.Probabilities(c.Config.Output, logits, n, c.Data.Out)
	}
	p := make([]float64, len(logits))
	for i, z := range logits {
		p[i] = float64(z)
		if c.Config.Output == "sigmoid" {
			p[i] = 1 / (1 + math.Exp(-p[i]))
		}
	}
	return p
}

// truth is what predictions are held against: the noise-free values where they
// are known, else the targets, or the labels one-hot.
func (c *Cell) truth() []float64 {
	if !c.Regression() {
		t := make([]float64, len(c.Data.TestLabels)*c.Data.Out)
		for i, label := range c.Data.TestLabels {
			t[i*c.Data.Out+int(label)] = 1
		}
		return t
	}
	values := c.Data.TestTruth
	if len(values) == 0 {
		values = c.Data.TestTargets
	}
	t := make([]float64, len(values))
	for i, v := range values {
		t[i] = float64(v)
	}
	return t
}

// TruthKnown says whether the noise can be told from the bias.
func (c *Cell) TruthKnown() bool { return c.Regression() && len(c.Data.TestTruth) > 0 }

// decompositions is the evidence on a sum of parts of the squared error.
func (r *Results) decompositions(ctx context.Context, operands []Operand) (evidence, error) {
	e := evidence{}
	factors, parts := make([]float64, len(operands)), make([]stat.Estimate, len(operands))
	var seeds [][]stat.Seeds
	for i, o := range operands {
		d, design, ok, err := r.decompose(ctx, o.Cell, o.runs)
		if err != nil {
			return e, err
		}
		if !ok {
			e.problem = fmt.Sprintf("%s has not the test outputs of two training sets", o.Cell.Label)
			return e, nil
		}
		if i == 0 {
			e.Design, e.Unit = design, UnitWords(design)
		}
		factors[i] = o.factor()
		parts[i] = map[string]stat.Estimate{"bias2": d.Bias2, "variance": d.Variance, "variance_data": d.Data,
			"variance_init": d.Init}[o.Stat]
		var used []stat.Seeds
		for _, set := range design.Sets {
			for _, k := range set {
				used = append(used, stat.Seeds(o.runs[k].Seeds()))
			}
		}
		seeds = append(seeds, used)
		e.Warnings = append(e.Warnings, d.Warnings...)
	}
	paired := true
	for _, s := range seeds {
		paired = paired && slices.Equal(s, seeds[0])
	}
	e.Difference = stat.Contrast(factors, paired, parts...)
	e.OverUnits = e.Difference
	e.looks = []stat.Difference{e.Difference}
	e.Warnings = slices.Concat(e.Warnings, designWarnings(e.Design))
	return e, nil
}
