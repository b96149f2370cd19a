package formula

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// TestParse: formulas whose values are known.
func TestParse(t *testing.T) {
	for text, want := range map[string]float64{ // at x = 3
		"2": 2, "x": 3, "1e-5": 1e-5, "2E+1 * x": 60, "1-x": -2, "4*x*(1-x)^2": 48, "-x^2": -9, "2^-1": 0.5, "2^3^2": 512, "8/2/2": 2,
		"5 - 2 - 1": 2, "sqrt(x+1)": 2, "exp(0) + log(1)": 1, "1/(2*x*(1-x))": -1.0 / 12, "--x": 3, "2*-x": -6, ".5*x": 1.5,
	} {
		f, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := f(3); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %g, want %g", text, got, want)
		}
	}
}

// TestMistakes: each has its place.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]struct {
		at   int
		says string
	}{
		"": {0, "missing"}, "1 +": {3, "missing"}, "(1": {2, "closing bracket"}, "2 y": {2, "follows"}, "2*p": {2, `found "p"`},
		"sin(x)": {0, `found "sin"`}, "sqrt x": {0, `found "sqrt"`}, "1)": {1, "follows"}, "0x1p": {0, "found"}, "inf": {0, "found"},
		"1e999":                  {0, "found"},
		strings.Repeat("-", 200): {100, "too many"}, strings.Repeat("(", 200): {100, "too many"},
	} {
		_, err := Parse(text)
		var m *Mistake
		if !errors.As(err, &m) || m.At != want.at || !strings.Contains(m.Text, want.says) {
			t.Errorf("%.20q: %+v, want %q at %d", text, m, want.says, want.at)
		}
	}
}
