package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/mlp"
	"nightshift/report/stat"
)

// decomposedCell is a cell, its place on the axis, and where its error comes from.
type decomposedCell struct {
	*cell
	at float64
	d  stat.Decomposition
}

// decomposeAll splits the error of those cells that can be split, in the order of
// their places on an axis.
func (r *results) decomposeAll(ctx context.Context, cells []*cell, x axis) ([]decomposedCell, error) {
	var all []decomposedCell
	for _, c := range cells {
		d, ok, err := r.decompose(ctx, c)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, decomposedCell{c, x.values[x.on(c)], d})
		}
	}
	slices.SortFunc(all, func(a, b decomposedCell) int { return cmp.Compare(a.at, b.at) })
	return all, nil
}

// decompose reads the predictions of a cell and splits their error. It says no
// where there are fewer than two training sets.
func (r *results) decompose(ctx context.Context, c *cell) (d stat.Decomposition, ok bool, err error) {
	if !slices.Contains(c.Varied(), "data") {
		return d, false, nil
	}
	bySet := map[uint64][]run{}
	var sets []uint64
	S := 0
	for _, one := range c.Finished() {
		if bySet[one.SeedData] == nil {
			sets = append(sets, one.SeedData)
		}
		bySet[one.SeedData] = append(bySet[one.SeedData], one)
		S = max(S, len(bySet[one.SeedData]))
	}
	var f [][][]float64
	for _, set := range sets {
		if len(bySet[set]) < S {
			continue
		}
		var predictions [][]float64
		for _, one := range bySet[set] {
			logits, err := r.db.Outputs(ctx, one.ID)
			if err != nil {
				return d, false, err
			}
			p := c.predictions(logits)
			if p == nil {
				return d, false, nil
			}
			predictions = append(predictions, p)
		}
		f = append(f, predictions)
	}
	if len(f) < 2 {
		return d, false, nil
	}
	noise := 0.0
	if c.truthKnown() {
		noise = c.Data.NoiseVariance
	}
	if d, err = stat.Decompose(f, c.truth(), noise); err != nil {
		return d, false, fmt.Errorf("%s: %w", c.Label, err)
	}
	if missing := len(sets) - len(f); missing > 0 {
		d.Warnings = append(d.Warnings, plural(missing, "training set")+" without all of its runs left out")
	}
	if !c.Regression() {
		// Per example, the squared errors of the classes are summed.
		d = d.Times(float64(c.Data.Out))
	}
	return d, true, nil
}

// predictions are the values whose squared error is decomposed: outputs of a
// regression, probabilities of classes. They are nil where none were kept.
func (c *cell) predictions(logits []float32) []float64 {
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
func (c *cell) truth() []float64 {
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

// truthKnown says whether the noise can be told from the bias.
func (c *cell) truthKnown() bool { return c.Regression() && len(c.Data.TestTruth) > 0 }
