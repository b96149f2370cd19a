package stat

import "math"

// The p values of what a claim can say. Looks are the same difference at
// successive looks, as Anytime gives them, or one difference with a fixed number
// of units. A verdict is reached where p, corrected for the family, is below 5 %.
// Without any interval p is 1.

// Below gives the p value for "the mean is less than v": the smallest of the
// looks whose mean is on that side.
func Below(v float64, looks ...Difference) float64 {
	return strongest(looks, func(d Difference) float64 {
		if d.Mean < v {
			return d.Against(v)
		}
		return 1
	})
}

// Above gives the p value for "the mean is more than v".
func Above(v float64, looks ...Difference) float64 {
	return strongest(looks, func(d Difference) float64 {
		if d.Mean > v {
			return d.Against(v)
		}
		return 1
	})
}

// Within gives the p value for "the mean lies between the margins lo and hi",
// by two one-sided tests (Schuirmann 1987): the larger p of the two. At a fixed
// number of units that is at 5 % where the 90 % interval lies within; of an
// anytime-valid look the whole interval has to.
func Within(lo, hi float64, looks ...Difference) float64 {
	return strongest(looks, func(d Difference) float64 {
		if d.Mean <= lo || d.Mean >= hi {
			return 1
		}
		p := math.Max(d.Against(lo), d.Against(hi))
		if !d.sequential {
			p /= 2
		}
		return p
	})
}

// Outside gives the p value for "the mean lies beyond one of the margins": the
// smallest alpha at which the interval of one look lies outside of them.
func Outside(lo, hi float64, looks ...Difference) float64 {
	return math.Min(Below(lo, looks...), Above(hi, looks...))
}

func strongest(looks []Difference, p func(Difference) float64) float64 {
	least := 1.0
	for _, d := range looks {
		if v := p(d); v < least { // not so for NaN
			least = v
		}
	}
	return least
}
