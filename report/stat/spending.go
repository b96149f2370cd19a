package stat

import "math"

// Spend corrects a p value of the k-th look, k = 1, 2, ..., at what has no
// anytime-valid form (crossed seeds, shares, trends, spreads, pairs): look k may
// use alpha/(k(k+1)), which sums to alpha however many looks there are.
func Spend(p float64, k int) float64 { return math.Min(1, p*float64(k)*float64(k+1)) }

// AtLook gives the difference as the k-th look shows it: its intervals are at
// alpha/(k(k+1)), its p values times k(k+1).
func (r Difference) AtLook(k int) Difference {
	if r.at == nil {
		return r
	}
	d, share := r, 1/(float64(k)*float64(k+1))
	d.against = func(v float64) float64 { return Spend(r.Against(v), k) }
	d.P = d.against(0)
	return d.with(func(alpha float64) Interval { return r.at(alpha * share) })
}

// Looks gives the numbers of seeds at which such a form is looked at: the least,
// doubled until the most is reached, and the most.
func Looks(least, most int) (sizes []int) {
	for n := max(1, least); n < most; n *= 2 {
		sizes = append(sizes, n)
	}
	return append(sizes, most)
}
