package report

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is drawn, the axis holds it and has labels that can be told apart.
func TestAxisTicks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := Axis{Log: rapid.Bool().Draw(t, "log"), Zero: rapid.Bool().Draw(t, "zero")}
		low := rapid.Float64Range(-3, 3).Draw(t, "exponent")
		values := rapid.SliceOfN(rapid.Float64Range(0, 4), 1, 5).Draw(t, "above")
		for i, v := range values {
			values[i] = math.Pow(10, low+v)
		}
		s := a.span(values, nil)
		for _, v := range values {
			if v < s.min || v > s.max {
				t.Fatalf("%g is outside of %v", v, s)
			}
		}
		seen := map[string]bool{}
		for _, tick := range a.ticks(s) {
			slack := (s.max - s.min) * 1e-9
			if tick.Value < s.min-slack || tick.Value > s.max+slack {
				t.Fatalf("tick %g is outside of %v", tick.Value, s)
			}
			if tick.Label != "" && seen[tick.Label] {
				t.Fatalf("two ticks are labelled %s on %v", tick.Label, s)
			}
			seen[tick.Label] = true
		}
		delete(seen, "")
		if len(seen) < 2 || len(seen) > 12 {
			t.Fatalf("%d labels on %v (log %t)", len(seen), s, a.Log)
		}
	})
}

func TestTickLabels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		axis Axis
		span span
		want []string
	}{
		{Axis{}, span{0, 1}, []string{"0", "0.2", "0.4", "0.6", "0.8", "1.0"}},
		{Axis{Whole: true}, span{-0.1, 3.2}, []string{"0", "1", "2", "3"}},
		{Axis{}, span{0, 100}, []string{"0", "20", "40", "60", "80", "100"}},
		{Axis{}, span{1.0545e6, 1.0755e6}, []string{"1.055e+06", "1.06e+06", "1.065e+06", "1.07e+06", "1.075e+06"}},
		{Axis{}, span{0.0012345, 0.0012395}, []string{"0.001235", "0.001236", "0.001237", "0.001238", "0.001239"}},
		{Axis{Log: true}, span{0.0009, 11}, []string{"0.001", "0.01", "0.1", "1", "10"}},
		{Axis{Log: true, Ticks: []float64{1, 2, 4, 8}}, span{0.9, 9}, []string{"1", "2", "4", "8"}},
		{Axis{Categories: []string{"a", "b"}}, span{-0.6, 1.6}, []string{"a", "b"}},
		{Axis{Ticks: []float64{1, 1.2345678, 2}}, span{0, 3}, []string{"1", "2"}},
		{Axis{Ticks: []float64{1, 1.2345678, 12345}}, span{0, 1.3}, []string{"1", "1.235"}},
		// In 100 points there is no room for 0.2 beside four digits with a point.
		{Axis{Ticks: []float64{0.1234567, 0.2, 0.5, 1}, length: 100}, span{0, 1.2}, []string{"0.1235", "0.5", "1"}},
	} {
		var labels []string
		for _, tick := range c.axis.ticks(c.span) {
			if tick.Label != "" {
				labels = append(labels, tick.Label)
			}
		}
		if len(labels) != len(c.want) {
			t.Errorf("%+v: %q, want %q", c.axis, labels, c.want)
			continue
		}
		for i := range labels {
			if labels[i] != c.want[i] {
				t.Errorf("%+v: %q, want %q", c.axis, labels, c.want)
				break
			}
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		0: "0", 1234.5: "1234", 97.556: "97.6", 2.776: "2.78", 0.0444: "0.044", -0.5: "-0.50", 0.00065: "0.00065", 0.0000123: "1.2e-5", math.NaN(): "–",
	} {
		if got := number(v); got != want {
			t.Errorf("number(%g) is %q, want %q", v, got, want)
		}
	}
}

// An interval that is far wider than the data stretches the axis by a quarter
// at each end and no further.
func TestAxisLimitsIntervals(t *testing.T) {
	t.Parallel()
	s := Axis{}.span([]float64{1, 2}, []float64{-100, 100})
	if s.min < 0.5 || s.max > 2.5 || s.min > 0.8 || s.max < 2.2 {
		t.Errorf("span %v", s)
	}
	if s := (Axis{Most: 100, Zero: true}).span([]float64{3, 99}, nil); s.min != 0 || s.max != 100 {
		t.Errorf("span of an error %v", s)
	}
}

func TestUseLogNeedsDecadesAndPositiveEnds(t *testing.T) {
	for _, c := range []struct {
		what   string
		means  []float64
		factor float64
		want   bool
	}{
		{"a fall by two decades", []float64{90, 10, 0.9}, 20, true},
		{"a fall within the factor", []float64{90, 10, 5}, 20, false},
		{"an error of 0", []float64{90, 10, 0}, 20, false},
	} {
		var s Series
		for i, y := range c.means {
			s.Means = append(s.Means, Point{X: float64(i), Y: y})
		}
		panels := []Panel{{Series: []Series{s}}, {}}
		useLog(panels, c.factor, mean)
		if panels[0].Y.Log != c.want || panels[1].Y.Log != c.want {
			t.Errorf("%s: %v and %v, want %v", c.what, panels[0].Y.Log, panels[1].Y.Log, c.want)
		}
	}
}

// Values that differ in their last bits only are drawn as one: between them no
// steps could be counted.
func TestAxisOfOneValue(t *testing.T) {
	t.Parallel()
	for _, a := range []Axis{{}, {Log: true}, {Zero: true}} {
		for _, v := range []float64{math.Ln2, 1e-3, 0.1, 1, 10, 12345} { // the logarithm of 1 is 0
			s := a.span([]float64{v, math.Nextafter(v, 2*v)}, nil)
			if !(s.min < 0.95*v && 1.05*v < s.max) {
				t.Fatalf("%+v: %v has the span %v", a, v, s)
			}
			if n := len(a.ticks(s)); n < 2 || n > 20 {
				t.Errorf("%+v: %d ticks on %v", a, n, s)
			}
		}
	}
}
