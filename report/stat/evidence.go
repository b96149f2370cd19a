package stat

import (
	"math"
	"slices"
)

// The p values of what a claim can say. Looks are the same difference at
// successive looks, as Anytime gives them, or one difference with a fixed number
// of units. A verdict is reached where p, corrected for the family, is below 5 %.
// Without any interval p is 1.

// Below gives the p value for "the mean is less than v": the smallest of the
// looks whose mean is on that side.
func Below(v float64, looks ...Difference) float64 {
	return strongest(looks, func(d Difference, least float64) float64 {
		if d.Mean < v {
			return d.below(v, least)
		}
		return least
	})
}

// Above gives the p value for "the mean is more than v".
func Above(v float64, looks ...Difference) float64 {
	return strongest(looks, func(d Difference, least float64) float64 {
		if d.Mean > v {
			return d.below(v, least)
		}
		return least
	})
}

// Within gives the p value for "the mean lies between the margins lo and hi",
// by two one-sided tests (Schuirmann 1987): the larger p of the two. At a fixed
// number of units that is at 5 % where the 90 % interval lies within; of an
// anytime-valid look the whole interval has to.
func Within(lo, hi float64, looks ...Difference) float64 {
	return strongest(looks, func(d Difference, least float64) float64 {
		if !(d.Mean > lo && d.Mean < hi) {
			return least
		}
		sides := 1.0
		if !d.sequential {
			sides = 2
		}
		p := d.below(lo, math.Min(1, sides*least))
		if p < math.Min(1, sides*least) || sides*least > 1 {
			p = math.Max(p, d.below(hi, math.Min(1, sides*least)))
		}
		return p / sides
	})
}

// Outside gives the p value for "the mean lies beyond one of the margins": the
// smallest alpha at which the interval of one look lies outside of them.
func Outside(lo, hi float64, looks ...Difference) float64 {
	return math.Min(Below(lo, looks...), Above(hi, looks...))
}

// strongest is the smallest p value of the looks. Each gets the smallest so far, beyond
// which it has nothing to tell; the newest, which has the most units, is first.
func strongest(looks []Difference, p func(d Difference, least float64) float64) float64 {
	least := 1.0
	for _, d := range slices.Backward(looks) {
		if v := p(d, least); v < least { // not so for NaN
			least = v
		}
	}
	return least
}
