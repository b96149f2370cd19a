package figure

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// layer is from where to where an area goes at one of its points.
type layer struct{ from, to float64 }

// stack gives the layers of every series that is an area; where one has no value the next stands on what is below it.
func stack(all []Series) [][]layer {
	layers := make([][]layer, len(all))
	tops := map[float64]float64{}
	for i, s := range all {
		if !s.Area {
			continue
		}
		for _, m := range s.Means {
			from := tops[m.X]
			to := from + m.Y
			layers[i] = append(layers[i], layer{from, to})
			if !math.IsNaN(to) {
				tops[m.X] = to
			}
		}
	}
	return layers
}

// drawAreas fills the areas, each with its upper edge as a line.
func (g frame) drawAreas(c draw.Canvas) {
	layers := stack(g.Series)
	for i, s := range g.Series {
		if !s.Area {
			continue
		}
		var upper, lower []vg.Point
		for k, m := range s.Means {
			if l := layers[i][k]; drawable(m.X, l.to) {
				upper, lower = append(upper, g.at(m.X, l.to)), append(lower, g.at(m.X, l.from))
			}
		}
		if len(upper) < 2 {
			continue
		}
		slices.Reverse(lower)
		on(c).series(s.Label, func() {
			c.FillPolygon(withAlpha(s.Style.colour(), 0x80), slices.Concat(upper, lower))
			c.StrokeLines(s.Style.line(), upper)
		})
	}
}
