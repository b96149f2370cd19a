package stat

import "math"

// AnytimeHalf is half the width of the anytime-valid interval of a mean after n
// units with this variance: all values with E < 1/alpha. It is infinite where
// they rule out none; at 5 % it is finite from five units.
func AnytimeHalf(n int, variance, alpha float64) float64 {
	g, N := float64(1+n), float64(n)
	if n < 2 {
		return math.Inf(1)
	}
	R := math.Exp(2 / N * (math.Log(g)/2 - math.Log(alpha)))
	if R >= g {
		return math.Inf(1)
	}
	return math.Sqrt((N - 1) * (R - 1) / (1 - R/g) * variance / N)
}

// moments are count, mean and sum of squares of a stream of values.
type moments struct {
	n        int
	mean, ss float64
}

func (m *moments) add(v float64) {
	m.n++
	step := v - m.mean
	m.mean += step / float64(m.n)
	m.ss += step * (v - m.mean)
}

func (m moments) variance() float64 { return m.ss / float64(m.n-1) }

// logE gives the logarithm of the evidence against a mean of mu0: the e-value of Wang and Ramdas (arXiv 2310.03722), a Gaussian
// mixture with c = 1 over the standardised effect. With mean m, variance v (n-1), ν = n-1, g = 1+n and t² = n(m-mu0)²/v,
//
//	log E = -½ log g + n/2 [log(1 + t²/ν) - log(1 + t²/(νg))]
//
// Under the null, the chance that E ever reaches 1/alpha is at most alpha for normal values, whenever one looks. It is 0 below
// two units, and where every value is mu0.
func (m moments) logE(mu0 float64) float64 {
	if m.n < 2 {
		return 0
	}
	n := float64(m.n)
	g := 1 + n
	off := n * (m.mean - mu0) * (m.mean - mu0) // t²/ν is off/ss
	switch {
	case off == 0 && m.ss == 0:
		return 0
	case m.ss == 0:
		return (n - 1) / 2 * math.Log(g)
	}
	return -math.Log(g)/2 + n/2*(math.Log1p(off/m.ss)-math.Log1p(off/(m.ss*g)))
}

// difference is the look at the values so far.
func (m moments) difference() Difference {
	d := newDifference("anytime t")
	d.N, d.sequential = m.n, true
	d.Assumes = "units are independent and about normal; skewed values and rare failures are not protected"
	if m.n > 0 {
		d.Mean = m.mean
	}
	if m.n < 2 {
		d.Warnings = append(d.Warnings, few(m.n))
		return d
	}
	d.DF, d.SE = float64(m.n-1), math.Sqrt(m.variance()/float64(m.n))
	d.against = func(v float64) float64 { return math.Min(1, math.Exp(-m.logE(v))) }
	d.P = d.against(0)
	return d.with(func(alpha float64) Interval { return around(m.mean, AnytimeHalf(m.n, m.variance(), alpha)) })
}
