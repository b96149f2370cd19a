package figure

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// colours are those that people with any kind of colour vision can tell apart
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

// Colours with a meaning of their own, for Style.Colour.
const (
	Blue, Vermilion, Green, Purple, Black = 0, 1, 2, 3, 6
)

// Dash patterns by name, for Style.Dash.
const (
	Solid = iota
	Dashed
	Dotted
	DashDotted
)

var dashes = [][]vg.Length{nil, {5, 3}, {1.5, 2.5}, {8, 3, 1.5, 3}}

var (
	ink   = color.NRGBA{0x22, 0x22, 0x22, 0xFF}
	faint = color.NRGBA{0x6A, 0x6A, 0x6A, 0xFF}
	rule  = color.NRGBA{0xE4, 0xE4, 0xE4, 0xFF}
	paper = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
	edge  = color.NRGBA{0x99, 0x99, 0x99, 0xFF}
)

// variables are the names of the colours in the style sheet of a page.
var variables = named()

func named() map[color.NRGBA]string {
	all := map[color.NRGBA]string{
		colours[0]: "c0", colours[1]: "c1", colours[2]: "c2", colours[3]: "c3", colours[4]: "c4", colours[5]: "c5",
		ink: "ink", faint: "faint", rule: "rule", edge: "edge", // black is ink
		paper: "sheet", cellInk: "cell-ink", cellPaper: "cell-paper",
	}
	for i := range shades {
		all[shade(i)] = fmt.Sprintf("h%d", i)
	}
	return all
}

const (
	lineWidth = vg.Length(1.8)
	thinWidth = vg.Length(0.5)
)

func (s Style) colour() color.NRGBA { return colours[max(s.Colour, 0)%len(colours)] }

func (s Style) line() draw.LineStyle {
	return draw.LineStyle{Color: s.colour(), Width: lineWidth, Dashes: dashes[max(s.Dash, 0)%len(dashes)]}
}

func (s Style) thin() draw.LineStyle {
	return draw.LineStyle{Color: withAlpha(s.colour(), 0x70), Width: thinWidth, Dashes: dashes[max(s.Dash, 0)%len(dashes)]}
}

func (s Style) marker(size vg.Length) draw.GlyphStyle {
	if s.Marker <= NoMarker {
		return draw.GlyphStyle{}
	}
	return draw.GlyphStyle{Color: s.colour(), Radius: size, Shape: markers[s.Marker%len(markers)]}
}

func withAlpha(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}
