package figure

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
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

// document is the file: a page with its content and what that uses. It holds no date and no number that is drawn by lot.
func (c *pdf) document(width, height vg.Length, title string) ([]byte, error) {
	var resources strings.Builder
	resources.WriteString("<< /ExtGState << ")
	slices.Sort(c.alphas)
	for _, a := range c.alphas {
		fmt.Fprintf(&resources, "/A%d << /ca %s /CA %[2]s >> ", a, real(float64(a)/0xFF))
	}
	resources.WriteString(">> /XObject << ")
	const firstPicture = 6
	for i := range c.pictures {
		fmt.Fprintf(&resources, "/I%d %d 0 R ", i, firstPicture+i)
	}
	resources.WriteString(">> >>")
	content, err := stream("", c.b.Bytes())
	if err != nil {
		return nil, err
	}
	objects := [][]byte{
		[]byte("<< /Type /Catalog /Pages 2 0 R >>"),
		[]byte("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
		fmt.Appendf(nil, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s %s] /Contents 4 0 R /Resources %s >>",
			real(float64(width)), real(float64(height)), resources.String()),
		content,
		fmt.Appendf(nil, "<< /Title <%s> /Producer (Nightshift) >>", utf16Hex(title)),
	}
	for _, picture := range c.pictures {
		o, err := pictureObject(picture)
		if err != nil {
			return nil, err
		}
		objects = append(objects, o)
	}
	return assembled(objects), nil
}

// assembled is a file of objects with the table of their places. The first is the catalogue, the fifth says what the file is.
func assembled(objects [][]byte) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n%\xE2\xE3\xCF\xD3\n")
	var places []int
	for i, o := range objects {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

// stream is an object of compressed bytes.
func stream(entries string, content []byte) ([]byte, error) {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "<< %s/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", entries, packed.Len(), packed.Bytes()), nil
}

// pictureObject is an image on white.
func pictureObject(picture image.Image) ([]byte, error) {
	box := picture.Bounds()
	var pixels []byte
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			r, g, b, a := picture.At(x, y).RGBA() // premultiplied
			white := 0xFFFF - a
			pixels = append(pixels, byte((r+white)>>8), byte((g+white)>>8), byte((b+white)>>8))
		}
	}
	return stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 "+
		"/Interpolate false ", box.Dx(), box.Dy()), pixels)
}

// utf16Hex is a text as PDF takes any.
func utf16Hex(text string) string {
	var b strings.Builder
	b.WriteString("FEFF")
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String()
}

// outlines are the shapes of letters that were looked up already, in units of their font.
type outlines map[glyph]outline

type glyph struct {
	font *sfnt.Font
	at   sfnt.GlyphIndex
}

type outline struct {
	segments sfnt.Segments
	advance  fixed.Int26_6
}

// of gives the outlines of a line of text.
func (o outlines) of(f font.Face, at vg.Point, text string) []vg.Path {
	var all []vg.Path
	var buffer sfnt.Buffer
	em := fixed.Int26_6(f.Face.UnitsPerEm())
	scale := f.Font.Size / vg.Length(em)
	before := sfnt.GlyphIndex(0)
	for i, r := range text {
		index, err := f.Face.GlyphIndex(&buffer, r)
		if err != nil {
			continue
		}
		if i > 0 {
			if kern, err := f.Face.Kern(&buffer, before, index, em, 0); err == nil {
				at.X += vg.Length(kern) * scale
			}
		}
		before = index
		shape, known := o[glyph{f.Face, index}]
		if !known {
			segments, err := f.Face.LoadGlyph(&buffer, index, em, nil)
			if err != nil {
				continue
			}
			shape.segments = slices.Clone(segments)
			if shape.advance, err = f.Face.GlyphAdvance(&buffer, index, em, 0); err != nil {
				continue
			}
			o[glyph{f.Face, index}] = shape
		}
		all = append(all, shape.placed(at, scale))
		at.X += vg.Length(shape.advance) * scale
	}
	return all
}

// placed is the outline on the page; fonts count y downwards.
func (o outline) placed(at vg.Point, scale vg.Length) vg.Path {
	place := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: at.X + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale}
	}
	var path vg.Path
	for _, s := range o.segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			path.Move(place(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(place(s.Args[0]), place(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(place(s.Args[0]), place(s.Args[1]), place(s.Args[2]))
		}
	}
	return path
}
