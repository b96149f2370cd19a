package figure

import (
	"math"
	"testing"
)

// An interval that is far wider than the data stretches the axis by
// twice the range of the data at each end and no further; that of a single value fits.
func TestAxisLimitsIntervals(t *testing.T) {
	t.Parallel()
	s := Axis{}.span(extent{values: []float64{1, 2}, ends: []float64{-100, 100}})
	if s.min < -1.5 || s.max > 4.5 || s.min > -1 || s.max < 4 {
		t.Errorf("span %v", s)
	}
	if s := (Axis{}).span(extent{values: []float64{2, 2}, ends: []float64{-1, 5}}); s.min > -1 || s.max < 5 {
		t.Errorf("span %v of equal values with an interval from -1 to 5", s)
	}
	if s := (Axis{Most: 100, Zero: true}).span(extent{values: []float64{3, 99}}); s.min != 0 || s.max != 100 {
		t.Errorf("span of an error %v", s)
	}
}

// Values that differ in their last bits only are drawn as one: between them no
// steps could be counted.
func TestAxisOfOneValue(t *testing.T) {
	t.Parallel()
	for _, a := range []Axis{{}, {Log: true}, {Zero: true}} {
		for _, v := range []float64{math.Ln2, 1e-3, 0.1, 1, 10, 12345} { // the logarithm of 1 is 0
			s := a.span(extent{values: []float64{v, math.Nextafter(v, 2*v)}})
			if !(s.min < 0.95*v && 1.05*v < s.max) {
				t.Fatalf("%+v: %v has the span %v", a, v, s)
			}
			if n := len(a.ticks(s, 200, true)); n < 2 || n > 20 {
				t.Errorf("%+v: %d ticks on %v", a, n, s)
			}
		}
	}
}

// A run that diverges to 1e38 takes a logarithmic axis three powers of ten beyond the others, and a share that is 0 everywhere
// has an axis on which a hundredth of all can be seen.
func TestAxisOfDivergedRuns(t *testing.T) {
	t.Parallel()
	p := Panel{Y: Axis{Log: true}, Series: []Series{{Means: []Point{{X: 0, Y: 1}, {X: 1, Y: 0.01}},
		Repeats: []Repeat{{Points: []XY{{0, 1}, {1, 1e38}}, Ended: Diverged}}}}}
	if s := (Figure{Panels: []Panel{p}}).ranges()[1][0]; s.max < 1e3 || s.max > 1e4 || s.min > 0.01 || s.share(1e38) > 1 {
		t.Errorf("span %v", s)
	}
	p.Series[0].Means = nil
	if s := (Figure{Panels: []Panel{p}}).ranges()[1][0]; s.max < 1e38 {
		t.Errorf("span %v where there is nothing else", s)
	}
	if s := (Axis{Zero: true, Most: 100}).span(extent{values: []float64{0, 0}}); s.min != 0 || s.max < 1 {
		t.Errorf("span %v of a share of 0", s)
	}
}
