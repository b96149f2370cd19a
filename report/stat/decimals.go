package stat

import "math"

// Decimals gives the number of decimals at which an interval of this half-width
// is printed, its middle and both of its ends: two significant digits of the
// half-width. 0.0043 gives 4, 12.3 gives 0. It is negative where digits before
// the point mean nothing: -1 says tens. There is none for 0, NaN and infinity.
func Decimals(half float64) (decimals int, ok bool) {
	half = math.Abs(half)
	if half == 0 || !isFinite(half) {
		return 0, false
	}
	exponent := math.Floor(math.Log10(half))
	if math.Round(half/math.Pow(10, exponent-1)) >= 100 { // 0.0996 is 0.10
		exponent++
	}
	return int(1 - exponent), true
}
