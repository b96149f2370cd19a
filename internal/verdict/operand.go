package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Operand is what was measured of one term of a claim.
type Operand struct {
	study.Term
	Cell    *Cell    // nil where there is none, or several
	Matches int      // cells that have the places of the term
	Right   bool     // it stands on the right side of the claim
	Own     Estimate // of the term without its factor

	candidates []*Cell              // that have the places of the term
	along      []Operand            // of a trend: one for each place of its axis
	property   func(v float64) bool // of a share
	values     []float64            // by run
	runs       []*Run               // that have these values, in the study's order
	repeats    []stat.Run           // the same as statistics have them
	lacking    []string             // how many runs have no value, and why
	problem    string               // why there is nothing to compare
	warnings   []string             // what has to be known about the values
}

// locate finds the cells that a term speaks of.
func (r *Results) locate(t study.Term, right bool) Operand {
	o := operandOf(t)
	o.Right, o.candidates = right, r.matching(t)
	o.Matches = len(o.candidates)
	switch {
	case len(o.candidates) == 0:
		o.problem = "no cell of the study is at " + placesOf(t.Where)
	case t.Best || t.Stat == "trend":
	case len(o.candidates) > 1:
		o.problem = fmt.Sprintf("%s are at %s", number.Count(len(o.candidates), "cell"), placesOf(t.Where))
	default:
		o.Cell = o.candidates[0]
	}
	return o
}

// operandOf is a term before anything is known of its cells.
func operandOf(t study.Term) Operand {
	o := Operand{Term: t}
	if t.Stat == "share" {
		o.property = func(v float64) bool { return t.Relation == "<" && v < t.Bound || t.Relation == ">" && v > t.Bound }
	}
	return o
}

// fill gathers what the study has of a located term, of those runs that keep lets
// through.
func (r *Results) fill(ctx context.Context, o *Operand, keep filter) error {
	switch {
	case o.problem != "":
		return nil
	case o.Stat == "trend":
		return r.alongAxis(ctx, o, keep)
	case o.Best:
		if o.choose(r, keep); o.problem != "" {
			return nil
		}
	}
	return r.gather(ctx, o, keep)
}

// filter says which runs count.
type filter func(*Cell, *Run) bool

// every is the filter that lets all runs through.
func every(*Cell, *Run) bool { return true }

// measure gathers a measure of a cell.
func (r *Results) measure(ctx context.Context, t study.Term, c *Cell) (Operand, error) {
	o := Operand{Term: t, Cell: c, Matches: 1}
	return o, r.gather(ctx, &o, every)
}

// asGiven is the newest version of the study as far as its cells have runs, for looking them up.
func (r *Results) asGiven() *study.Study {
	s := &study.Study{Select: r.Study.Select}
	for _, c := range r.Cells {
		if c.Former {
			continue
		}
		s.Cells = append(s.Cells, study.Cell{Label: c.Label, Axes: c.Axes, Config: c.Config})
	}
	return s
}

