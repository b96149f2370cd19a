package stat

import (
	"math"
)

// Trend gives the mean over units of Spearman's rank correlation between an axis
// and what each unit measured along it, y[unit][place]: -1 where every unit falls
// all the way. The interval is Student's t over the units joined with that of Hall's
// transformation, clipped to -1 and 1: correlations of a steep trend pile up at 1 and
// trail off below, so that t alone covers 84 to 94 % of them, and both together 92 to
// 97 % (88 to 92 % over four places with 6 to 8 units; simulated). Where there is no
// trend, correlations are as likely of either sign, and t alone says whether that is
// so. The p value is at least 2^(1-n), the chance that n units all go one way. A unit
// that does not vary counts 0. Below six units, and where all agree to the last rank,
// there is no interval and no verdict.
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
	t, tP, skew := d.at, d.against, skewness(values)
	d.against = func(v float64) float64 {
		p := tP(v)
		if v*d.Mean > 0 {
			p = math.Max(p, invert(func(alpha float64) Interval { return hall(s, skew, alpha) }, v))
		}
		return math.Max(p, math.Pow(2, 1-float64(d.N)))
	}
	d.P = d.against(0)
	return d.with(func(alpha float64) Interval {
		i := t(alpha).hull(hall(s, skew, alpha))
		switch plain := t(alpha); {
		case plain.Lo > 0:
			i.Lo = math.Max(i.Lo, 0)
		case plain.Hi < 0:
			i.Hi = math.Min(i.Hi, 0)
		}
		return i.Clip(-1, 1)
	})
}

// skewness is the adjusted Fisher-Pearson coefficient of three values or more that vary.
func skewness(x []float64) float64 {
	n := float64(len(x))
	s := Describe(x)
	third := 0.0
	for _, v := range x {
		third += math.Pow((v-s.Mean)/s.SD, 3)
	}
	return third * n / ((n - 1) * (n - 2))
}

// hall is the interval of a mean whose t statistic T is made about symmetric by Hall's
// transformation (Journal of the Royal Statistical Society B 54, 1992, 221-228): with
// a = skewness/√n it is T + aT²/3 + a²T³/27 + a/6, whose inverse is 3/a (∛(1 + a(T - a/6)) - 1).
func hall(s Sample, skewness, alpha float64) Interval {
	n := float64(s.N)
	a, half := skewness/math.Sqrt(n), quantileT(n-1, 1-alpha)
	back := func(T float64) float64 {
		if math.Abs(a) < 1e-6 {
			return T
		}
		return 3 / a * (math.Cbrt(1+a*(T-a/6)) - 1)
	}
	se := s.SD / math.Sqrt(n)
	return Interval{s.Mean - back(half)*se, s.Mean - back(-half)*se}
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
