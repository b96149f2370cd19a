package report

import (
	"strings"
	"testing"

	"nightshift/internal/number"
)

// plainSpaces makes no-break spaces plain ones.
func plainSpaces(text string) string { return strings.ReplaceAll(text, number.Space, " ") }

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
