package report

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

func mustRead(t testing.TB, n *night) *results {
	t.Helper()
	r, err := read(t.Context(), n.save(t), n.study.Study, Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// build makes the figures of one kind.
func build(t testing.TB, r *results, name string) []figure.Figure {
	t.Helper()
	at := slices.IndexFunc(figureKinds, func(k figureKind) bool { return k.name == name })
	return buildAs(t, r, asked(r, figureKinds[at]))
}

// buildAs makes the figures that a study asks for.
func buildAs(t testing.TB, r *results, f study.Figure) []figure.Figure {
	t.Helper()
	all, err := kindOf(f).ofAll(t.Context(), r, f)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// asked is a figure of a kind that a study with these results could ask for.
func asked(r *results, k figureKind) study.Figure {
	f := study.Figure{Kind: k.name, Text: k.name, Epoch: -1}
	if k.measures == 0 {
		return f
	}
	t := study.Term{Number: 1, Measure: "test_error", Epoch: -1}
	if len(r.cells) > 0 {
		t.Measure = "test_" + r.cells[0].quality().key
	}
	f.Measures = []study.Term{t}
	var axes []string
	if len(r.blocks) > 0 {
		for _, x := range r.blocks[0].axes {
			axes = append(axes, x.name)
		}
	}
	if slices.Contains(k.must, "x") {
		axes = append([]string{study.Epoch}, axes...)
		f.X = axes[len(axes)-1]
	}
	if slices.Contains(k.must, "y") {
		f.Y = axes[max(0, len(axes)-2)]
	}
	return f
}

// Every kind of figure keeps these laws whatever the store holds: no error, and
// of what is drawn a title, an alternative text, a statement and data.
func TestKinds(t *testing.T) {
	t.Parallel()
	nights := map[string]func() *night{
		"full": full, "one pool": onePool, "nested": nested, "factorial": solving, "many cells": manyCells, "one cell": oneCell,
		"halved": halved,
		"empty":  func() *night { return newNight("empty", "") }, "one run": oneRun, "one seed": oneSeed,
		"trained glyphs": again(trainedGlyphs()), "trained xor": again(trainedXOR()), "trained sine": again(trainedSine()),
		"all pending":     func() *night { return fate("") },
		"all diverged":    func() *night { return fate(store.Diverged) },
		"all interrupted": func() *night { return fate(store.Interrupted) },
		"all failed":      func() *night { return fate(store.Failed) }, "all pruned": func() *night { return fate(store.Pruned) },
	}
	// Of these, which together have every kind, figures are made twice, from two stores; NIGHTSHIFT_LONG has all of them.
	rich := []string{"one pool", "many cells", "factorial", "halved", "trained glyphs", "trained xor", "trained sine"}
	drawnOf, drawnTwice := map[string]bool{}, map[string]bool{}
	for name, plan := range nights {
		t.Run(name, func(t *testing.T) {
			r := mustRead(t, plan())
			again := r
			twice := os.Getenv("NIGHTSHIFT_LONG") != "" || slices.Contains(rich, name)
			if twice {
				again = mustRead(t, plan())
			}
			for _, k := range figureKinds {
				first := build(t, r, k.name)
				second := first
				if twice {
					second = build(t, again, k.name)
				}
				if len(first) != len(second) {
					t.Fatalf("%s: %d figures, then %d", k.name, len(first), len(second))
				}
				for i, f := range first {
					drawnOf[k.name] = true
					t.Run(f.Name, func(t *testing.T) {
						checkWords(t, f)
						checkPanels(t, f)
						drawn := checkData(t, f)
						if twice {
							drawnTwice[k.name] = true
							checkSame(t, f, second[i], drawn)
						}
					})
				}
			}
			if page := pageOf(t, r); !strings.Contains(page, "</html>") || strings.Contains(page, "NaN to") ||
				strings.Contains(page, "%!") {
				t.Error("there is no whole page")
			}
		})
	}
	for _, k := range figureKinds {
		if !drawnTwice[k.name] {
			t.Errorf("no night has figure %s made twice", k.name)
		}
		if !drawnOf[k.name] || k.needs == "" || k.doc == "" {
			t.Errorf("no night shows figure %s, or nothing says what it is and needs", k.name)
		}
	}
}

// fate is the night that every figure can be made of, all its runs ended the
// same way; "" is not at all.
func fate(status store.Status) *night {
	n := full()
	for i := range n.results {
		r := &n.results[i]
		r.Run.Status = status
		for j := range r.Layers {
			r.Layers[j].Dead = 0.5
		}
	}
	if status == "" {
		n.results = nil
	}
	return n
}

// oneRun has a single run.
func oneRun() *night {
	n := oneCell()
	n.members, n.runs, n.results = n.members[:1], n.runs[:1], n.results[:1]
	return n
}

func checkWords(t *testing.T, f figure.Figure) {
	for what, text := range map[string]string{"name": f.Name, "title": f.Title, "alt text": f.Alt, "statement": f.Statement,
		"key": f.Key} {
		if text == "" {
			t.Errorf("no %s", what)
		}
		if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || strings.Contains(text, "%!") ||
			strings.Contains(text, "  ") {
			t.Errorf("%s: %q", what, text)
		}
	}
	if !regexp.MustCompile(`^[a-z0-9-]+$`).MatchString(f.Name) {
		t.Errorf("name %q is not one of a file", f.Name)
	}
	for _, w := range f.Warnings {
		if !strings.HasSuffix(w, ".") || strings.Contains(w, "NaN") {
			t.Errorf("warning %q", w)
		}
	}
}

func checkPanels(t *testing.T, f figure.Figure) {
	if len(f.Panels) == 0 || len(f.Panels) > figure.MaxPanels || f.Columns < 1 || f.Columns > 3 {
		t.Fatalf("%d panels in %d columns", len(f.Panels), f.Columns)
	}
	titles := map[string]bool{}
	for _, p := range f.Panels {
		if p.Pictures != nil || p.Diagram != nil {
			continue
		}
		if p.X.Label == "" || p.Y.Label == "" && p.Y.Categories == nil {
			t.Errorf("panel %q: axes %q and %q", p.Title, p.X.Label, p.Y.Label)
		}
		if titles[p.Title] && p.Title != "" {
			t.Errorf("two panels are called %q", p.Title)
		}
		titles[p.Title] = true
		points, lines := len(p.Cells), 0
		styles := map[figure.Style]string{}
		for _, s := range p.Series {
			points += len(s.Means)
			for _, m := range s.Means {
				if math.IsNaN(m.Y) || math.IsInf(m.Y, 0) {
					t.Errorf("panel %q, %s: mean %g", p.Title, s.Label, m.Y)
				}
				value := m.Y
				if s.Along {
					value = m.X
				}
				if m.Interval.Known() && !m.Interval.Contains(value) {
					t.Errorf("panel %q, %s: the mean %g is outside of %v", p.Title, s.Label, value, m.Interval)
				}
			}
			for _, one := range s.Repeats {
				points += len(one.Points)
			}
			if s.Line {
				lines++
			}
			if other, taken := styles[s.Style]; taken && s.Line && other != s.Label {
				t.Errorf("panel %q: %q and %q look the same", p.Title, other, s.Label)
			}
			styles[s.Style] = s.Label
		}
		if points == 0 {
			t.Errorf("panel %q is empty", p.Title)
		}
		if lines > 6 {
			t.Errorf("panel %q has %d lines", p.Title, lines)
		}
	}
}

// checkData gives the figure as an SVG.
func checkData(t *testing.T, f figure.Figure) (drawn []byte) {
	rows, err := csv.NewReader(bytes.NewReader(f.CSV())).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Errorf("CSV of %d rows: %v", len(rows), err)
	}
	drawn = drawnAs(t, f)
	if outside := placeOutside.Find(drawn); outside != nil {
		t.Errorf("%s has a place at %s", f.Name, outside)
	}
	return drawn
}

// placeOutside is a coordinate of a drawing that no page has.
var placeOutside = regexp.MustCompile(` [dxy]="[^"]*[0-9]{5}`)

// checkSame holds a figure, drawn so, against the one of the same data in another store.
func checkSame(t *testing.T, f, again figure.Figure, drawn []byte) {
	words := func(f figure.Figure) []string { return append([]string{f.Name, f.Statement, f.Alt}, f.Warnings...) }
	if same := bytes.Equal(drawn, drawnAs(t, again)) && bytes.Equal(f.CSV(), again.CSV()) &&
		slices.Equal(words(f), words(again)); !same {
		t.Errorf("the same data give different figures:\n%s", cmp.Diff(f, again, cmpopts.EquateNaNs()))
	}
}

func drawnAs(t *testing.T, f figure.Figure) []byte {
	t.Helper()
	drawn, err := f.Draw("svg", figure.DefaultSize())
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

// oneSeed has a single run in every cell.
func oneSeed() *night {
	n := newNight("alone", "Is one seed enough?")
	n.glyphs(1, 0.1, 1)
	return n
}

// nested has two initialisations on every training set.
func nested() *night {
	n := newNight("nested", "Data or initial weights?")
	n.sine(6, 2, 2, 8, 32)
	return n
}

// manyCells has more learning rates than a figure has room for panels.
func manyCells() *night {
	n := newNight("many", "Which learning rate?")
	lrs := []float64{}
	for i := range 16 {
		lrs = append(lrs, math.Round(1e4*math.Pow(10, -2+float64(i)/5))/1e4)
	}
	n.glyphs(3, lrs...)
	return n
}

// oneCell has many seeds of one configuration.
func oneCell() *night {
	n := newNight("seeds", "Do different seeds end in the same minimum?")
	n.glyphs(20, 0.1)
	keep := n.runs[1].Cell
	n.members = slices.DeleteFunc(n.members, func(m store.StudyRun) bool {
		at := slices.IndexFunc(n.runs, func(r store.Run) bool { return r.ID == m.RunID })
		return n.runs[at].Cell != keep
	})
	n.runs = slices.DeleteFunc(n.runs, func(r store.Run) bool { return r.Cell != keep })
	n.results = slices.DeleteFunc(n.results, func(r store.Result) bool { return r.Run.Cell != keep })
	return n
}
