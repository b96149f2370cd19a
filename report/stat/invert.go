package stat

import "math"

// leastP is the smallest p value that an interval is inverted to.
const leastP = 1e-12

// invert finds the smallest alpha whose interval excludes v. Intervals shrink as alpha
// grows, so how far v lies outside of one grows with log alpha: its root is the p value.
func invert(at func(alpha float64) Interval, v float64) float64 {
	outside := func(logAlpha float64) float64 {
		i := at(math.Exp(logAlpha))
		return math.Max(i.Lo-v, v-i.Hi)
	}
	lo, hi := math.Log(leastP), math.Log1p(-1e-9)
	if !(outside(hi) > 0) {
		return 1
	}
	if outside(lo) > 0 {
		return leastP
	}
	return math.Exp(root(outside, lo, hi))
}

// root finds where f changes its sign between lo, where it is negative or none, and hi,
// to 1e-10: by inverse quadratic interpolation where that is safe, else by halves (Chandrupatla, Advances in
// Engineering Software 28, 1997, 145-149). Where f is infinite it is halved.
func root(f func(float64) float64, lo, hi float64) float64 {
	a, b := hi, lo // the newest point, and one of the other sign
	fa, fb := f(a), f(b)
	c, fc := b, fb // the point before
	t := 0.5
	for math.Abs(b-a) > 1e-10 {
		x := a + t*(b-a)
		fx := f(x)
		if (fx > 0) == (fa > 0) {
			c, fc = a, fa
		} else {
			c, fc, b, fb = b, fb, a, fa
		}
		if a, fa = x, fx; fa == 0 {
			return a
		}
		t = 0.5
		xi, phi := (a-b)/(c-b), (fa-fb)/(fc-fb)
		if phi*phi < xi && (1-phi)*(1-phi) < 1-xi { // not so for NaN
			t = fa/(fb-fa)*fc/(fb-fc) + (c-a)/(b-a)*fa/(fc-fa)*fb/(fc-fb)
		}
		least := 0.5e-10 / math.Abs(b-a)
		t = math.Min(1-least, math.Max(least, t))
	}
	return a
}

// below is the p value of the hypothesis that the mean is v, where it is smaller than a
// bound; else the bound. One interval is enough to know that it is not.
func (r Difference) below(v, bound float64) float64 {
	if r.at == nil || math.IsNaN(r.Mean) {
		return bound
	}
	if r.against == nil {
		if i := r.at(math.Min(bound, 1-1e-9)); bound <= leastP || i.Contains(v) {
			return bound
		}
	}
	if p := r.Against(v); p < bound {
		return p
	}
	return bound
}
