package figure

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// svg is a canvas that writes SVG with attributes alone, because a page that forbids inline styles ignores style attributes.
// Places are rounded to a tenth of a point. Inside a page, colours are variables of its style sheet, points have a title and
// lines no more places than can be seen.
type svg struct {
	b      bytes.Buffer
	height vg.Length
	inline bool
	pens   []pen
}

// pen is what Push saves.
type pen struct {
	width  vg.Length
	dashes []vg.Length
	colour color.NRGBA
	turn   float64  // in radians
	origin vg.Point // of the turned coordinates, in those of the page
	scale  vg.Point
}

var _ vg.Canvas = (*svg)(nil)

// newSVG begins a drawing; attributes are those of its root.
func newSVG(width, height vg.Length, inline bool, attributes string) *svg {
	s := &svg{height: height, inline: inline, pens: []pen{{scale: vg.Point{X: 1, Y: 1}}}}
	fmt.Fprintf(&s.b, `<svg viewBox="0 0 %s %s" fill="none" font-family="Liberation Sans,Arial,Helvetica,sans-serif"%s>`+"\n",
		tenths(width), tenths(height), attributes)
	vg.Initialize(s)
	return s
}

func (s *svg) bytes() []byte { return append(s.b.Bytes(), "</svg>\n"...) }

// on finds the canvas inside the ones that plots nest around it; nil where it is of another kind.
func on(c draw.Canvas) *svg {
	for {
		switch inner := c.Canvas.(type) {
		case draw.Canvas:
			c = inner
		case *svg:
			return inner
		default:
			return nil
		}
	}
}

// series puts what f draws into a group with the label of its series. On another canvas f only draws.
func (s *svg) series(label string, f func()) {
	if s == nil || label == "" {
		f()
		return
	}
	fmt.Fprintf(&s.b, "<g data-series=\"%s\">\n", escaped(label))
	f()
	s.b.WriteString("</g>\n")
}

// point adds an unseen spot with words for whoever points at it; the page's style says how large.
func (s *svg) point(at vg.Point, words string) {
	if s != nil && s.inline {
		fmt.Fprintf(&s.b, "<circle class=\"point\" cx=\"%s\" cy=\"%s\"><title>%s</title></circle>\n",
			tenths(at.X), tenths(s.height-at.Y), strings.ReplaceAll(escaped(words), "&#xA;", "\n"))
	}
}

func (s *svg) pen() *pen { return &s.pens[len(s.pens)-1] }

// SetLineWidth and the methods below are those of vg.Canvas.
func (s *svg) SetLineWidth(w vg.Length)               { s.pen().width = w }
func (s *svg) SetLineDash(d []vg.Length, _ vg.Length) { s.pen().dashes = d }
func (s *svg) Push()                                  { s.pens = append(s.pens, *s.pen()) }
func (s *svg) Pop()                                   { s.pens = s.pens[:len(s.pens)-1] }
func (s *svg) Rotate(by float64)                      { s.pen().turn += by }
func (s *svg) Translate(by vg.Point)                  { s.pen().origin = s.pen().place(by) }

// Scale is used by no figure; it scales lengths before they are turned.
func (s *svg) Scale(x, y float64) {
	s.pen().scale.X *= vg.Length(x)
	s.pen().scale.Y *= vg.Length(y)
}

// SetColor takes black for nil, as every canvas does.
func (s *svg) SetColor(c color.Color) {
	if c == nil {
		c = color.Black
	}
	s.pen().colour = color.NRGBAModel.Convert(c).(color.NRGBA)
}

// Stroke draws the outline of a path.
func (s *svg) Stroke(p vg.Path) {
	if s.pen().width <= 0 {
		return
	}
	if s.inline {
		p = thinned(p)
	}
	fmt.Fprintf(&s.b, `<path %s stroke-width="%s"`, s.paint("stroke"), decimal(float64(s.pen().width)))
	for i, d := range s.pen().dashes {
		s.b.WriteString([]string{` stroke-dasharray="`, " "}[min(i, 1)] + decimal(float64(d)))
	}
	if len(s.pen().dashes) > 0 {
		s.b.WriteByte('"')
	}
	s.path(p)
}

// Fill fills a path. The dots of single runs, of which a page has thousands, are circles.
func (s *svg) Fill(p vg.Path) {
	if len(p) == 3 && p[1].Type == vg.ArcComp && math.Abs(p[1].Angle) >= 2*math.Pi {
		at := s.pen().place(p[1].Pos)
		fmt.Fprintf(&s.b, "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" %s/>\n", tenths(at.X), tenths(s.height-at.Y),
			decimal(float64(p[1].Radius)), s.paint("fill"))
		return
	}
	fmt.Fprintf(&s.b, "<path %s", s.paint("fill"))
	s.path(p)
}

// FillString writes a line of text that begins at a point.
func (s *svg) FillString(f font.Face, at vg.Point, text string) {
	at = s.pen().place(at)
	x, y := tenths(at.X), tenths(s.height-at.Y)
	fmt.Fprintf(&s.b, `<text x="%s" y="%s" %s font-size="%s"`, x, y, s.paint("fill"), decimal(float64(f.Font.Size)))
	if f.Font.Weight > 0 {
		s.b.WriteString(` font-weight="bold"`)
	}
	if turn := s.pen().turn; turn != 0 {
		fmt.Fprintf(&s.b, ` transform="rotate(%s %s %s)"`, decimal(-turn*180/math.Pi), x, y)
	}
	fmt.Fprintf(&s.b, ">%s</text>\n", escaped(text))
}

