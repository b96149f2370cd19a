package dataset

import (
	"fmt"
	"math"
	"strconv"
)

// Amount is a number of examples or, above 0 and below 1, a fraction of the
// examples of a file. 0 is what a file has.
type Amount float64

// Fraction tells a fraction from a number of examples.
func (a Amount) Fraction() bool { return a > 0 && a < 1 }

// Count is the number of examples; 0 where only the file knows it.
func (a Amount) Count() int {
	if a.Fraction() {
		return 0
	}
	return int(min(a, 1<<53))
}

// of is the number of examples that an amount stands for among n; a fraction
// stands for one at least.
func (a Amount) of(n int) int {
	if a.Fraction() {
		return max(1, int(math.Round(float64(a)*float64(n))))
	}
	return a.Count()
}

// String writes a number without exponent, as it was before there were fractions.
func (a Amount) String() string {
	if a == Amount(math.Trunc(float64(a))) && math.Abs(float64(a)) <= 1<<53 {
		return strconv.FormatInt(int64(a), 10)
	}
	return strconv.FormatFloat(float64(a), 'g', -1, 64)
}

// ofThem is an amount in messages: 0.6 (90 of 150), or 90.
func (a Amount) ofThem(n int) string {
	if a.Fraction() {
		return fmt.Sprintf("%v (%d of %d)", a, a.of(n), n)
	}
	return a.String()
}

// allOfIt tells fractions that leave no example of a file over; the rounding of
// decimal fractions is no remainder.
func allOfIt(fractions ...Amount) bool {
	sum := 0.0
	for _, f := range fractions {
		if f != 0 && !f.Fraction() {
			return false
		}
		sum += float64(f)
	}
	return math.Abs(sum-1) < 1e-9
}
