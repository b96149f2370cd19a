package stat

import (
	"math"
	"slices"
)

// Outcomes is what TwoOutcomes says of the values of a cell.
type Outcomes struct {
	Two        bool
	Low, High  int      // runs in each group
	LowShare   Interval // of the runs, Wilson
	HighShare  Interval
	Split      float64 // middle of the gap
	Median     float64 // of all values
	LowMedian  float64
	HighMedian float64
}

// TwoOutcomes says whether the runs of a cell fall into two groups, such as stuck
// and solved: then a mean with a bar says nothing true of either. From five runs
// on, the widest gap of the sorted values has to be at least half of their range,
// at least 12 times (below ten runs) or 8 times the SD of the larger group (of
// equal ones the larger SD; one run alone is a group), and for rates over a
// number of examples at least 3 √(p(1-p)/examples), and more than one example; 0
// examples where the values are no rates. A gap below a millionth of the values is that of 32-bit arithmetic.
// Normal values raise a false alarm 2 % of the time at five runs.
func TwoOutcomes(values []float64, examples int) Outcomes {
	x := slices.Sorted(slices.Values(values))
	n := len(x)
	o := Outcomes{LowShare: unknown, HighShare: unknown, Split: math.NaN(), Median: median(x), LowMedian: math.NaN(),
		HighMedian: math.NaN()}
	if n < 5 {
		return o
	}
	cut, gap := 0, 0.0
	for i := 1; i < n; i++ {
		if x[i]-x[i-1] > gap {
			cut, gap = i, x[i]-x[i-1]
		}
	}
	if gap <= 1e-6*math.Max(math.Abs(x[0]), math.Abs(x[n-1])) {
		return o
	}
	low, high := x[:cut], x[cut:]
	spread := sd(low)
	if len(high) > len(low) || len(high) == len(low) && sd(high) > spread {
		spread = sd(high)
	}
	times := 8.0
	if n < 10 {
		times = 12
	}
	noise := 0.0
	if examples > 0 {
		var m moments
		for _, v := range x {
			m.add(v)
		}
		p := math.Min(math.Max(m.mean, 0), 1)
		noise = math.Max(3*math.Sqrt(p*(1-p)/float64(examples)), 1.5/float64(examples))
	}
	if gap < (x[n-1]-x[0])/2 || gap < times*spread || gap < noise {
		return o
	}
	o.Two, o.Low, o.High = true, len(low), len(high)
	o.LowShare, o.HighShare = Wilson(o.Low, n), Wilson(o.High, n)
	o.Split, o.LowMedian, o.HighMedian = (x[cut-1]+x[cut])/2, median(low), median(high)
	return o
}

// sd is the standard deviation with n-1 in the denominator, 0 of one value.
func sd(x []float64) float64 {
	var m moments
	for _, v := range x {
		m.add(v)
	}
	if m.n < 2 {
		return 0
	}
	return math.Sqrt(m.variance())
}

// median of sorted values.
func median(sorted []float64) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
