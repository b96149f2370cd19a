// Package stat holds the statistics behind figures, claims and commands: plain
// functions from numbers to plain structs. It knows no study and no database. A
// doubt about a result travels inside it, as a warning in words.
//
// A tour, in the order in which a conclusion is drawn:
//
//   - What is a repeat: Classify reads seeds and digests of the runs of a cell
//     (units.go). Mean and Combination use what it finds (compare.go), by Over and
//     Welch (difference.go), NestedMean and CrossedMean (nested.go, crossed.go).
//     LargestBlock is what failures left of a crossed design (block.go). Describe
//     is for values that are independent (mean.go).
//   - Test examples are a sample, too: CombineErrors is the same for errors of
//     stored outputs (errors.go), by the mean squares of Wrong, packed bits
//     (wrong.go), or of any Losses, and WithExamples and Rate (examples.go).
//   - Looking more than once: Anytime, UnitsOf and its Errors (anytime.go,
//     sequence.go, errors.go), OneCell for a cell against a number; Spend and Looks
//     for what has no such form (spending.go); Below, Above, Within and Outside are
//     the p values of what a claim can say (evidence.go); Futile gives up
//     (futility.go), SeedsNeeded and AnytimeNeeded say how many would be enough
//     (needed.go).
//   - Families: Holm and BenjaminiHochberg (family.go).
//   - Intervals that can be true: Wilson, Proportions and PairedShares
//     (proportion.go), Prediction (mean.go), TwoOutcomes (outcomes.go), Decimals.
//   - Other questions: spread over seeds (spread.go), trends (trend.go), power
//     laws (powerlaw.go), factors (factors.go), choosing (best.go, ranking.go),
//     networks on one test set (mcnemar.go, cochran.go), ranks (signed.go,
//     twosample.go, correlation.go, friedman.go), failures (robust.go), resampling
//     (bootstrap.go, crossvalidation.go), what chance alone would show (chance.go).
//   - Where an error comes from: Decompose and DecomposeCrossed
//     (biasvariance.go, biascrossed.go), Domingos and DecomposeVotes
//     (zeroone.go), DecomposeKL (kl.go), all with errors by jackknife, which
//     Contrast compares (jackknife.go).
//
// Difference is the common word of it all: a mean, or a difference of means or
// shares, with its interval at every level and its p value against every number.
// Intervals are at the 95 % level unless they say otherwise. Every function that
// draws random numbers takes their generator.
package stat

import "math"

const (
	level  = 0.95
	narrow = 0.90 // of two one-sided tests at 5 %
	alpha5 = 1 - level
)

// LeastUnits is the number of units below which there is no interval.
const LeastUnits = 3

// Interval is a range of plausible values. Both ends are NaN where the data
// support none, and infinite where they rule out no value yet.
type Interval struct{ Lo, Hi float64 }

// Known says whether there is an interval at all, with two finite ends.
func (i Interval) Known() bool { return isFinite(i.Lo) && isFinite(i.Hi) }

// Contains says whether v lies inside.
func (i Interval) Contains(v float64) bool { return i.Lo <= v && v <= i.Hi }

// Inside says whether all of it lies inside of another interval.
func (i Interval) Inside(o Interval) bool { return o.Lo <= i.Lo && i.Hi <= o.Hi }

// Clip cuts an interval at the ends of what its quantity can be, such as 0 and
// 1 of a share.
func (i Interval) Clip(lo, hi float64) Interval {
	return Interval{math.Min(math.Max(i.Lo, lo), hi), math.Max(math.Min(i.Hi, hi), lo)}
}

// hull is the interval from the lower of two lower ends to the upper of the upper ones.
func (i Interval) hull(o Interval) Interval {
	return Interval{math.Min(i.Lo, o.Lo), math.Max(i.Hi, o.Hi)}
}

// Negate gives the interval of the quantity with the opposite sign.
func (i Interval) Negate() Interval { return Interval{-i.Hi, -i.Lo} }

func around(centre, half float64) Interval { return Interval{centre - half, centre + half} }

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

var unknown = Interval{math.NaN(), math.NaN()}
