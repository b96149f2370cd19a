package stat

import "math"

// CorrectedPool is the method of a difference that OnePool has corrected.
const CorrectedPool = "corrected resampled t"

// OnePool widens a mean over n units, or a difference of such means over common units, whose training and test examples were
// drawn anew from one pool for each, ratio test examples for each training example: Nadeau and Bengio's corrected resampled t
// (Machine Learning 52, 2003, 239-281). Units that share examples are correlated, by about ratio/(1 + ratio), so that the
// variance of the mean is (1/n + ratio) s² in place of s²/n, and never falls below that of one split. It is for splits of one
// size without replacement.
func OnePool(d Difference, ratio float64) Difference {
	if d.at == nil {
		return d
	}
	w, factor := d, math.Sqrt(1+float64(d.N)*ratio)
	w.Method = CorrectedPool
	w.Assumes = "splits are correlated as Nadeau and Bengio suppose"
	w.SE, w.T = factor*d.SE, d.T/factor
	w.against = nil
	w = w.with(func(alpha float64) Interval {
		i := d.at(alpha)
		return Interval{d.Mean - factor*(d.Mean-i.Lo), d.Mean + factor*(i.Hi-d.Mean)}
	})
	w.P = w.Against(0)
	return w
}
