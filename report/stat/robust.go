package stat

import (
	"math"
	"slices"
)

// IQM gives the interquartile mean: that of the values without the ⌊n/4⌋ smallest
// and largest (Agarwal et al., NeurIPS 2021). Of runs with failures, each failure
// counts as the error of guessing. Its interval comes from Resample, over runs and
// tasks together from ResampleStrata.
func IQM(values []float64) float64 {
	x := slices.Sorted(slices.Values(values))
	cut := len(x) / 4
	sum := 0.0
	for _, v := range x[cut : len(x)-cut] {
		sum += v
	}
	return sum / float64(len(x)-2*cut)
}

// Profile gives the share of values above each threshold: the performance profile
// of scores, or of errors 1 minus what is wanted. Each share has Wilson's interval
// where the values are independent runs.
func Profile(values, thresholds []float64) (shares []float64, intervals []Interval) {
	for _, t := range thresholds {
		above := 0
		for _, v := range values {
			if v > t {
				above++
			}
		}
		shares = append(shares, float64(above)/math.Max(1, float64(len(values))))
		intervals = append(intervals, Wilson(above, len(values)))
	}
	return shares, intervals
}
