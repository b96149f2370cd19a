package stat

import "math"

// Goal is what a claim says of a mean: that it is below Hi, above Lo, or within
// both. An end that it does not have is infinite.
type Goal struct{ Lo, Hi float64 }

// FutileFrom is the number of units before which no claim is given up.
const FutileFrom = 10

// Futile says whether the units so far leave no hope of a verdict with at most
// max of them, at the anytime-valid level alpha (corrected for the family): the
// far end of their plain 80 % interval, projected to max with the same variance,
// would leave it undecided. It is never so below ten units. For a true difference
// of 0 it stops at 16 of 40 seeds; of half an SD it costs 3 points of power.
func Futile(x []float64, goal Goal, max int, alpha float64) bool {
	if len(x) < FutileFrom || len(x) >= max {
		return false
	}
	var m moments
	for _, v := range x {
		m.add(v)
	}
	reach := around(m.mean, quantileT(float64(m.n-1), 0.8)*math.Sqrt(m.variance()/float64(m.n)))
	return !Reaches(reach, goal, AnytimeHalf(max, m.variance(), alpha))
}

// Reaches says whether some mean within an interval, with this half-width around
// it, would decide the goal one way or the other. Futile is this for plain means;
// with test examples, the half-width at max is a matter of the caller's.
func Reaches(mean Interval, goal Goal, half float64) bool {
	beyond := func(bound float64) bool { // the far end, on either side
		return isFinite(bound) && (mean.Lo+half < bound || mean.Hi-half > bound)
	}
	if math.IsInf(goal.Lo, 0) || math.IsInf(goal.Hi, 0) {
		return beyond(goal.Lo) || beyond(goal.Hi)
	}
	nearest := math.Min(math.Max((goal.Lo+goal.Hi)/2, mean.Lo), mean.Hi)
	within := nearest-half > goal.Lo && nearest+half < goal.Hi
	return within || mean.Lo+half < goal.Lo || mean.Hi-half > goal.Hi
}
