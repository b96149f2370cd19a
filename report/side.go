package report

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

// side is what was measured of one term of a claim, times the term's factor.
type side struct {
	study.Term
	cell    *cell // nil for a number
	matches int   // cells that have the places of the term
	values  []float64
	runs    []run // that have these values
	share   stat.Proportion
	lacking []string // how many runs have no value, and why
	problem string   // why there is nothing to compare
	remarks []string // what has to be known about the values
}

// layerMeasures are what claims can be about of one layer.
var layerMeasures = map[string]struct {
	measure
	of func(store.Layer) float64
}{
	"weight":    {measure{name: "weight norm", scale: 1}, func(l store.Layer) float64 { return l.Weight }},
	"gradient":  {measure{name: "gradient norm", scale: 1}, func(l store.Layer) float64 { return l.Gradient }},
	"update":    {measure{name: "update norm", scale: 1}, func(l store.Layer) float64 { return l.Update }},
	"distance":  {measure{name: "distance from the start", scale: 1}, func(l store.Layer) float64 { return l.Distance }},
	"mean":      {measure{name: "mean activation", scale: 1}, func(l store.Layer) float64 { return l.Mean }},
	"sd":        {measure{name: "SD of the activations", scale: 1}, func(l store.Layer) float64 { return l.SD }},
	"saturated": {measure{name: "saturated share", scale: 100}, func(l store.Layer) float64 { return l.Saturated }},
	"dead":      {measure{name: "dead share", scale: 100}, func(l store.Layer) float64 { return l.Dead }},
}

// metricOf is a measure of a split, such as test_error.
func metricOf(name string) (split, measure, bool) {
	s, m, _ := strings.Cut(name, "_")
	known, ok := measures[m]
	for _, one := range []split{train, valid, test} {
		if ok && one.name == s {
			return one, known, true
		}
	}
	return split{}, measure{}, false
}

// shown is the measure of a term as the report words it: shares in percent.
func (s side) shown() measure {
	if l, ok := layerMeasures[s.Measure]; ok {
		l.name += fmt.Sprintf(" of layer %d", s.Layer)
		return l.measure
	}
	switch part, m, ok := metricOf(s.Measure); {
	case ok:
		m.name = map[string]string{"train": "training", "valid": "validation", "test": "test"}[part.name] + " " + m.name
		return m
	case s.Measure == "diverged":
		return measure{name: "share of diverged runs", scale: 100}
	case s.Measure == "epochs":
		return measure{name: "epochs trained", scale: 1}
	}
	return measure{name: s.Measure, scale: 1}
}

// measured gathers what the study has of a term.
func (r *results) measured(ctx context.Context, t study.Term) (side, error) {
	s := side{Term: t}
	if t.Measure == "" {
		return s, nil
	}
	cells := r.matching(t)
	s.matches = len(cells)
	switch {
	case len(cells) == 0:
		s.problem = "no cell of the study is at " + places(t.Where)
		return s, nil
	case t.Best:
		s.choose(r, cells)
	case len(cells) > 1:
		s.problem = fmt.Sprintf("%s are at %s", plural(len(cells), "cell"), places(t.Where))
	default:
		s.cell = cells[0]
	}
	if s.problem != "" {
		return s, nil
	}
	if t.Measure == "diverged" {
		s.proportion()
		return s, nil
	}
	return s, s.gather(ctx, r)
}

// choose picks the best of some cells on validation. What is not finished could
// still turn out to be better.
func (s *side) choose(r *results, cells []*cell) {
	open, pruned := 0, 0
	for _, c := range cells {
		pruned += len(c.with(store.Pruned))
		open += len(c.runs) - len(c.finished()) - len(c.with(store.Pruned)) - len(c.with(store.Diverged))
	}
	at := slices.IndexFunc(r.blocks, func(b *block) bool { return slices.Contains(b.cells, cells[0]) })
	s.cell = r.choose(r.blocks[at], cells)
	switch {
	case s.cell == nil:
		s.problem = "no cell has finished runs with a validation split, so none is the best"
	case open > 0:
		s.cell = nil
		s.problem = fmt.Sprintf("the best cell is not known before the %s left among %s have finished", plural(open, "run"), plural(len(cells), "cell"))
	case pruned > 0:
		s.remarks = append(s.remarks, fmt.Sprintf("the best of %s was chosen with %s pruned", plural(len(cells), "cell"), plural(pruned, "run")))
	}
}

// proportion counts the diverged runs among those with a result.
func (s *side) proportion() {
	diverged := len(s.cell.with(store.Diverged))
	s.share = stat.Proportion{Hits: diverged, Trials: diverged + len(s.cell.finished()), Factor: s.Number}
	why := map[string]int{}
	for _, one := range s.cell.runs {
		if one.Status != store.Diverged && one.Status != store.Done {
			why[string(one.Status)]++
		}
	}
	s.lack(why)
}

