package study_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestRangesHitBothEnds: a range has n values, begins and ends exactly where it
// says, is monotonic, and evenly spaced on its scale.
func TestRangesHitBothEnds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		from := rapid.Float64Range(1e-9, 1e3).Draw(r, "from")
		to := rapid.Float64Range(1e-9, 1e3).Draw(r, "to")
		n := rapid.IntRange(2, 40).Draw(r, "n")
		scale := rapid.SampledFrom([]string{"linear", "log"}).Draw(r, "scale")
		if math.Abs(from-to) < 1e-3*math.Max(from, to) {
			r.Skip("too narrow to tell rounding from a wrong step")
		}
		s := parse(t, fmt.Sprintf("%sgrid: {lr: {from: %v, to: %v, n: %d, scale: %s}}\n", head, from, to, n, scale))
		if len(s.Cells) != n {
			r.Fatalf("%d cells, want %d", len(s.Cells), n)
		}
		on := func(i int) float64 {
			if scale == "log" {
				return math.Log(s.Cells[i].Config.LR)
			}
			return s.Cells[i].Config.LR
		}
		if first, last := s.Cells[0].Config.LR, s.Cells[n-1].Config.LR; first != from || last != to {
			r.Errorf("from %v to %v, want %v to %v", first, last, from, to)
		}
		step := (on(n-1) - on(0)) / float64(n-1)
		for i := 1; i < n; i++ {
			if d := on(i) - on(i-1); math.Abs(d-step) > 1e-6*math.Abs(step) {
				r.Errorf("step %d is %v, want %v", i, d, step)
			}
		}
	})
}

// TestRangesAreDecimal: points that one would write with few digits are those numbers.
func TestRangesAreDecimal(t *testing.T) {
	for text, want := range map[string][]float64{
		"{from: 0.1, to: 1, n: 10}":                 {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1},
		"{from: 0, to: 0.6, step: 0.1}":             {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6},
		"{from: 1e-5, to: 100, n: 8, scale: log}":   {1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100},
		"{from: 1e15, to: 4e15, step: 1e15}":        {1e15, 2e15, 3e15, 4e15},
		"{from: 1000, to: 0.001, n: 3, scale: log}": {1000, 1, 0.001},
	} {
		s := parse(t, head+"grid: {l2: "+text+"}\n")
		var got []float64
		for _, c := range s.Cells {
			got = append(got, c.Config.L2)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}

// TestRunsAreTheProduct of the axes and the seeds.
func TestRunsAreTheProduct(t *testing.T) {
	keys := []string{"lr", "l1", "l2", "epochs", "width", "clip", "optimizer.momentum", "data.train"}
	rapid.Check(t, func(r *rapid.T) {
		want := 1
		text := head + "grid:\n"
		for _, key := range rapid.Permutation(keys).Draw(r, "keys")[:rapid.IntRange(1, 4).Draw(r, "axes")] {
			values := rapid.SliceOfNDistinct(rapid.IntRange(1, 1000), 1, 4, rapid.ID[int]).Draw(r, key)
			want *= len(values)
			if key == "optimizer.momentum" {
				text += fmt.Sprintf("  %s: {from: 0.1, to: 0.9, n: %d}\n", key, len(values)+1)
				want = want / len(values) * (len(values) + 1)
				continue
			}
			text += fmt.Sprintf("  %s: [%s]\n", key, strings.Trim(strings.ReplaceAll(fmt.Sprint(values), " ", ", "), "[]"))
		}
		seeds := rapid.IntRange(1, 5).Draw(r, "seeds")
		s := parse(t, fmt.Sprintf("%sseeds: %d\n", text, seeds))
		runs := runsFrom(t, s)
		if len(s.Cells) != want || len(runs) != want*seeds {
			r.Errorf("%d cells and %d runs, want %d and %d, of\n%s", len(s.Cells), len(runs), want, want*seeds, text)
		}
		ids := map[string]bool{}
		for _, run := range runs {
			ids[run.ID] = true
		}
		if len(ids) != len(runs) {
			r.Errorf("%d identities of %d runs", len(ids), len(runs))
		}
	})
}
