package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// Where the runs of a cell fall into two groups, no figure draws their mean, and the
// words give the share of each with Wilson's interval and the median.
func TestTwoOutcomes(t *testing.T) {
	t.Parallel()
	n := newNight("two", "")
	var runs []planned
	for i := range uint64(20) {
		e := 0.02 + 0.0002*float64(i)
		if i >= 12 {
			e = 0.5 + 0.0002*float64(i)
		}
		runs = append(runs, planned{init: i, order: i, err: e})
	}
	n.cellOf(0.1, runs...)
	n.cellOf(1, runs[:12]...)
	n.cellOf(10, runs[:12]...)
	r := mustRead(t, n)
	w := stat.Wilson(12, 20)
	want := fmt.Sprintf("two outcomes, 12 of 20 near 2.11 %% (60 %%, 95 %% CI %.0f to %.0f) and 8 of 20 near", 100*w.Lo, 100*w.Hi)
	for _, kind := range []string{"curves", "seeds", "lr"} {
		for _, f := range build(t, r, kind) {
			said := plainSpaces(f.Statement + strings.Join(f.Warnings, " "))
			if f.Name != "curves-loss" && !strings.Contains(said, want) {
				t.Errorf("%s does not say %q: %s", f.Name, want, said)
			}
			if !strings.Contains(f.Key, "Where runs fall into two groups: their median (in outlines), without an interval.") {
				t.Errorf("%s: key %q", f.Name, f.Key)
			}
			for _, p := range f.Panels {
				for _, s := range p.Series {
					for _, m := range s.Means {
						value := m.Y
						if s.Along {
							value = m.X
						}
						if !m.Median && (value > 3 && value < 50 || value > 0.03 && value < 0.5 && value != 0.1) && kind != "curves" {
							t.Errorf("%s: a mean of two outcomes at %+v", f.Name, m)
						}
						if m.Median && m.Interval.Known() {
							t.Errorf("%s: a median with a bar: %+v", f.Name, m)
						}
					}
				}
			}
		}
	}
	if table := r.table(r.blocks[0], nil); !slices.ContainsFunc(table.Rows[0].Entries, func(e entry) bool {
		return e.Text == "two outcomes" && strings.HasPrefix(e.Small, "12 × 2.1")
	}) {
		t.Errorf("table row %+v", table.Rows[0])
	}
}

// Means of rates stay within 0 and 100 %.
func TestIntervalsAreClipped(t *testing.T) {
	t.Parallel()
	n := newNight("clipped", "")
	n.cellOf(0.1, planned{init: 0, err: 0}, planned{init: 1, err: 0}, planned{init: 2, err: 0.02})
	n.cellOf(1, planned{init: 0, err: 1}, planned{init: 1, err: 0.99}, planned{init: 2, err: 0.93})
	r := mustRead(t, n)
	for i, want := range []float64{0, 100} {
		ci := r.cells[i].estimate(test, measures["error"]).CI
		if ends := []float64{ci.Lo, ci.Hi}; ends[i] != want {
			t.Errorf("interval %v, want it to end at %g", ci, want)
		}
	}
}

// answering adds a cell whose runs get the first so many of the test examples wrong,
// with the outputs that say so.
func (n *night) answering(lr float64, examples int, wrong ...int) {
	labels := make([]int32, examples)
	n.datasets["glyphs"] = store.Dataset{ID: "glyphs", Out: 2, In: 2, Classes: []string{"a", "b"}, TestLabels: labels,
		Spec: []byte("{}")}
	for seed, count := range wrong {
		c := study.Config{Data: dataset.Spec{Set: "glyphs"}}
		c.LR, c.Output, c.Loss = lr, "softmax", "ce"
		r := n.add([]study.AxisValue{{Axis: "lr", Label: figure.Decimal(lr), Value: lr}}, c, study.Seeds{Init: uint64(seed)})
		outputs := make([]float32, 0, 2*examples)
		for i := range examples {
			if i < count {
				outputs = append(outputs, 0, 1)
			} else {
				outputs = append(outputs, 1, 0)
			}
		}
		rate := store.Metrics{Loss: known(0.1), Error: known(float64(count) / float64(examples))}
		start := store.Metrics{Loss: known(0.7), Error: known(0.5)}
		n.finish(r, store.Done, []store.Epoch{{Train: start, Valid: start, Test: start},
			{Epoch: 1, Train: rate, Valid: rate, Test: rate}}, outputs)
	}
}

// 0 wrong of 20 examples is 0 to 16 %, whatever the number of seeds: Wilson's
// interval 0 to z²/(20+z²). Where seeds and examples both vary, both parts are said.
func TestTestExamples(t *testing.T) {
	t.Parallel()
	n := newNight("examples", "")
	n.answering(0.1, 20, 0, 0, 0, 0, 0)
	r := mustRead(t, n)
	z2 := 1.959963984540054 * 1.959963984540054
	e := r.cells[0].estimate(test, measures["error"])
	if e.Mean != 0 || e.CI.Lo != 0 || math.Abs(e.CI.Hi-100*z2/(20+z2)) > 1e-9 {
		t.Errorf("0 of 20: %g in %v, want 0 to %g", e.Mean, e.CI, 100*z2/(20+z2))
	}
	if said := plainSpaces(measures["error"].words(e)); said != "0.0 % (95 % CI 0.0 to 16.1; "+
		"over seeds ±0.0, with the 20 test examples ±8.1)" {
		t.Errorf("0 of 20: %q", said)
	}

	n = newNight("both", "")
	n.answering(0.1, 100, 10, 12, 11, 13, 9)
	n.answering(1, 100, 20, 22, 21, 24, 23)
	r = mustRead(t, n)
	e = r.cells[0].estimate(test, measures["error"])
	over := stat.Describe([]float64{10, 12, 11, 13, 9})
	if half := (over.CI.Hi - over.CI.Lo) / 2; math.Abs(e.halfUnits-half) > 1e-9 || e.halfExamples <= half {
		t.Errorf("±%g over seeds, ±%g with examples; want ±%g and more", e.halfUnits, e.halfExamples, half)
	}
	for _, kind := range []string{"lr", "curves"} {
		f := build(t, r, kind)[0]
		if said := plainSpaces(f.Statement); !strings.Contains(said, "; over seeds ±2.0, with the 100 test examples ±6.2)") {
			t.Errorf("%s: %s", f.Name, said)
		}
	}
	if f := build(t, r, "lr")[0]; !strings.Contains(f.Key, "one training set, and over the test examples;") {
		t.Errorf("key %q", f.Key)
	}
}