// DrawImage puts an image into the drawing. Its pixels stay squares.
func (s *svg) DrawImage(at vg.Rectangle, picture image.Image) {
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return // a bytes.Buffer takes everything, and an empty image has nothing to draw
	}
	at = vg.Rectangle{Min: s.pen().place(at.Min), Max: s.pen().place(at.Max)}
	fmt.Fprintf(&s.b, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" image-rendering="pixelated" `+
		"href=\"data:image/png;base64,%s\"/>\n", tenths(at.Min.X), tenths(s.height-at.Max.Y), tenths(at.Max.X-at.Min.X),
		tenths(at.Max.Y-at.Min.Y), base64.StdEncoding.EncodeToString(b.Bytes()))
}

// place gives a point in the coordinates of the page, y upwards.
func (p *pen) place(q vg.Point) vg.Point {
	sin, cos := math.Sincos(p.turn)
	x, y := float64(q.X*p.scale.X), float64(q.Y*p.scale.Y)
	return p.origin.Add(vg.Point{X: vg.Length(x*cos - y*sin), Y: vg.Length(x*sin + y*cos)})
}

// paint is the colour as an attribute.
func (s *svg) paint(attribute string) string {
	c := s.pen().colour
	name, known := variables[withAlpha(c, 0xFF)]
	text := fmt.Sprintf(`%s="#%02X%02X%02X"`, attribute, c.R, c.G, c.B)
	if s.inline && known {
		text = fmt.Sprintf(`%s="var(--%s)"`, attribute, name)
	}
	if c.A < 0xFF {
		text += fmt.Sprintf(` %s-opacity="%s"`, attribute, decimal(float64(c.A)/0xFF))
	}
	return text
}

// path ends an element with its path: every place is relative to the rounded one before it, which is short and adds no error.
func (s *svg) path(p vg.Path) {
	s.b.WriteString(` d="`)
	x, y := 0, 0
	joined := false // lines that follow each other share their letter
	moved := false  // a place that is rounded to the one before it adds nothing, unless it is all that there is
	for i, part := range p {
		q := s.pen().place(part.Pos)
		toX, toY := inTenths(q.X), inTenths(s.height-q.Y)
		switch part.Type {
		case vg.MoveComp:
			s.b.WriteString("M" + tenth(toX) + " " + tenth(toY))
			moved, joined = true, false
		case vg.LineComp:
			last := i+1 == len(p) || p[i+1].Type == vg.MoveComp
			if toX == x && toY == y && !(moved && last) {
				continue
			}
			if !joined {
				s.b.WriteByte('l')
			}
			s.b.WriteString(joint(toX-x, joined) + joint(toY-y, true))
			moved, joined = false, true
		case vg.ArcComp:
			x, y = s.arc(part)
			joined = false
			continue
		case vg.CurveComp:
			s.b.WriteString([]string{"", "Q", "C"}[min(len(part.Control), 2)])
			for _, control := range part.Control {
				control = s.pen().place(control)
				s.b.WriteString(tenths(control.X) + " " + tenths(s.height-control.Y) + " ")
			}
			s.b.WriteString(tenth(toX) + " " + tenth(toY))
			joined = false
		case vg.CloseComp:
			s.b.WriteByte('Z')
			joined = false
			continue
		}
		x, y = toX, toY
	}
	s.b.WriteString("\"/>\n")
}

// arc draws an arc as two halves, because a full circle would end where it begins, and gives its end.
func (s *svg) arc(part vg.PathComp) (x, y int) {
	for half := 1; half <= 2; half++ {
		sin, cos := math.Sincos(part.Start + part.Angle*float64(half)/2)
		end := s.pen().place(part.Pos.Add(vg.Point{X: part.Radius * vg.Length(cos), Y: part.Radius * vg.Length(sin)}))
		x, y = inTenths(end.X), inTenths(s.height-end.Y)
		sweep := 0
		if part.Angle < 0 {
			sweep = 1
		}
		r := decimal(float64(part.Radius))
		fmt.Fprintf(&s.b, "A%s %s 0 0 %d %s %s", r, r, sweep, tenth(x), tenth(y))
	}
	return x, y
}

func inTenths(l vg.Length) int  { return int(math.Round(10 * l.Points())) }
func tenths(l vg.Length) string { return tenth(inTenths(l)) }
func tenth(v int) string        { return strconv.FormatFloat(float64(v)/10, 'f', -1, 64) }

// joint is a number of a path, with a space before it where it needs one.
func joint(v int, after bool) string {
	text := tenth(v)
	if v > 0 && v < 10 || v < 0 && v > -10 {
		text = strings.Replace(text, "0.", ".", 1)
	}
	if after && v >= 0 {
		return " " + text
	}
	return text
}

func decimal(v float64) string { return strconv.FormatFloat(math.Round(100*v)/100, 'f', -1, 64) }

// escaped is a text inside XML, in which characters that XML forbids are replaced.
func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a bytes.Buffer takes everything
	return b.String()
}
