package figure

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawContours draws a line along each of the values through the cells, whose values belong to their middles.
func (g frame) drawContours(c draw.Canvas) {
	if len(g.Contours) == 0 {
		return
	}
	xs, ys := g.places(0), g.places(1)
	value := map[XY]float64{}
	for _, cell := range g.Cells {
		value[XY{cell.X, cell.Y}] = cell.Value
	}
	style := draw.LineStyle{Color: cellPaper, Width: 0.8}
	if g.Palette != Sequential { // on a pale ground
		style = draw.LineStyle{Color: cellInk, Width: 1.2}
	}
	for _, level := range slices.Sorted(slices.Values(g.Contours)) {
		for i := 1; i < len(xs); i++ {
			for j := 1; j < len(ys); j++ {
				corners := [4]XY{{xs[i-1], ys[j-1]}, {xs[i], ys[j-1]}, {xs[i], ys[j]}, {xs[i-1], ys[j]}}
				for _, line := range g.crossing(corners, value, level) {
					c.StrokeLines(style, line)
				}
			}
		}
	}
}

// crossing gives the lines of a level through a square of four middles (marching squares). Where the level crosses all four
// sides, the two lines go around the corners that are on the other side than the centre.
func (g frame) crossing(corners [4]XY, value map[XY]float64, level float64) [][]vg.Point {
	var at []vg.Point // where the level crosses the sides, in their order
	mean := 0.0
	for k, a := range corners {
		b := corners[(k+1)%4]
		u, okA := value[a]
		v, okB := value[b]
		if !okA || !okB || math.IsNaN(u) || math.IsNaN(v) || math.IsInf(u, 0) || math.IsInf(v, 0) {
			return nil
		}
		mean += u / 4
		if u < level == (v < level) {
			continue
		}
		from, to, part := g.at(a.X, a.Y), g.at(b.X, b.Y), vg.Length((level-u)/(v-u))
		at = append(at, from.Add(to.Sub(from).Scale(part)))
	}
	switch {
	case len(at) == 2:
		return [][]vg.Point{at}
	case len(at) == 4 && (mean < level) == (value[corners[0]] < level):
		return [][]vg.Point{{at[0], at[1]}, {at[2], at[3]}}
	case len(at) == 4:
		return [][]vg.Point{{at[3], at[0]}, {at[1], at[2]}}
	}
	return nil
}
