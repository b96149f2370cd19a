package verdict

import (
	"math"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/report/stat"
)

// Selection is the metric of the validation split that cells like this one are
// chosen by, never one of test.
func (r *Results) Selection(c *Cell) metric.Metric {
	split, m, known := metric.Parse(r.Study.Select)
	if known && split == "valid" && (m.Regression || !c.Regression()) {
		return m
	}
	return c.Quality()
}

// Quality is the metric by which cells are compared: it means the same whatever
// loss they minimise.
func (c *Cell) Quality() metric.Metric {
	name := "error"
	if c.Regression() {
		name = "mse"
	}
	m, _ := metric.Named(name)
	return m
}

// Choose picks the cell with the best mean on validation, or nil if no cell has
// a validation split. A cell of which a run diverged is picked only if that is
// true of all of them: its mean speaks of the survivors.
func (r *Results) Choose(cells []*Cell) *Cell { return r.chooseOf(cells, every) }

// chooseOf is Choose by those runs that keep lets through.
func (r *Results) chooseOf(cells []*Cell, keep filter) *Cell {
	if len(cells) == 0 {
		return nil
	}
	m := r.Selection(cells[0])
	var best *Cell
	bestMean, bestClean := math.Inf(1), false
	for _, c := range cells {
		var values []float64
		for _, one := range c.Finished() {
			if v := one.Valid.At(m); keep(c, one) && isFinite(v) {
				values = append(values, v.V)
			}
		}
		s := stat.Describe(values)
		if s.N == 0 {
			continue
		}
		clean := len(c.With(store.Diverged)) == 0
		if best == nil || clean && !bestClean || clean == bestClean && s.Mean < bestMean {
			best, bestMean, bestClean = c, s.Mean, clean
		}
	}
	return best
}

// isFinite says whether there is a number that has a mean.
func isFinite(v store.Number) bool {
	return v.Valid && !math.IsNaN(v.V) && !math.IsInf(v.V, 0)
}
