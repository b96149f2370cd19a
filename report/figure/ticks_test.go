package figure

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
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
		s := a.span(extent{values: values})
		for _, v := range values {
			if v < s.min || v > s.max {
				t.Fatalf("%g is outside of %v", v, s)
			}
		}
		seen := map[string]bool{}
		for _, tick := range a.ticks(s, 300, true) {
			slack := (s.max - s.min) * 1e-9
			if tick.value < s.min-slack || tick.value > s.max+slack {
				t.Fatalf("tick %g is outside of %v", tick.value, s)
			}
			if tick.label != "" && seen[tick.label+"^"+tick.exponent] {
				t.Fatalf("two ticks are labelled %s on %v", tick.label, s)
			}
			seen[tick.label+"^"+tick.exponent] = true
		}
		delete(seen, "^")
		if len(seen) < 2 || len(seen) > 12 {
			t.Fatalf("%d labels on %v (log %t)", len(seen), s, a.Log)
		}
	})
}

func TestTickLabels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		axis   Axis
		length vg.Length
		span   span
		want   []string
	}{
		{Axis{}, 400, span{min: 0, max: 1}, []string{"0", "0.2", "0.4", "0.6", "0.8", "1.0"}},
		{Axis{Whole: true}, 400, span{min: -0.1, max: 3.2}, []string{"0", "1", "2", "3"}},
		{Axis{}, 400, span{min: 0, max: 100}, []string{"0", "20", "40", "60", "80", "100"}},
		{Axis{}, 400, span{min: 1.0545e6, max: 1.0755e6}, []string{"1.055·10^6", "1.06·10^6", "1.065·10^6", "1.07·10^6", "1.075·10^6"}},
		{Axis{}, 400, span{min: 0.0012345, max: 0.0012395}, []string{"0.001235", "0.001236", "0.001237", "0.001238", "0.001239"}},
		{Axis{Log: true}, 400, span{min: 0.0009, max: 11, log: true}, []string{"0.001", "0.01", "0.1", "1", "10"}},
		{Axis{Log: true, Ticks: []float64{1, 2, 4, 8}}, 400, span{min: 0.9, max: 9, log: true}, []string{"1", "2", "4", "8"}},
		{Axis{Categories: []string{"a", "b"}}, 400, span{min: -0.6, max: 1.6}, []string{"a", "b"}},
		{Axis{Ticks: []float64{1, 1.2345678, 2}}, 400, span{min: 0, max: 3}, []string{"1", "1.235", "2"}},
		{Axis{Ticks: []float64{1, 1.2345678, 12345}}, 400, span{min: 0, max: 1.3}, []string{"1", "1.235"}},
		// In 100 points there is no room for 0.2 beside four digits with a point.
		{Axis{Ticks: []float64{0.1234567, 0.2, 0.5, 1}}, 100, span{min: 0, max: 1.2}, []string{"0.1235", "0.5", "1"}},
	} {
		var labels []string
		for _, tick := range c.axis.ticks(c.span, c.length, false) {
			if tick.label != "" {
				labels = append(labels, strings.TrimSuffix(tick.label+"^"+tick.exponent, "^"))
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

// Labels of numbers with many digits, below an axis that names of categories have made short, do not run into each other.
func TestLongTicksKeepApart(t *testing.T) {
	t.Parallel()
	s := span{min: 0.6926195018, max: 0.6926195112}
	for _, length := range []vg.Length{80, 200, 500} {
		last := vg.Length(math.Inf(-1))
		labels := 0
		for _, tick := range (Axis{}).ticks(s, length, false) {
			if tick.label == "" {
				continue
			}
			labels++
			half := tickStyle.Width(tick.label) / 2
			if at := vg.Length(s.share(tick.value)) * length; at-half < last {
				t.Errorf("%v points: %s runs into the label before it", length, tick.label)
			} else {
				last = at + half
			}
		}
		if labels == 0 {
			t.Errorf("%v points: no label", length)
		}
	}
}