// matching finds the cells that a term speaks of as the study does.
func (r *Results) matching(t study.Term) []*Cell {
	var cells []*Cell
	for _, m := range r.asGiven().Matching(t) {
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
func (o *Operand) choose(r *Results, keep filter) {
	open, pruned, failed, diverged := 0, 0, 0, 0
	for _, c := range o.candidates {
		for _, one := range c.planned() {
			switch {
			case !keep(c, one) || one.Status == store.Done:
			case one.Status == store.Diverged:
				diverged++
			case one.Status == store.Pruned:
				pruned++
			case one.Status == store.Failed:
				failed++
			default:
				open++
			}
		}
	}
	cells := o.candidates
	o.Cell = r.chooseOf(cells, keep)
	switch {
	case o.Cell == nil && open == 0 && !slices.ContainsFunc(cells, func(c *Cell) bool { return c.Config.Data.Valid != 0 }):
		o.problem = "there is no validation split, so none is the best"
	case o.Cell == nil && open == 0:
		var ended []string
		for _, s := range []struct {
			n    int
			word string
		}{{diverged, "diverged"}, {pruned, "pruned"}, {failed, "failed"}} {
			if s.n > 0 {
				ended = append(ended, fmt.Sprintf("%d %s", s.n, s.word))
			}
		}
		o.problem = fmt.Sprintf("no run of %s has a result on validation at the end of the training (%s), so none is the best",
			number.Count(len(cells), "cell"), strings.Join(ended, ", "))
	case open > 0:
		o.Cell = nil
		o.problem = fmt.Sprintf("the best cell is not known before the %s left among %s have finished", number.Count(open, "run"),
			number.Count(len(cells), "cell"))
	case failed > 0:
		o.Cell = nil
		o.problem = fmt.Sprintf("the best of %s is not known, since %s of them failed", number.Count(len(cells), "cell"),
			number.Count(failed, "run"))
	case pruned > 0:
		o.warnings = append(o.warnings, fmt.Sprintf("the best of %s was chosen with %s pruned", number.Count(len(cells), "cell"),
			number.Count(pruned, "run")))
	}
}

// alongAxis gathers a measure of the cells along an axis of numbers.
func (r *Results) alongAxis(ctx context.Context, o *Operand, keep filter) error {
	for _, c := range o.candidates {
		at := Operand{Term: o.Term, Cell: c, Matches: 1}
		if err := r.gather(ctx, &at, keep); err != nil {
			return err
		}
		o.along = append(o.along, at)
		for _, lacking := range at.lacking {
			o.lacking = append(o.lacking, lacking+" at "+c.PlaceWords())
		}
	}
	return nil
}

// number is the cell's place on an axis of numbers; NaN where it has none.
func (c *Cell) number(axis string) float64 {
	for _, a := range c.Axes {
		switch v := a.Value.(type) {
		case float64:
			if a.Axis == axis {
				return v
			}
		case int:
			if a.Axis == axis {
				return float64(v)
			}
		}
	}
	return math.NaN()
}

// outcomes says whether the distinct runs of the operand fall into two groups.
func (o Operand) outcomes() stat.Outcomes {
	if _, _, known := metric.Parse(o.Measure); !known {
		return stat.TwoOutcomes(nil, 0) // counts and shares of units are coarse
	}
	var distinct []float64
	for _, set := range stat.Classify(o.units()).Sets {
		for _, i := range set {
			distinct = append(distinct, o.values[i])
		}
	}
	return stat.TwoOutcomes(distinct, o.splitSize())
}

// splitSize is the number of examples that an error rate is over; 0 for what is no
// rate.
func (o Operand) splitSize() int {
	split, m, _ := metric.Parse(o.Measure)
	if m.Name != "error" {
		return 0
	}
	return o.Cell.Examples(split)
}

// isShare says whether the operand is a share of runs.
func (o Operand) isShare() bool { return o.Stat == "share" || o.Measure == "diverged" }

// ofPairs says whether the operand is a measure of pairs of runs.
func (o Operand) ofPairs() bool {
	return o.Stat == "disagreement" || o.Stat == "distance_between" || o.Stat == "barrier"
}

// factor is that of the operand in the left side minus the right.
func (o Operand) factor() float64 {
	if o.Right {
		return -o.Number
	}
	return o.Number
}

// same says whether two operands are one and the same measurement.
func (o Operand) same(p Operand) bool {
	return o.Cell != nil && o.Cell == p.Cell && o.Stat == p.Stat && o.Measure == p.Measure && o.Epoch == p.Epoch &&
		o.Layer == p.Layer && o.Aligned == p.Aligned && o.Number == p.Number && o.property == nil && p.property == nil
}

// Estimate is the term, times its factor, with its interval; NaN where there is none, as of two outcomes.
func (o Operand) Estimate() (n int, mean float64, ci stat.Interval) {
	if o.Own.N == 0 {
		return 0, math.NaN(), unknown
	}
	d := o.Own.Difference.Times(o.Number)
	if o.Own.TwoOutcomes() >= 0 {
		d.CI = unknown
	}
	return d.N, d.Mean, d.CI
}
