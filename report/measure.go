package report

import (
	"math"
	"strings"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/report/figure"
)

// measure is one number of a split, as figures show it.
type measure struct {
	key   string // in studies: error, mse, loss
	name  string // error, MSE, loss
	scale float64
	of    func(store.Metrics) store.Number

	short  string // on axes that have no room for the name; "" for the name
	signed bool   // it may be negative
	spread bool   // it is a distance of values: of shares in points
}

// measures are those of the table of metrics, by their names there.
var measures = func() map[string]measure {
	byName := map[string]measure{}
	for _, m := range metric.All() {
		byName[m.Name] = measure{key: m.Name, name: m.Title, scale: scaleOf(m.Percent),
			of: func(of store.Metrics) store.Number { return of.At(m) }}
	}
	return byName
}()

// percent is the scale of shares, which are stored from 0 to 1.
const percent = 100

// scaleOf is the factor from stored values to shown ones.
func scaleOf(share bool) float64 {
	if share {
		return percent
	}
	return 1
}

// split is one of the three parts of the data.
type split struct {
	name  string
	run   func(*store.Run) store.Metrics
	epoch func(store.Epoch) store.Metrics
}

var (
	train = split{"train", func(r *store.Run) store.Metrics { return r.Train },
		func(e store.Epoch) store.Metrics { return e.Train }}
	valid = split{"valid", func(r *store.Run) store.Metrics { return r.Valid },
		func(e store.Epoch) store.Metrics { return e.Valid }}
	test = split{"test", func(r *store.Run) store.Metrics { return r.Test }, func(e store.Epoch) store.Metrics { return e.Test }}
)

// long names the split in words.
func (s split) long() string {
	switch s.name {
	case train.name:
		return "training"
	case valid.name:
		return "validation"
	}
	return s.name
}

// measureOf finds a measure of a split by its name in a study, such as test_error.
func measureOf(name string) (split, measure, bool) {
	part, m, ok := metric.Parse(name)
	for _, s := range []split{train, valid, test} {
		if ok && s.name == part {
			return s, measures[m.Name], true
		}
	}
	return split{}, measure{}, false
}

// quality is the measure by which a block's cells are compared: it means the
// same whatever loss they minimise.
func (b *block) quality() measure { return b.cells[0].quality() }

func (c *cell) quality() measure { return measures[c.Quality().Name] }

// squaredError is the error that splits into bias², variance and noise: of a classification that of its probabilities.
func (c *cell) squaredError() measure {
	if c.Regression() {
		return measures["mse"]
	}
	return measures["brier"]
}

// final gives a measure of finished runs, and which of them have it, which nobody changes.
func final(runs []run, s split, m measure) (values []float64, of []run) {
	has := make([]bool, len(runs))
	for i := range runs {
		if v := m.of(s.run(&runs[i].Run)); v.Valid && !math.IsNaN(v.V) && !math.IsInf(v.V, 0) {
			values, has[i] = append(values, v.V*m.scale), true
		}
	}
	if len(values) == len(runs) {
		return values, runs
	}
	for i := range runs {
		if has[i] {
			of = append(of, runs[i])
		}
	}
	return values, of
}

// quantity words a value of the measure with its unit.
func (m measure) quantity(v float64) string { return number.Plain(v) + m.after() }

// after is the unit behind a value.
func (m measure) after() string {
	switch {
	case m.spread:
		return m.afterPoints()
	case m.scale == percent:
		return number.Space + "%"
	}
	return ""
}

// points words a difference of two values of the measure with its unit.
func (m measure) points(v float64) string { return number.Plain(v) + m.afterPoints() }

// afterPoints is the unit behind a difference.
func (m measure) afterPoints() string {
	if m.scale == percent {
		return number.Space + "points"
	}
	return ""
}

// unit is what labels say behind the name.
func (m measure) unit() string {
	switch {
	case m.spread && m.scale == percent:
		return " (points)"
	case m.scale == percent:
		return " (%)"
	}
	return ""
}

// label names the measure on a split ("" for any) with its unit.
func (m measure) label(split string) string { return strings.TrimSpace(split+" "+m.name) + m.unit() }

// axis is the vertical axis of the measure: from 0 to 100 % at most for an
// error, logarithmic for what falls by orders of magnitude.
func (m measure) axis(split string) figure.Axis {
	a := figure.Axis{Label: m.label(split), Zero: true}
	if m.scale == percent {
		a.Most = percent
	} else {
		a.Log = true
	}
	return a
}
