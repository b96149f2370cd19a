package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Operand is what was measured of one term of a claim, times the term's factor.
type Operand struct {
	study.Term
	Cell    *Cell // nil for a number
	Matches int   // cells that have the places of the term

	values   []float64
	runs     []Run // that have these values
	share    stat.Proportion
	lacking  []string // how many runs have no value, and why
	problem  string   // why there is nothing to compare
	warnings []string // what has to be known about the values
}

// operand gathers what the study has of a term.
func (r *Results) operand(ctx context.Context, t study.Term) (Operand, error) {
	o := Operand{Term: t}
	if t.Measure == "" {
		return o, nil
	}
	cells := r.matching(t)
	o.Matches = len(cells)
	switch {
	case len(cells) == 0:
		o.problem = "no cell of the study is at " + placesOf(t.Where)
		return o, nil
	case t.Best:
		o.choose(r, cells)
	case len(cells) > 1:
		o.problem = fmt.Sprintf("%s are at %s", plural(len(cells), "cell"), placesOf(t.Where))
	default:
		o.Cell = cells[0]
	}
	if o.problem != "" {
		return o, nil
	}
	if t.Measure == "diverged" {
		o.count()
		return o, nil
	}
	return o, o.gather(ctx, r)
}

// matching finds the cells that a term speaks of as the study does.
func (r *Results) matching(t study.Term) []*Cell {
	var all study.Study
	for _, c := range r.Cells {
		all.Cells = append(all.Cells, study.Cell{Label: c.Label, Axes: c.Axes})
	}
	var cells []*Cell
	for _, m := range all.Matching(t) {
		at := slices.IndexFunc(r.Cells, func(c *Cell) bool { return c.Label == m.Label }) // labels are distinct
		cells = append(cells, r.Cells[at])
	}
	return cells
}

// placesOf words where a term looks.
func placesOf(where []study.Place) string {
	var places []string
	for _, p := range where {
		places = append(places, p.String())
	}
	if len(places) == 0 {
		return "the places of the claim"
	}
	return strings.Join(places, ", ")
}

// choose picks the best of some cells on validation. What is not finished could
// still turn out to be better.
func (o *Operand) choose(r *Results, cells []*Cell) {
	open, pruned := 0, 0
	for _, c := range cells {
		pruned += len(c.With(store.Pruned))
		open += len(c.Runs) - len(c.Finished()) - len(c.With(store.Pruned)) - len(c.With(store.Diverged))
	}
	o.Cell = r.Choose(cells)
	switch {
	case o.Cell == nil:
		o.problem = "no cell has finished runs with a validation split, so none is the best"
	case open > 0:
		o.Cell = nil
		o.problem = fmt.Sprintf("the best cell is not known before the %s left among %s have finished", plural(open, "run"),
			plural(len(cells), "cell"))
	case pruned > 0:
		o.warnings = append(o.warnings, fmt.Sprintf("the best of %s was chosen with %s pruned", plural(len(cells), "cell"),
			plural(pruned, "run")))
	}
}

// count counts the diverged runs among those with a result.
func (o *Operand) count() {
	diverged := len(o.Cell.With(store.Diverged))
	o.share = stat.Proportion{Hits: diverged, Trials: diverged + len(o.Cell.Finished()), Factor: o.Number}
	why := map[string]int{}
	for _, one := range o.Cell.Runs {
		if one.Status != store.Diverged && one.Status != store.Done {
			why[string(one.Status)]++
		}
	}
	o.lack(why)
}

// gather takes the measure of every run that has it.
func (o *Operand) gather(ctx context.Context, r *Results) error {
	why := map[string]int{}
	for _, one := range o.Cell.Runs {
		v, reason, err := r.value(ctx, o.Term, one)
		switch {
		case err != nil:
			return err
		case reason != "":
			why[reason]++
			continue
		}
		o.values = append(o.values, v*o.Number)
		o.runs = append(o.runs, one)
	}
	o.lack(why)
	return nil
}

// lack notes how many runs have no value, by the reason.
func (o *Operand) lack(why map[string]int) {
	for _, reason := range []string{"diverged", "pruned", "failed", "interrupted", "running", "pending", unmeasured, infinite} {
		if n := why[reason]; n > 0 {
			o.lacking = append(o.lacking, fmt.Sprintf("%d %s", n, reason))
		}
	}
}

// Estimate is the mean of the operand with its interval; that of a number is the
// number.
func (o Operand) Estimate() (n int, mean float64, ci stat.Interval) {
	if o.Cell == nil && o.Measure == "" {
		return 0, o.Number, stat.Interval{Lo: math.NaN(), Hi: math.NaN()}
	}
	if o.Measure == "diverged" {
		d := o.share.Over(0)
		return d.N, d.Mean, d.CI
	}
	d := stat.Describe(o.values)
	return d.N, d.Mean, d.CI
}

// same says whether two operands are one and the same measurement.
func (o Operand) same(p Operand) bool {
	return o.Cell != nil && o.Cell == p.Cell && o.Measure == p.Measure && o.Epoch == p.Epoch && o.Layer == p.Layer &&
		o.Number == p.Number
}
