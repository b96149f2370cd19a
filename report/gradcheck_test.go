package report

import (
	"math"
	"testing"
)

// The V of differences: slopes 1 and 2 on the right of it, and the best steps near the roots of the precision.
func TestGradcheckIsAV(t *testing.T) {
	t.Parallel()
	f := build(t, mustRead(t, fate("")), "gradcheck")[0]
	if len(f.Panels) != 3 {
		t.Errorf("%d panels of three pairs of activation and loss", len(f.Panels))
	}
	for _, p := range f.Panels {
		for scheme, s := range p.Series {
			at := map[float64]float64{}
			best, least := 0.0, math.Inf(1)
			for _, m := range s.Means {
				at[math.Round(math.Log10(m.X)*stepsPerDecade)] = m.Y
				if m.Y < least {
					best, least = m.X, m.Y
				}
			}
			slope := math.Log10(at[-2*stepsPerDecade] / at[-3*stepsPerDecade])
			if want := float64(scheme + 1); math.Abs(slope-want) > 0.1 {
				t.Errorf("%s, %s: slope %v, want %v", p.Title, s.Label, slope, want)
			}
			expected := []float64{1.5e-8, 6e-6}[scheme]
			if ratio := best / expected; ratio < 0.05 || ratio > 20 {
				t.Errorf("%s, %s: best at %v, want about %v", p.Title, s.Label, best, expected)
			}
		}
	}
}
