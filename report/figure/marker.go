package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Markers by name, for Style.Marker.
const (
	NoMarker = iota - 1
	Circle
	Square
	Triangle
	Diamond
	OutlinedCircle
	OutlinedSquare
	OutlinedTriangle
	OutlinedDiamond
)

// markers are the shapes in the order of their names: the outlined ones repeat the solid ones.
var markers = []shape{
	{}, {corners: 4, turn: math.Pi / 4}, {corners: 3, turn: math.Pi / 2}, {corners: 4},
	{outlined: true}, {corners: 4, turn: math.Pi / 4, outlined: true},
	{corners: 3, turn: math.Pi / 2, outlined: true}, {corners: 4, outlined: true},
}

// outlined is how far a solid shape is from the same in outlines, the sign of a median.
const outlined = OutlinedCircle - Circle

// shape is a marker: a circle, a regular polygon, or the strokes from its middle to its
// corners (of two, a bar).
type shape struct {
	corners           int
	turn              float64
	outlined, strokes bool
}

// DrawGlyph draws it with an area that hardly depends on the shape.
func (s shape) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	radius := style.Radius
	if s.corners > 2 {
		radius *= vg.Length(math.Sqrt(2 * math.Pi / (float64(s.corners) * math.Sin(2*math.Pi/float64(s.corners)))))
	}
	var path vg.Path
	c.SetLineStyle(draw.LineStyle{Color: style.Color, Width: 1.5})
	if s.corners == 0 {
		path.Move(vg.Point{X: at.X + radius, Y: at.Y})
		path.Arc(at, radius, 0, 2*math.Pi)
	}
	for i := range s.corners {
		sin, cos := math.Sincos(s.turn + 2*math.Pi*float64(i)/float64(s.corners))
		corner := vg.Point{X: at.X + radius*vg.Length(cos), Y: at.Y + radius*vg.Length(sin)}
		if i == 0 || s.strokes {
			if s.strokes {
				path.Move(at)
				path.Line(corner)
				continue
			}
			path.Move(corner)
			continue
		}
		path.Line(corner)
	}
	if s.strokes {
		c.Stroke(path)
		return
	}
	path.Close()
	if s.outlined {
		c.Stroke(path)
		return
	}
	c.SetColor(style.Color)
	c.Fill(path)
}
