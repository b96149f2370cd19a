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
