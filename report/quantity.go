package report

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
)

// quantity is what a term measures, as figures show it: the name has the split and the layer.
func quantity(t study.Term) measure {
	m := measure{name: t.Measure, scale: 1}
	split, of, onSplit := metric.Parse(t.Measure)
	layer, ofLayer := metric.LayerNamed(t.Measure)
	derived, computed := metric.DerivedNamed(t.Measure)
	switch {
	case onSplit:
		m = measures[of.Name]
		m.name = splitNamed(split).long() + " " + m.name
	case ofLayer:
		m = measure{name: layer.Title, short: layer.Title, scale: scaleOf(layer.Percent), signed: layer.Signed}
		if t.Layer > 0 {
			m.name = fmt.Sprintf("%s of layer %d", m.name, t.Layer)
		}
	case computed:
		m = measure{name: "test " + derived.Title, scale: scaleOf(derived.Percent), signed: derived.Regression}
	case t.Measure == "diverged":
		m = measure{name: "share of runs that diverged", scale: percent}
	case t.Measure == "epochs":
		m = measure{name: "number of epochs", scale: 1}
	case t.Measure == study.UnitCorrelation:
		m = measure{name: fmt.Sprintf("mean cosine of the units of layer %d", t.Layer), short: "mean cosine of units",
			scale: 1, signed: true}
	}
	if t.Stat != "" {
		m = statistic(t, m)
	}
	if m.short == "" {
		m.short = m.name
	}
	if t.Epoch >= 0 {
		m.name += fmt.Sprintf(" after epoch %d", t.Epoch)
	}
	return m
}

// statistic is that of a measure.
func statistic(t study.Term, of measure) measure {
	switch t.Stat {
	case "share":
		side := map[string]string{"<": "below", ">": "above"}[t.Relation]
		return measure{short: "share of runs", name: fmt.Sprintf("share of runs with %s %s %s", of.name, side,
			number.Written(t.Bound*of.scale)+of.after()), scale: percent}
	case "sd":
		return measure{name: "SD of " + of.name, short: "SD of " + cmp.Or(of.short, of.name), scale: of.scale, spread: true}
	case "disagreement":
		return measure{name: "test examples that two runs answer differently", short: "answered differently", scale: percent}
	case "distance_between", "barrier":
		name := map[string]string{"distance_between": "distance between two runs", "barrier": "barrier between two runs"}[t.Stat]
		if t.Aligned {
			name += ", units aligned"
		}
		return measure{name: name, scale: 1}
	}
	name := map[string]string{"bias2": "bias²", "variance": "variance", "variance_data": "variance by training sets",
		"variance_init": "variance by initial weights"}[t.Stat]
	return measure{name: name, scale: 1, signed: true}
}

// splitNamed is the split of a name.
func splitNamed(name string) split {
	for _, s := range []split{train, valid, test} {
		if s.name == name {
			return s
		}
	}
	return split{}
}

// spelling is how a study file spells what the term measures, apart from the split, and the split.
func spelling(t study.Term) (name, split string) {
	if part, m, ok := metric.Parse(t.Measure); ok && t.Stat == "" {
		return m.Name, part
	}
	t.Layer, t.Epoch, t.Where, t.Best = 0, -1, nil, false
	return t.Statistic(), ""
}

// measured is a statistic of a cell in the scale of its measure, with the values of single runs.
type measured struct {
	estimate
	values []float64
	of     []run
}

// statistic gives the statistic of a term of a cell, as a claim has it.
func (r *results) statistic(ctx context.Context, t study.Term, c *cell) (measured, error) {
	m := quantity(t)
	v, err := r.Of(ctx, t, c.Cell)
	if err != nil {
		return measured{}, err
	}
	one := measured{estimate: m.scaled(v.Estimate)}
	if t.Stat != "" || t.Measure == "diverged" || v.N == 0 {
		return one, nil // values of single runs are something else
	}
	for i, value := range v.Values {
		one.values, one.of = append(one.values, value*m.scale), append(one.of, v.Runs[i])
	}
	return one, nil
}

// termDifference gives the difference of two cells, a in t less b in u.
func (r *results) termDifference(ctx context.Context, t, u study.Term, a, b *cell) (estimate, error) {
	v, err := r.Between(ctx, t, u, a.Cell, b.Cell)
	return quantity(t).scaled(v.Estimate), err
}

// has says whether there is a value at all.
func (e measured) has() bool { return e.Design.Units() > 0 && !math.IsNaN(e.Mean) }

// origin says where a value of a cell comes from.
func (c *cell) origin(t study.Term) figure.Origin {
	o := figure.Origin{Layer: t.Layer}
	o.Measure, o.Split = spelling(t)
	for _, name := range c.axes {
		if v, ok := c.axisValue(name); ok {
			o.Places = append(o.Places, figure.Place{Axis: name, Label: v.Label})
		}
	}
	return o
}

// pointOf is the statistic as a point of a figure.
func (c *cell) pointOf(e estimate, x float64, t study.Term) figure.Point {
	p := e.point(x)
	p.N, p.Unit, p.Origin = e.N, verdict.UnitWords(e.Design), c.origin(t)
	return p
}

// resolution is the smallest difference of a rate over the examples of some cells, or of a share of their runs, that means
// something; 0 for any.
func (m measure) resolution(t study.Term, cells []*cell) float64 {
	most := 0
	if t.Stat == "share" { // whose interval takes two runs more even where all agree
		for _, c := range cells {
			most = max(most, len(c.Runs))
		}
		return 2 * m.step(most)
	}
	part, of, ok := metric.Parse(t.Measure)
	if !ok || of.Name != "error" || t.Stat != "" {
		return 0
	}
	for _, c := range cells {
		most = max(most, c.examples(splitNamed(part), measures["error"]))
	}
	return m.step(most)
}

// step is what one of n changes of a rate; 0 where there is none.
func (m measure) step(n int) float64 {
	if n == 0 {
		return 0
	}
	return m.scale / float64(n)
}

// axisOf is the vertical axis of some measures that share their unit.
func axisOf(terms []study.Term, cells []*cell) figure.Axis {
	m := quantity(terms[0])
	a := figure.Axis{Label: m.short + m.unit(), Zero: !m.signed, Step: m.resolution(terms[0], cells)}
	if m.scale == percent {
		a.Most = percent
	}
	if len(terms) > 1 {
		a.Label = common(terms) + m.unit()
	}
	return a
}

// common is the name that some measures share: that of their metric.
func common(terms []study.Term) string {
	name, _ := spelling(terms[0])
	if m, ok := measures[name]; ok {
		return m.name
	}
	return quantity(terms[0]).name
}
