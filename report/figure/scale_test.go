package figure

import "testing"

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
		{"a fall by two decades, then 0", []float64{90, 10, 0.9, 0}, 20, true},
		{"a difference below 0", []float64{90, 10, -0.9}, 20, false},
		{"nothing but 0", []float64{0, 0}, 20, false},
	} {
		var s Series
		for i, y := range c.means {
			s.Means = append(s.Means, Point{X: float64(i), Y: y})
		}
		panels := []Panel{{Series: []Series{s}}, {}}
		UseLog(panels, c.factor, Point.Mean)
		if panels[0].Y.Log != c.want || panels[1].Y.Log != c.want {
			t.Errorf("%s: %v and %v, want %v", c.what, panels[0].Y.Log, panels[1].Y.Log, c.want)
		}
	}
}
