package report

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"nightshift/internal/store"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// measure is one number of a split, as figures show it.
type measure struct {
	name  string // error, mse, loss
	unit  string // appended to labels
	scale float64
	of    func(store.Metrics) store.Number
}

var measures = map[string]measure{
	"loss":  {"loss", "", 1, func(m store.Metrics) store.Number { return m.Loss }},
	"error": {"error", " (%)", 100, func(m store.Metrics) store.Number { return m.Error }},
	"mse":   {"MSE", "", 1, func(m store.Metrics) store.Number { return m.MSE }},
	"nll":   {"NLL", "", 1, func(m store.Metrics) store.Number { return m.NLL }},
	"brier": {"Brier score", "", 1, func(m store.Metrics) store.Number { return m.Brier }},
	"ece":   {"ECE", "", 1, func(m store.Metrics) store.Number { return m.ECE }},
}

// split is one of the three parts of the data.
type split struct {
	name  string
	run   func(store.Run) store.Metrics
	epoch func(store.Epoch) store.Metrics
}

var (
	train = split{"train", func(r store.Run) store.Metrics { return r.Train }, func(e store.Epoch) store.Metrics { return e.Train }}
	valid = split{"valid", func(r store.Run) store.Metrics { return r.Valid }, func(e store.Epoch) store.Metrics { return e.Valid }}
	test  = split{"test", func(r store.Run) store.Metrics { return r.Test }, func(e store.Epoch) store.Metrics { return e.Test }}
)

// quality is the measure by which a block's cells are compared: it means the
// same whatever loss they minimise.
func (b *block) quality() measure { return b.cells[0].quality() }

func (c *cell) quality() measure {
	if c.regression() {
		return measures["mse"]
	}
	return measures["error"]
}

// final gives a measure of finished runs, and which of them have it.
func final(runs []run, s split, m measure) (values []float64, of []run) {
	for _, r := range runs {
		if v := m.of(s.run(r.Run)); v.Valid && !math.IsNaN(v.V) && !math.IsInf(v.V, 0) {
			values = append(values, v.V*m.scale)
			of = append(of, r)
		}
	}
	return values, of
}

// describe gives a measure over the finished runs of a cell.
func (c *cell) describe(s split, m measure) stat.Sample {
	values, _ := final(c.finished(), s, m)
	return stat.Describe(values)
}

// selection is what configurations are chosen by: a measure on the validation
// split, never on test.
func (r *results) selection(b *block) measure {
	if name, ok := strings.CutPrefix(r.study.Select, "valid_"); ok {
		if m, known := measures[name]; known && (!b.cells[0].regression() || name == "loss" || name == "mse") {
			return m
		}
	}
	return b.quality()
}

// choose picks the cell with the best mean on validation, or nil if no cell has
// a validation split. A cell of which a run diverged is picked only if that is
// true of all of them: its mean speaks of the survivors.
func (r *results) choose(b *block, cells []*cell) *cell {
	m := r.selection(b)
	var best *cell
	bestMean, bestClean := math.Inf(1), false
	for _, c := range cells {
		s := c.describe(valid, m)
		if s.N == 0 {
			continue
		}
		clean := len(c.with(store.Diverged)) == 0
		if best == nil || clean && !bestClean || clean == bestClean && s.Mean < bestMean {
			best, bestMean, bestClean = c, s.Mean, clean
		}
	}
	return best
}

// number words a value with the digits that a reader can use.
func number(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "–"
	case a == 0:
		return "0"
	case a >= 100:
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	case a >= 1:
		return fmt.Sprintf("%.2f", v)
	case a >= 0.0001:
		digits := 1 - int(math.Floor(math.Log10(a)))
		return fmt.Sprintf("%.*f", digits, v)
	}
	mantissa, exponent, _ := strings.Cut(fmt.Sprintf("%.1e", v), "e-")
	return mantissa + "e-" + strings.TrimLeft(exponent, "0")
}

// quantity words a value of the measure with its unit.
func (m measure) quantity(v float64) string {
	if m.scale == 100 {
		return number(v) + " %"
	}
	return number(v)
}

// points words a difference of two values of the measure.
func (m measure) points(v float64) string {
	if m.scale == 100 {
		return number(v) + " points"
	}
	return number(v)
}

// interval words a 95 % interval.
func interval(i stat.Interval) string {
	if !i.Known() {
		return "no interval"
	}
	return fmt.Sprintf("95 %% CI %s to %s", number(i.Lo), number(i.Hi))
}

// label names the measure on a split ("" for any) with its unit.
func (m measure) label(split string) string { return strings.TrimSpace(split+" "+m.name) + m.unit }

// axis is the vertical axis of the measure: from 0 to 100 % at most for an
// error, logarithmic for what falls by orders of magnitude.
func (m measure) axis(split string) figure.Axis {
	a := figure.Axis{Label: m.label(split), Zero: true}
	if m.name == "error" {
		a.Most = 100
	} else {
		a.Log = true
	}
	return a
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// sentence makes the first letter a capital one, unless the word is a name with
// signs in it.
func sentence(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if strings.ContainsAny(first, "+=_-.0123456789") {
		return s
	}
	letter, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(letter)) + s[size:]
}
