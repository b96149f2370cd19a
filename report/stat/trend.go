package stat

import (
	"math"
)

// Trend gives the mean over units of Spearman's rank correlation between an axis
// and what each unit measured along it, y[unit][place]: -1 where every unit falls
// all the way. Student's t over the units, clipped to -1 and 1, with a p value of
// at least 2^(1-n), the chance that n units all go one way. A unit that does not
// vary counts 0. Below six units, and where all agree to the last rank, there is
// no interval and no verdict.
func Trend(axis []float64, y [][]float64) Difference {
	values := make([]float64, len(y))
	for u := range y {
		values[u] = rankCorrelation(axis, y[u])
	}
	d := newDifference("trend")
	d.Assumes = "units are independent"
	s := Describe(values)
	d.N, d.Mean = s.N, s.Mean
	switch {
	case d.N < 6:
		d.Warnings = append(d.Warnings, "a trend needs six units")
		return d
	case s.SD == 0:
		d.Warnings = append(d.Warnings, "every unit has the same rank correlation: no interval")
		return d
	}
	d = d.tested(s.SD/math.Sqrt(float64(d.N)), float64(d.N-1), "")
	t, at := d.against, d.at
	d.against = func(v float64) float64 { return math.Max(t(v), math.Pow(2, 1-float64(d.N))) }
	d.P = d.against(0)
	return d.with(func(alpha float64) Interval { return at(alpha).Clip(-1, 1) })
}

// rankCorrelation is Spearman's, 0 where one side does not vary.
func rankCorrelation(x, y []float64) float64 {
	return correlation(ranks(x), ranks(y))
}

func correlation(x, y []float64) float64 {
	n := float64(len(x))
	mx, my := 0.0, 0.0
	for i := range x {
		mx += x[i] / n
		my += y[i] / n
	}
	xy, xx, yy := 0.0, 0.0, 0.0
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return math.Max(-1, math.Min(1, xy/math.Sqrt(xx*yy)))
}
