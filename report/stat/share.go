package stat

import (
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// SharePower gives the probability that n runs, of which a share p has a property, tell at
// alpha that it lies on its side of a bound, as Proportion.Over does.
func SharePower(p, bound, alpha float64, n int) float64 {
	if p < bound { // hits and misses change places
		p, bound = 1-p, 1-bound
	}
	hits := sort.Search(n+1, func(k int) bool { return shareAbove(k, n, bound, alpha) })
	switch {
	case hits > n || p == bound:
		return 0
	case p >= 1:
		return 1
	}
	return distuv.Binomial{N: float64(n), P: p}.Survival(float64(hits - 1))
}

// shareAbove says whether k of n runs tell at alpha that a share lies above a bound.
func shareAbove(k, n int, bound, alpha float64) bool {
	return wilson(float64(k)/float64(n), float64(n), alpha).Lo > bound && binomialP(k, n, bound) < alpha
}

// ShareNeeded gives the number of runs that tell at alpha a share p from a bound 80
// times of 100, by search. It says no where a million would not
// be enough. Power goes up and down by one hit, so a few runs more or less may do, too.
func ShareNeeded(p, bound, alpha float64) (n int, ok bool) {
	if p == bound || !isFinite(p) || !isFinite(bound) {
		return 0, false
	}
	return smallest(LeastUnits, func(n int) bool { return SharePower(p, bound, alpha, n) >= power })
}

// SmallestShareDecidable gives how far a share has to lie above a bound, or below it,
// for n runs to tell so 80 times of 100; no where even all runs would not be enough.
func SmallestShareDecidable(bound float64, above bool, alpha float64, n int) (difference float64, ok bool) {
	if !above {
		bound = 1 - bound
	}
	if SharePower(1, bound, alpha, n) < power {
		return 0, false
	}
	lo, hi := 0.0, 1-bound
	for hi-lo > 1e-6 {
		if middle := (lo + hi) / 2; SharePower(bound+middle, bound, alpha, n) < power {
			lo = middle
		} else {
			hi = middle
		}
	}
	return hi, true
}