// Validation examples that are a fraction of a table are counted: by them a choice is doubted, rates are coarse and the optimism
// of a choice is uncertain.
func TestValidationIsAFractionOfAFile(t *testing.T) {
	t.Parallel()
	n := newNight("fraction", "")
	n.answering(0.1, 30, 3, 4, 5, 4, 3)
	n.answering(1, 30, 13, 14, 15, 14, 13)
	for i := range n.runs {
		var c study.Config
		if err := json.Unmarshal(n.runs[i].Config, &c); err != nil {
			t.Fatal(err)
		}
		c.Data.Set, c.Data.Valid, c.Data.Test = "csv", 0.2, 0.3
		n.runs[i].Config, _ = json.Marshal(c)
	}
	r := mustRead(t, n)
	facts := strings.ReplaceAll(strings.Join(r.facts(), " "), number.Space, " ")
	want := "It was chosen on about 20 validation examples, each of which is about 5.00 points of that error."
	if !strings.Contains(facts, want) {
		t.Errorf("nothing of %q in %s", want, facts)
	}
	gap, err := r.Optimism(t.Context(), r.cells[0].Cell)
	if err != nil || gap.Validation != 20 || gap.HalfExamples() < 0.1 {
		t.Errorf("over %d validation examples, ±%g, %v", gap.Validation, gap.HalfExamples(), err)
	}
}

// A place with two outcomes is not compared by its mean in a ranking; a share counts the runs that diverged; and what is said of
// a cell is said once, however many panels it stands in.
func TestOutcomesAreNotMeans(t *testing.T) {
	t.Parallel()
	n := newNight("places", "")
	for lr, errs := range map[float64][]float64{0.1: {0.1, 0.11, 0.12, 0.13, 0.14, 0.15}, 1: {0.1, 0.1, 0.11, 0.9, 0.9, 0.9},
		10: {0.5, 0.51, 0.52, 0.53, 2, 2}, 100: {0.4, 0.41, 0.42, 0.43, 0.44, 0.45}} {
		var runs []planned
		for seed, e := range errs {
			runs = append(runs, planned{init: uint64(seed), order: uint64(seed), err: e, diverged: e > 1})
		}
		n.cellOf(lr, runs...)
	}
	r := mustRead(t, n)
	ranked := buildAs(t, r, study.Figure{Kind: "dots", By: lrAxis, Against: "0.1", Epoch: -1,
		Measures: []study.Term{{Number: 1, Measure: "test_error", Epoch: -1}}})[0]
	const want = "Not compared by the mean, since one of both has two outcomes: lr=1. Not compared, since what other runs show need not " +
		"hold for those that are lost: lr=10 (of 6 runs 2 diverged). Holm for 1 comparison"
	if !strings.Contains(ranked.Statement, want) {
		t.Errorf("nothing of %q in %q", want, ranked.Statement)
	}
	none := buildAs(t, r, study.Figure{Kind: "dots", By: lrAxis, Against: "1", Epoch: -1,
		Measures: []study.Term{{Number: 1, Measure: "test_error", Epoch: -1}}})[0]
	if none.Title != "Test error by learning rate" || strings.Contains(none.Statement, "Holm") {
		t.Errorf("nothing is compared, but %q, %q", none.Title, none.Statement)
	}
	if !strings.HasSuffix(ranked.Title, "; lr=1 and lr=10 not compared") {
		t.Errorf("title %q", ranked.Title)
	}
	share := buildAs(t, r, study.Figure{Kind: "plot", X: lrAxis, Epoch: -1, Measures: []study.Term{{Number: 1, Stat: "share",
		Measure: "test_error", Relation: "<", Bound: 0.2, Epoch: -1}}})[0]
	if !strings.Contains(share.Statement, "Over 6 runs") || !slices.Equal(share.Warnings,
		[]string{"2 of 24 runs diverged and count as not having the property."}) {
		t.Errorf("%q, %q", share.Statement, share.Warnings)
	}
	cells := r.blocks[0].cells
	once, thrice := r.blocks[0].warnings(cells), r.blocks[0].warnings(slices.Concat(cells, cells, cells))
	if !slices.Equal(once, thrice) {
		t.Errorf("%q, and of three panels %q", once, thrice)
	}
}

// Of test examples that belong together it is said that intervals take them for independent.
func TestGroupedTestExamples(t *testing.T) {
	t.Parallel()
	n := newNight("patients", "")
	n.answering(0.1, 100, 10, 12, 11, 13, 9)
	r := mustRead(t, n)
	const words = "where those of one patient are alike, they are too narrow"
	if all := strings.Join(r.dataWarnings(), " "); strings.Contains(all, words) {
		t.Errorf("without groups: %q", all)
	}
	for _, c := range r.cells {
		c.Config.Data.Group = "patient"
	}
	if all := strings.Join(r.dataWarnings(), " "); strings.Count(all, words) != 1 {
		t.Errorf("with groups: %q", all)
	}
}