// gather takes the measure of every run that has it.
func (s *side) gather(ctx context.Context, r *results) error {
	why := map[string]int{}
	for _, one := range s.cell.runs {
		v, reason, err := r.value(ctx, s.Term, one)
		switch {
		case err != nil:
			return err
		case reason != "":
			why[reason]++
			continue
		}
		s.values = append(s.values, v*s.Number)
		s.runs = append(s.runs, one)
	}
	s.lack(why)
	return nil
}

func (s *side) lack(why map[string]int) {
	for _, reason := range []string{"diverged", "pruned", "failed", "interrupted", "running", "pending", unmeasured, infinite} {
		if n := why[reason]; n > 0 {
			s.lacking = append(s.lacking, fmt.Sprintf("%d %s", n, reason))
		}
	}
}

// Why a run has no value, apart from its status.
const (
	unmeasured = "without the measurement"
	infinite   = "with a value that is not finite"
)

// value is a measure of one run, at an epoch or at the end of the training; the
// reason says why there is none. A run counts at the epochs that it has
// reached, whatever became of it; at the end only if it came there.
func (r *results) value(ctx context.Context, t study.Term, one run) (v float64, reason string, err error) {
	missing := unmeasured
	if one.Status != store.Done {
		missing = string(one.Status)
		if t.Epoch < 0 {
			return 0, missing, nil
		}
	}
	number := store.Number{}
	if t.Measure == "epochs" {
		number = store.Number{V: float64(one.Epochs), Valid: true}
	} else if part, m, ok := metricOf(t.Measure); ok {
		number = m.of(part.run(one.Run))
		if t.Epoch >= 0 {
			at := slices.IndexFunc(one.epochs, func(e store.Epoch) bool { return e.Epoch == t.Epoch })
			if at < 0 {
				return 0, missing, nil
			}
			number = m.of(part.epoch(one.epochs[at]))
		}
	} else {
		layers, err := r.layers(ctx, one)
		if err != nil {
			return 0, "", err
		}
		epoch := t.Epoch
		if epoch < 0 && len(layers) > 0 {
			epoch = layers[len(layers)-1].Epoch
		}
		for _, l := range layers {
			if l.Epoch == epoch && l.Layer == t.Layer-1 {
				v := layerMeasures[t.Measure].of(l)
				number = store.Number{V: v, Valid: true}
			}
		}
	}
	switch {
	case !number.Valid:
		return 0, missing, nil
	case math.IsNaN(number.V) && one.Status == store.Diverged:
		return 0, missing, nil
	case math.IsNaN(number.V) || math.IsInf(number.V, 0):
		return 0, infinite, nil
	}
	return number.V, "", nil
}

// estimate is the mean of the side with its interval; that of a number is the
// number.
func (s side) estimate() (n int, mean float64, ci stat.Interval) {
	if s.cell == nil && s.Measure == "" {
		return 0, s.Number, stat.Interval{Lo: math.NaN(), Hi: math.NaN()}
	}
	if s.Measure == "diverged" {
		d := s.share.Over(0)
		return d.N, d.Mean, d.CI
	}
	d := stat.Describe(s.values)
	return d.N, d.Mean, d.CI
}

// same says whether two sides are one and the same measurement.
func (s side) same(o side) bool {
	return s.cell != nil && s.cell == o.cell && s.Measure == o.Measure && s.Epoch == o.Epoch && s.Layer == o.Layer && s.Number == o.Number
}

// layers reads what was measured of a run's layers, once.
func (r *results) layers(ctx context.Context, one run) ([]store.Layer, error) {
	if known, ok := r.layersOf[one.ID]; ok {
		return known, nil
	}
	layers, err := r.db.Layers(ctx, one.ID)
	if err != nil {
		return nil, err
	}
	r.layersOf[one.ID] = layers
	return layers, nil
}

// matching finds the cells that a term speaks of as the study does.
func (r *results) matching(t study.Term) []*cell {
	var all study.Study
	for _, c := range r.cells {
		all.Cells = append(all.Cells, study.Cell{Label: c.label, Axes: c.axes})
	}
	var cells []*cell
	for _, m := range all.Matching(t) {
		at := slices.IndexFunc(r.cells, func(c *cell) bool { return c.label == m.Label }) // labels are distinct
		cells = append(cells, r.cells[at])
	}
	return cells
}

func places(where []study.Place) string {
	var words []string
	for _, p := range where {
		words = append(words, p.String())
	}
	if len(words) == 0 {
		return "the places of the claim"
	}
	return strings.Join(words, ", ")
}
