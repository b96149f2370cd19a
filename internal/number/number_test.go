package number

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"nightshift/report/stat"
)

// plain makes no-break spaces plain ones.
func plain(text string) string { return strings.ReplaceAll(text, Space, " ") }

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
		{8e10, 1.1e10, 3.2e11, "0.8e11 in 0.1e11 to 3.2e11"},
		{3.1, 0.01, 780, "3.1 in 0.0 to 780.0"}, // of a half width of 390
		{0.3, -14, 15, "0 in −14 to 15"},
		{97.6, 97.6, 97.6, "97.6 in 97.6 to 97.6"},
		{0.6926195060, 0.6926195059, 0.6926195061, "0.6926195 in 0.6926195 to 0.6926195"},
	} {
		write := Digits(c.mean, stat.Interval{Lo: c.lo, Hi: c.hi})
		if got := fmt.Sprintf("%s in %s to %s", write(c.mean), write(c.lo), write(c.hi)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if got := Interval(1, stat.Interval{Lo: 1, Hi: 1}); got != "the same in every repeat" {
		t.Errorf("without a width: %q", got)
	}
	if got := plain(Interval(0.6926, stat.Interval{Lo: 0.6926 - 2e-9, Hi: 0.6926 + 2e-9})); got != "95 % CI ±2.0e−9" {
		t.Errorf("narrower than anybody reads: %q", got)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		0: "0", 1234.5: "1234", 97.556: "97.6", 2.776: "2.78", 0.0444: "0.044", -0.5: "−0.50", 0.00065: "0.00065",
		0.0000123: "1.2e−5", 12345678: "1.2e7", math.NaN(): "–",
	} {
		if got := Plain(v); got != want {
			t.Errorf("Plain(%g) is %q, want %q", v, got, want)
		}
	}
}

func TestP(t *testing.T) {
	t.Parallel()
	for p, want := range map[float64]string{0.0312: "= 0.031", 1: "= 1.00", 1e-4: "= 0.00010", 0.99e-4: "< 0.0001",
		0: "< 0.0001", math.NaN(): "= –"} {
		if got := P(p); got != want {
			t.Errorf("p %g is %q, want %q", p, got, want)
		}
	}
}

func TestWritten(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0.0233: "0.0233", 100 * 0.07: "7", -0.5: "−0.5", 1e-9: "1e−9", 1e6: "1e6",
		12345.678: "12345.678"} {
		if got := Written(v); got != want {
			t.Errorf("%g is written %q, want %q", v, got, want)
		}
	}
}
