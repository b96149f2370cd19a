package report

import (
	"image/color"
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

var dashes = [][]vg.Length{nil, {5, 3}, {1.5, 2.5}, {8, 3, 1.5, 3}}

var markers = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.SquareGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.BoxGlyph{}, draw.TriangleGlyph{},
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
