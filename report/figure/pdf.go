package figure

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pdf is a canvas that writes the content of a PDF page. Letters are drawn as their outlines, so that every sign looks the same
// everywhere and no font is needed.
type pdf struct {
	b        bytes.Buffer
	alphas   []uint8       // opacities in use, the resources of the page
	pictures []image.Image // likewise
	widths   []vg.Length   // of the pen, saved by Push
	outlines outlines
}

var _ vg.Canvas = (*pdf)(nil)

func (l layout) pdf() ([]byte, error) {
	c := &pdf{widths: []vg.Length{1}, outlines: outlines{}}
	l.draw(draw.NewCanvas(c, l.width, l.height()))
	page, err := c.document(l.width, l.height(), l.Title)
	if err != nil {
		return nil, fmt.Errorf("figure %s: %w", l.Name, err)
	}
	return page, nil
}

// put writes an operator behind its operands.
func (c *pdf) put(operator string, operands ...float64) {
	for _, v := range operands {
		c.b.WriteString(real(v))
		c.b.WriteByte(' ')
	}
	c.b.WriteString(operator)
	c.b.WriteByte('\n')
}

// real is a number as PDF writes it, without an exponent.
func real(v float64) string {
	text := fmt.Sprintf("%.3f", v)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// SetLineWidth and the methods below are those of vg.Canvas.
func (c *pdf) SetLineWidth(w vg.Length) {
	c.widths[len(c.widths)-1] = w
	c.put("w", float64(w))
}

func (c *pdf) SetLineDash(pattern []vg.Length, offset vg.Length) {
	c.b.WriteByte('[')
	for _, d := range pattern {
		c.b.WriteString(real(float64(d)) + " ")
	}
	c.put("] " + real(float64(offset)) + " d")
}

func (c *pdf) SetColor(colour color.Color) {
	if colour == nil {
		colour = color.Black
	}
	n := color.NRGBAModel.Convert(colour).(color.NRGBA)
	r, g, b := float64(n.R)/0xFF, float64(n.G)/0xFF, float64(n.B)/0xFF
	c.put("rg", r, g, b)
	c.put("RG", r, g, b)
	if !slices.Contains(c.alphas, n.A) {
		c.alphas = append(c.alphas, n.A)
	}
	c.put(fmt.Sprintf("/A%d gs", n.A))
}

func (c *pdf) Push() {
	c.widths = append(c.widths, c.widths[len(c.widths)-1])
	c.put("q")
}

func (c *pdf) Pop() {
	c.widths = c.widths[:len(c.widths)-1]
	c.put("Q")
}

func (c *pdf) Rotate(by float64) {
	sin, cos := math.Sincos(by)
	fmt.Fprintf(&c.b, "%.6f %.6f %.6f %.6f 0 0 cm\n", cos, sin, -sin, cos)
}

func (c *pdf) Translate(by vg.Point) { c.put("cm", 1, 0, 0, 1, float64(by.X), float64(by.Y)) }
func (c *pdf) Scale(x, y float64)    { c.put("cm", x, 0, 0, y, 0, 0) }

func (c *pdf) Stroke(p vg.Path) {
	if c.widths[len(c.widths)-1] > 0 {
		c.path(p)
		c.put("S")
	}
}

func (c *pdf) Fill(p vg.Path) {
	c.path(p)
	c.put("f")
}

func (c *pdf) path(p vg.Path) {
	var last vg.Point
	for _, part := range p {
		switch part.Type {
		case vg.MoveComp:
			c.to("m", part.Pos)
		case vg.LineComp:
			c.to("l", part.Pos)
		case vg.ArcComp:
			last = c.arc(part)
			continue
		case vg.CurveComp:
			c.curve(last, part)
		case vg.CloseComp:
			c.put("h")
			continue
		}
		last = part.Pos
	}
}

func (c *pdf) to(operator string, points ...vg.Point) {
	var all []float64
	for _, p := range points {
		all = append(all, float64(p.X), float64(p.Y))
	}
	c.put(operator, all...)
}

// curve writes a curve of one or two controls as one of two.
func (c *pdf) curve(from vg.Point, part vg.PathComp) {
	if len(part.Control) == 2 {
		c.to("c", part.Control[0], part.Control[1], part.Pos)
		return
	}
	towards := func(p, control vg.Point) vg.Point { return p.Add(control.Sub(p).Scale(2.0 / 3)) }
	c.to("c", towards(from, part.Control[0]), towards(part.Pos, part.Control[0]), part.Pos)
}

// arc writes an arc as curves of a quarter of a circle at most, and gives its end.
func (c *pdf) arc(part vg.PathComp) vg.Point {
	pieces := max(1, int(math.Ceil(math.Abs(part.Angle)/(math.Pi/2)-1e-9)))
	turn := part.Angle / float64(pieces)
	reach := vg.Length(4.0/3*math.Tan(turn/4)) * part.Radius
	at := func(angle float64) (place, ahead vg.Point) {
		sin, cos := math.Sincos(angle)
		ahead = vg.Point{X: -vg.Length(sin) * reach, Y: vg.Length(cos) * reach}
		return part.Pos.Add(vg.Point{X: part.Radius * vg.Length(cos), Y: part.Radius * vg.Length(sin)}), ahead
	}
	from, out := at(part.Start)
	c.to("l", from)
	for i := range pieces {
		to, in := at(part.Start + turn*float64(i+1))
		c.to("c", from.Add(out), to.Sub(in), to)
		from, out = to, in
	}
	return from
}

// FillString draws the outlines of a line of text that begins at a point.
func (c *pdf) FillString(f font.Face, at vg.Point, text string) {
	for _, p := range c.outlines.of(f, at, text) {
		c.path(p)
	}
	c.put("f")
}

// DrawImage draws an image whose pixels stay squares.
func (c *pdf) DrawImage(at vg.Rectangle, picture image.Image) {
	c.put("q")
	c.put("cm", float64(at.Size().X), 0, 0, float64(at.Size().Y), float64(at.Min.X), float64(at.Min.Y))
	c.put(fmt.Sprintf("/I%d Do", len(c.pictures)))
	c.put("Q")
	c.pictures = append(c.pictures, picture)
}
