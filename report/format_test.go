package report

import (
	"math"
	"testing"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		0: "0", 1234.5: "1234", 97.556: "97.6", 2.776: "2.78", 0.0444: "0.044", -0.5: "-0.50", 0.00065: "0.00065",
		0.0000123: "1.2e-5", math.NaN(): "–",
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
