package figure

import (
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// edges gives where the cells of a panel end along x (0) or y (1): in the middle between neighbours, on a logarithmic axis
// between their logarithms.
func (p Panel) edges(along int) []float64 {
	places := p.places(along)
	if len(places) == 0 {
		return nil
	}
	log := [2]Axis{p.X, p.Y}[along].Log
	to, from := func(v float64) float64 { return v }, func(v float64) float64 { return v }
	if log {
		to, from = math.Log, math.Exp
	}
	first, last := 0.5, 0.5
	if n := len(places); n > 1 {
		first, last = (to(places[1])-to(places[0]))/2, (to(places[n-1])-to(places[n-2]))/2
	}
	all := []float64{from(to(places[0]) - first)}
	for i := 1; i < len(places); i++ {
		all = append(all, from((to(places[i-1])+to(places[i]))/2))
	}
	return append(all, from(to(places[len(places)-1])+last))
}

// places are the values along an axis at which there are cells.
func (p Panel) places(along int) []float64 {
	a := [2]Axis{p.X, p.Y}[along]
	var all []float64
	for _, c := range p.Cells {
		if v := [2]float64{c.X, c.Y}[along]; a.usable(v) {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// under is how far a cell is extended below the next ones, so that no gap is visible between them.
const under = vg.Length(0.6)

// tile is a cell on the page.
type tile struct {
	Cell
	at vg.Rectangle
}

// tiles places the cells, from below on the left to above on the right.
func (g frame) tiles() []tile {
	var all []tile
	xs, ys := g.places(0), g.places(1)
	xEdges, yEdges := g.edges(0), g.edges(1)
	for _, cell := range g.Cells {
		x, okX := slices.BinarySearch(xs, cell.X)
		y, okY := slices.BinarySearch(ys, cell.Y)
		if okX && okY {
			all = append(all, tile{cell, vg.Rectangle{Min: g.at(xEdges[x], yEdges[y]), Max: g.at(xEdges[x+1], yEdges[y+1])}})
		}
	}
	slices.SortStableFunc(all, func(a, b tile) int {
		if a.at.Min.Y != b.at.Min.Y {
			return int(math.Copysign(1, float64(a.at.Min.Y-b.at.Min.Y)))
		}
		return int(math.Copysign(1, float64(a.at.Min.X-b.at.Min.X)))
	})
	return all
}

// drawCells draws the heat map: colours, hatching over what ended early or is not known, and numbers.
func (g frame) drawCells(c draw.Canvas) {
	if len(g.Cells) > mostTiles {
		if img := g.background(); img != nil {
			x, y := g.edges(0), g.edges(1)
			c.DrawImage(vg.Rectangle{Min: g.at(x[0], y[0]), Max: g.at(x[len(x)-1], y[len(y)-1])}, img)
			return
		}
	}
	tiles := g.tiles()
	for _, t := range tiles {
		if math.IsNaN(t.Value) {
			continue
		}
		over := t.at
		over.Max = vg.Point{X: min(over.Max.X+under, g.area.Max.X), Y: min(over.Max.Y+under, g.area.Max.Y)}
		c.SetColor(g.Palette.of(g.colour.share(t.Value), t.Value))
		c.Fill(over.Path())
	}
	for _, t := range tiles {
		if missing := math.IsNaN(t.Value); missing || t.Ended != "" {
			t.hatch(c, missing, g.colour)
		}
	}
	fits := true
	for _, t := range tiles {
		fits = fits && widestLine(tickStyle, t.Text)+4 <= t.at.Max.X-t.at.Min.X && t.at.Max.Y-t.at.Min.Y >= textHeight(t.Text)
	}
	for _, t := range tiles {
		middle := vg.Point{X: (t.at.Min.X + t.at.Max.X) / 2, Y: (t.at.Min.Y + t.at.Max.Y) / 2}
		if fits && t.Text != "" {
			t.print(c, middle, g.colour)
		}
		on(c).point(middle, g.cellWords(t.Cell))
	}
}

// textHeight is the height of the lines of text in a cell.
func textHeight(text string) vg.Length { return vg.Length(1+linesIn(text)) * cellLeading }

// print writes the number of a cell in the colour that is told from its own best, on paper where it is hatched.
func (t tile) print(c draw.Canvas, middle vg.Point, colours span) {
	style := tickStyle
	style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
	if !math.IsNaN(t.Value) {
		style.Color = letterOn(heatColour(colours.share(t.Value)))
	}
	if math.IsNaN(t.Value) || t.Ended != "" {
		half := vg.Point{X: widestLine(style, t.Text)/2 + 2, Y: textHeight(t.Text) / 2}
		c.SetColor(cellPaper)
		c.Fill(vg.Rectangle{Min: middle.Sub(half), Max: middle.Add(half)}.Path())
		style.Color = cellInk
	}
	write(c, style, middle, cellLeading, signed(t.Text))
}

// hatch draws slanted lines over a cell, and for runs that diverged those across them, too.
func (t tile) hatch(c draw.Canvas, missing bool, colours span) {
	const apart = vg.Length(5)
	style := draw.LineStyle{Color: edge, Width: 0.8}
	if !missing {
		style.Color = letterOn(heatColour(colours.share(t.Value)))
	}
	a := t.at
	from := vg.Length(math.Ceil(float64((a.Min.X+a.Min.Y)/apart))) * apart
	for sum := from; sum < a.Max.X+a.Max.Y; sum += apart { // x + y is sum
		left, right := max(a.Min.X, sum-a.Max.Y), min(a.Max.X, sum-a.Min.Y)
		c.StrokeLine2(style, left, sum-left, right, sum-right)
	}
	if t.Ended != Diverged {
		return
	}
	from = vg.Length(math.Ceil(float64((a.Min.X-a.Max.Y)/apart))) * apart
	for difference := from; difference < a.Max.X-a.Min.Y; difference += apart { // x - y is difference
		left, right := max(a.Min.X, a.Min.Y+difference), min(a.Max.X, a.Max.Y+difference)
		c.StrokeLine2(style, left, left-difference, right, right-difference)
	}
}

// cellWords says what a cell stands for.
func (g frame) cellWords(cell Cell) string {
	lines := []string{g.X.words(cell.X), g.Y.words(cell.Y)}
	if !math.IsNaN(cell.Value) && g.Colour.Label != "" {
		lines = append(lines, g.Colour.words(cell.Value))
	}
	for _, more := range []string{string(cell.Ended), cell.Note} {
		if more != "" {
			lines = append(lines, more)
		}
	}
	return strings.Join(lines, "\n")
}

// The bar of the colours stands beside the area.
const (
	barGap   = vg.Length(8)
	barWidth = vg.Length(10) // without its numbers and its label
)

// besideBar is the width that the bar takes with its numbers and its label.
func (g frame) besideBar(height vg.Length) vg.Length {
	label := vg.Length(len(fit(labelStyle, g.Colour.Label, height, 2))) * labelLeading
	return barGap + barWidth + tickLength + tickGap + widest(g.Colour.ticks(g.colour, height, true)) + labelGap + label
}

func (g frame) drawBar(c draw.Canvas) {
	a := g.area
	x, height := a.Max.X+barGap, a.Max.Y-a.Min.Y
	at := func(share float64) vg.Length { return a.Min.Y + vg.Length(share)*height }
	for i := range shades {
		step := vg.Rectangle{Min: vg.Point{X: x, Y: at(float64(i) / shades)},
			Max: vg.Point{X: x + barWidth, Y: min(at(float64(i+1)/shades)+under, a.Max.Y)}}
		c.SetColor(g.Palette.of((float64(i)+0.5)/shades, 0))
		c.Fill(step.Path())
	}
	style := tickStyle
	style.YAlign = draw.YCenter
	ticks := g.Colour.ticks(g.colour, height, true)
	x += barWidth
	for _, t := range ticks {
		y, length := at(g.colour.share(t.value)), tickLength
		if t.label == "" {
			length /= 2
		}
		c.StrokeLine2(draw.LineStyle{Color: edge, Width: 0.7}, x, y, x+length, y)
		t.write(c, style, vg.Point{X: x + tickLength + tickGap, Y: y})
	}
	x += tickLength + tickGap + widest(ticks) + labelGap
	for i, line := range fit(labelStyle, g.Colour.Label, height, 2) {
		style := labelStyle
		style.Rotation, style.XAlign = math.Pi/2, draw.XCenter
		c.FillText(style, vg.Point{X: x + vg.Length(i)*labelLeading, Y: (a.Min.Y + a.Max.Y) / 2}, line)
	}
}

// shades is the number of colours of a heat map: neighbours cannot be told apart, and a page names each.
const shades = 32

// anchors are the colours between which those of a heat map are interpolated, from light to dark. Their lightness falls evenly,
// so that their order is seen in grey and with any kind of colour vision. They are those of matplotlib's viridis reversed, with
// a pale yellow for the lightest.
var anchors = []color.NRGBA{
	{0xFD, 0xF4, 0xBE, 0xFF}, {0xDB, 0xE7, 0x6C, 0xFF}, {0xAA, 0xDB, 0x32, 0xFF}, {0x5B, 0xC8, 0x62, 0xFF}, {0x27, 0xAD, 0x80, 0xFF},
	{0x20, 0x8F, 0x8C, 0xFF}, {0x2C, 0x71, 0x8E, 0xFF}, {0x3B, 0x51, 0x8A, 0xFF}, {0x47, 0x2B, 0x7A, 0xFF}, {0x44, 0x01, 0x54, 0xFF},
}

// heatColour is the colour of a share of the range, 0 to 1: low values are light, high ones dark.
func heatColour(share float64) color.NRGBA { return shade(min(int(share*shades), shades-1)) }

func shade(i int) color.NRGBA {
	at := float64(i) / (shades - 1) * float64(len(anchors)-1)
	from := min(int(at), len(anchors)-2)
	a, b, part := anchors[from], anchors[from+1], at-float64(from)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + part*(float64(b)-float64(a)))) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xFF}
}

// The letters on a cell, whose colours are the same by night.
var (
	cellInk   = color.NRGBA{0x00, 0x00, 0x00, 0xFF} // on a middle one nothing lighter has a contrast of 4.5
	cellPaper = color.NRGBA{0xFE, 0xFE, 0xFE, 0xFF} // not the white of the paper, which is dark by night
)

// letterOn is black or white, whichever has more contrast with a background.
func letterOn(background color.NRGBA) color.NRGBA {
	if contrast(cellInk, background) > contrast(cellPaper, background) {
		return cellInk
	}
	return cellPaper
}

// contrast is the contrast ratio of WCAG 2, from 1 to 21. Letters need at least 4.5.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of WCAG 2.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		if s := float64(v) / 0xFF; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		} else {
			return s / 12.92
		}
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
