package report

import (
	"image/color"
	"math"
	"strings"

	ximage "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Eight colours that people with any kind of colour vision can tell apart
// (Okabe and Ito), the yellow left out because it vanishes on white.
var colours = []color.NRGBA{
	{0x00, 0x72, 0xB2, 0xFF}, // blue
	{0xD5, 0x5E, 0x00, 0xFF}, // vermilion
	{0x00, 0x9E, 0x73, 0xFF}, // bluish green
	{0xCC, 0x79, 0xA7, 0xFF}, // reddish purple
	{0xE6, 0x9F, 0x00, 0xFF}, // orange
	{0x56, 0xB4, 0xE9, 0xFF}, // sky blue
	{0x22, 0x22, 0x22, 0xFF}, // black
}

// Colours with a meaning of their own.
const (
	blue, vermilion, green, black = 0, 1, 2, 6
)

var dashes = [][]vg.Length{nil, {5, 3}, {1.5, 2.5}, {8, 3, 1.5, 3}}

// The outlined shapes repeat the solid ones.
var markers = []shape{
	{corners: 24}, {corners: 4, turn: math.Pi / 4}, {corners: 3, turn: math.Pi / 2}, {corners: 4},
	{corners: 24, outlined: true}, {corners: 4, turn: math.Pi / 4, outlined: true},
	{corners: 3, turn: math.Pi / 2, outlined: true}, {corners: 4, outlined: true},
}

// shape is a marker: a regular polygon, or the strokes from its middle to its
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

var (
	ink   = color.NRGBA{0x22, 0x22, 0x22, 0xFF}
	faint = color.NRGBA{0x6A, 0x6A, 0x6A, 0xFF}
	rule  = color.NRGBA{0xE4, 0xE4, 0xE4, 0xFF}
	edge  = color.NRGBA{0x99, 0x99, 0x99, 0xFF}
)

const (
	lineWidth = vg.Length(1.8)
	thinWidth = vg.Length(0.5)
)

func (l Look) colour() color.NRGBA { return colours[l.Colour%len(colours)] }

func (l Look) line() draw.LineStyle {
	return draw.LineStyle{Color: l.colour(), Width: lineWidth, Dashes: dashes[l.Dash%len(dashes)]}
}

func (l Look) thin() draw.LineStyle {
	return draw.LineStyle{Color: veil(l.colour(), 0x70), Width: thinWidth, Dashes: dashes[l.Dash%len(dashes)]}
}

func (l Look) marker(size vg.Length) draw.GlyphStyle {
	if l.Marker < 0 {
		return draw.GlyphStyle{}
	}
	return draw.GlyphStyle{Color: l.colour(), Radius: size, Shape: markers[l.Marker%len(markers)]}
}

func veil(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}

// lettering is the sans-serif that every text of a figure is set in.
func lettering(size vg.Length, bold bool, c color.Color) draw.TextStyle {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = ximage.WeightBold
	}
	return draw.TextStyle{Color: c, Font: f, Handler: plot.DefaultTextHandler, XAlign: draw.XLeft, YAlign: draw.YTop}
}

// wrap breaks a text into lines no wider than width.
func wrap(style draw.TextStyle, text string, width vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if line != "" && style.Width(longer) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
