// Package stat holds the statistics behind the figures: plain functions from
// numbers to plain structs. A doubt about a result travels inside it, as a
// warning in words.
//
// Intervals are at the 95 % level unless they say otherwise.
package stat

import "math"

const (
	level  = 0.95
	narrow = 0.90 // of two one-sided tests at 5 %
)

// Interval is a range of plausible values; both ends are NaN where the data
// support none.
type Interval struct{ Lo, Hi float64 }

// Known says whether there is an interval at all.
func (i Interval) Known() bool { return !math.IsNaN(i.Lo) && !math.IsNaN(i.Hi) }

// Contains says whether v lies inside.
func (i Interval) Contains(v float64) bool { return i.Lo <= v && v <= i.Hi }

// Inside says whether all of it lies inside of another interval.
func (i Interval) Inside(o Interval) bool { return o.Lo <= i.Lo && i.Hi <= o.Hi }

var unknown = Interval{math.NaN(), math.NaN()}
