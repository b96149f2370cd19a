package report

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/report/stat"
)

// waiting is a comparison of two cells of which the last pair of seeds is not over.
func waiting(t *testing.T, over int) (*store.DB, []float64) {
	t.Helper()
	n := newNight("waiting", "Which?")
	x := []float64{0.10, 0.12, 0.11, 0.13, 0.09, 0.12, 0.10, 0.11}
	y := []float64{0.30, 0.33, 0.29, 0.36, 0.30, 0.34, 0.28, 0.31}
	n.errors(0.1, 0, x...)
	n.errors(1, 0, y...)
	n.study.YAML = `study: waiting
question: Which?
data: {set: glyphs, train: 1000, test: 500}
grid: {lr: [0.1, 1]}
seeds: 8
expect:
  - test_error(lr=0.1) < test_error(lr=1)
`
	var differences []float64
	for i := range over {
		differences = append(differences, x[i]-y[i])
	}
	n.results = slices.DeleteFunc(n.results, func(r store.Result) bool { return r.Run.SeedInit >= uint64(over) })
	return n.save(t), differences
}

// While planned runs are not over, the live page concludes nothing: no verdict, no figure, no best cell, and intervals that are
// valid at any time. When all are over it has what the report has.
func TestLivePageWaits(t *testing.T) {
	t.Parallel()
	db, differences := waiting(t, 7)
	text, live, err := LivePage(t.Context(), db, "waiting", Inputs{}, Night{State: "Training.", Made: "As of 10:00."}, "7")
	if err != nil {
		t.Fatal(err)
	}
	page := plainSpaces(string(text))
	for _, want := range []string{"the verdict comes when all that were planned are over", `class="verdict undecided"`, "Training.",
		"As of 10:00.", "valid however often one looks", "none is marked as the best", `data-version="7"`,
		`data-structure="` + live.Structure + `"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, early := range []string{"<figure", `class="verdict held"`, "★ has", "Best on validation", `class="best"`,
		"expectations.csv"} {
		if strings.Contains(page, early) {
			t.Errorf("the page says too early %q", early)
		}
	}
	r, err := readCells(t.Context(), db, "waiting", Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	r.live = true
	if err := r.readRest(t.Context()); err != nil {
		t.Fatal(err)
	}
	verdicts, err := r.Verdicts(t.Context(), r.declared)
	if err != nil {
		t.Fatal(err)
	}
	// The closed form of inference.md 4, and not Student's t, whose half width would be a third of it.
	mean := stat.Describe(differences)
	half := stat.AnytimeHalf(len(differences), mean.SD*mean.SD, 0.05)
	got := verdicts[0]
	if math.Abs(got.Interval.Lo-(mean.Mean-half)) > 1e-9 || math.Abs(got.Interval.Hi-(mean.Mean+half)) > 1e-9 || got.N != 7 {
		t.Errorf("interval %v of %d units, want %v ± %v", got.Interval, got.N, mean.Mean, half)
	}

	db, _ = waiting(t, 8)
	text, _, err = LivePage(t.Context(), db, "waiting", Inputs{}, Night{}, "8")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<figure", `class="verdict held"`, "16 runs of 2 cells: 16 done"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page of the end does not say %q", want)
		}
	}
}

// Curves of runs are what was added, thinned; those of cells their means, lowest and highest, epoch by epoch.
func TestLiveCurves(t *testing.T) {
	t.Parallel()
	live := &Live{Runs: []string{"a", "b", "c"}, cells: []int{0, 0, 1}}
	number := func(v float64) store.Number { return store.Number{V: v, Valid: true} }
	fill := func(c *Curves) {
		for run, values := range [][]float64{{0.5, 0.25, 0.125}, {0.3, math.NaN()}, {0.9}} {
			c.Begin(run)
			for epoch, v := range values {
				c.Add(run, epoch, number(v))
			}
		}
		c.End([]int{0, 1, 2})
	}
	lines := func(c *Curves, clock, most int) (got [][]any, now int, more bool) {
		text, now, more := c.Since(clock, most)
		if text != nil {
			if err := json.Unmarshal(text, &got); err != nil {
				t.Fatal(err)
			}
		}
		return got, now, more
	}
	equal := func(what string, got, want any) {
		t.Helper()
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		if string(a) != string(b) {
			t.Errorf("%s: %s, want %s", what, a, b)
		}
	}
	of, ok := live.Curves("test_error")
	if _, none := live.Curves("test_nothing"); !ok || none {
		t.Fatal("measures")
	}
	fill(of)
	got, now, more := lines(of, 0, 10)
	equal("runs", got, []any{[]any{0, []int{0, 1, 2}, []float64{50, 25, 12.5}}, []any{1, []int{0}, []float64{30}},
		[]any{2, []int{0}, []float64{90}}})
	if got, _, _ := lines(of, now, 10); got != nil || more {
		t.Errorf("told again: %v", got)
	}
	of.Begin(2)
	of.Add(2, 0, number(0.8))
	of.End([]int{2})
	got, _, _ = lines(of, now, 10)
	equal("what has changed", got, []any{[]any{2, []int{0}, []float64{80}}})
	if got, then, more := lines(of, 0, 1); len(got) != 2 || !more || then != now {
		t.Errorf("a part: %v by %d, more %t", got, then, more)
	}

	live.ofCells = true
	of, _ = live.Curves("test_error")
	fill(of)
	got, _, _ = lines(of, 0, 10)
	equal("cells", got, []any{[]any{0, []int{0, 1, 2}, []float64{40, 25, 12.5, 30, 25, 12.5, 50, 25, 12.5}},
		[]any{1, []int{0}, []float64{90, 90, 90}}})

	long, _ := (&Live{Runs: []string{"a"}, cells: []int{0}}).Curves("train_loss")
	for epoch := range 1001 {
		long.Add(0, epoch, number(float64(epoch)))
	}
	long.End([]int{0})
	got, _, _ = lines(long, 0, 10)
	if at := got[0][1].([]any); len(at) != mostPoints || at[0] != 0.0 || at[len(at)-1] != 1000.0 {
		t.Errorf("%d points from %v to %v", len(at), at[0], at[len(at)-1])
	}
}
