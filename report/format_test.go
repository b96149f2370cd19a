package report

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"nightshift/report/stat"
)

// plainSpaces makes no-break spaces plain ones.
func plainSpaces(text string) string { return strings.ReplaceAll(text, space, " ") }

// The interval says how many digits mean something: two of its half width, for
// the mean and both of its ends.
func TestDigits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mean, lo, hi float64
		want         string
	}{
		{0.13742, 0.13312, 0.14172, "0.1374 in 0.1331 to 0.1417"},
		{12.345, -1.2, 25.9, "12 in −1 to 26"},
		{-0.004, -0.5, 0.492, "0.00 in −0.50 to 0.49"},
		{1234.5, 1114.5, 1354.5, "1230 in 1110 to 1350"},
		{1.234e-8, 1.134e-8, 1.334e-8, "1.23e−8 in 1.13e−8 to 1.33e−8"},
		{97.6, 97.6, 97.6, "97.6 in 97.6 to 97.6"},
		{0.6926195060, 0.6926195059, 0.6926195061, "0.6926195 in 0.6926195 to 0.6926195"},
	} {
		write := digits(c.mean, stat.Interval{Lo: c.lo, Hi: c.hi})
		if got := fmt.Sprintf("%s in %s to %s", write(c.mean), write(c.lo), write(c.hi)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if got := interval(1, stat.Interval{Lo: 1, Hi: 1}); got != "the same in every repeat" {
		t.Errorf("without a width: %q", got)
	}
	if got := plainSpaces(interval(0.6926, stat.Interval{Lo: 0.6926 - 2e-9, Hi: 0.6926 + 2e-9})); got != "95 % CI ±2.0e−9" {
		t.Errorf("narrower than anybody reads: %q", got)
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		0: "0", 1234.5: "1234", 97.556: "97.6", 2.776: "2.78", 0.0444: "0.044", -0.5: "−0.50", 0.00065: "0.00065",
		0.0000123: "1.2e−5", math.NaN(): "–",
	} {
		if got := number(v); got != want {
			t.Errorf("number(%g) is %q, want %q", v, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]string{
		0.0321: "32 ms", 1.5: "1.50 s", 59.4: "59.4 s", 59.97: "1 min", 150: "2 min 30 s", 599.8: "10 min", 3599: "1 h",
		3660: "1 h 1 min", 36000: "10 h", 93600: "26 h",
	} {
		if got := duration(seconds); got != want {
			t.Errorf("%g s is %q, want %q", seconds, got, want)
		}
	}
}
