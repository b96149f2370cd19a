package cost

import (
	"testing"

	"pgregory.net/rapid"
)

func TestScheduleByHand(t *testing.T) {
	for _, c := range []struct {
		times   []float64
		workers int
		want    float64
	}{
		{nil, 2, 0},
		{[]float64{3}, 4, 3},
		{[]float64{1, 2, 3}, 1, 6},
		{[]float64{4, 1, 1, 1, 3}, 2, 6},   // 4 beside 1 1 1, then 3 after them
		{[]float64{1, 1, 10, 1, 1}, 2, 11}, // the longest bounds it
		{[]float64{2, 2, 2, 2, 2, 2}, 3, 4},
	} {
		if got := schedule(c.times, c.workers); got != c.want {
			t.Errorf("%v on %d workers take %g, by hand %g", c.times, c.workers, got, c.want)
		}
	}
}

func TestScheduleIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOf(rapid.Float64Range(0, 100)).Draw(t, "times")
		workers := rapid.IntRange(1, 9).Draw(t, "workers")
		sum, longest := 0.0, 0.0
		for _, s := range times {
			sum += s
			longest = max(longest, s)
		}
		got, least := schedule(times, workers), max(longest, sum/float64(workers))
		// Graham 1966.
		if got < least*(1-1e-9) || got > least*(2-1/float64(workers))*(1+1e-9) {
			t.Errorf("%g is not between %g and about twice that", got, least)
		}
	})
}
