package figure

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var referenceLine = draw.LineStyle{Color: faint, Width: 1.1, Dashes: []vg.Length{4, 2.5}}

// label is a text with the place of its upper left corner.
type label struct {
	text string
	at   vg.Point
}

// box is where the text is.
func (l label) box() vg.Rectangle {
	right := l.at.X + referenceStyle.Width(l.text) + 1
	return vg.Rectangle{Min: vg.Point{X: l.at.X - 1, Y: l.at.Y - nameLeading}, Max: vg.Point{X: right, Y: l.at.Y}}
}

// draw writes the label on an almost opaque background, so that lines do not make it illegible.
func (l label) draw(c draw.Canvas) {
	c.SetColor(withAlpha(paper, 0xC0))
	c.Fill(l.box().Path())
	c.FillText(referenceStyle, l.at, l.text)
}

// moved is the label at another place.
func (l label) moved(x, y vg.Length) label { return label{l.text, vg.Point{X: x, Y: y}} }

// clear is the first of some places for a label at which nothing is drawn, or the first of all.
func (g frame) clear(places ...label) label {
	for _, l := range places {
		if g.area.Min.Y <= l.box().Min.Y && !g.crossed(l.box()) {
			return l
		}
	}
	return places[0]
}

// drawReferences draws lines across the panel and gives their labels: above a lying line on the right, beside an upright one at
// the top, or where nothing is in the way. Labels that would run into each other go further down.
func (g frame) drawReferences(c draw.Canvas) []label {
	a := g.area
	var all []label
	var boxes []vg.Rectangle
	for _, r := range g.References {
		if r.Curve != nil || !drawable(r.At, 0) {
			continue
		}
		text := joined(fit(referenceStyle, r.Label, a.Max.X-a.Min.X-8, 1))
		width := referenceStyle.Width(text)
		above, below := g.atY(r.At)+nameLeading+1, g.atY(r.At)-1
		if above > a.Max.Y { // where there is no room it would lie on its line
			above = below
		}
		l := label{text, vg.Point{X: a.Max.X - width - 4, Y: above}}
		from, to := vg.Point{X: a.Min.X, Y: g.atY(r.At)}, vg.Point{X: a.Max.X, Y: g.atY(r.At)}
		if !r.Upright {
			l = g.clear(l, l.moved(a.Min.X+4, above), l.moved(l.at.X, below), l.moved(a.Min.X+4, below))
		} else {
			x := g.atX(r.At)
			from, to = vg.Point{X: x, Y: a.Min.Y}, vg.Point{X: x, Y: a.Max.Y}
			if l.at = (vg.Point{X: x + 4, Y: a.Max.Y - 2}); l.at.X+width > a.Max.X {
				l.at.X = max(a.Min.X, x-4-width)
			}
			l = g.clear(l, l.moved(l.at.X, a.Min.Y+nameLeading+2))
		}
		c.StrokeLines(referenceLine, []vg.Point{from, to})
		for l.at.Y > a.Min.Y+nameLeading && meets(l.box(), boxes) {
			l.at.Y--
		}
		if text != "" {
			all, boxes = append(all, l), append(boxes, l.box())
		}
	}
	return all
}

// curveLine is that of what a theory says.
var curveLine = draw.LineStyle{Color: ink, Width: 1.2}

// drawCurves draws what theories say, as far as there is room for it.
func (g frame) drawCurves(c draw.Canvas) {
	for _, r := range g.References {
		var line []vg.Point
		for _, q := range r.Curve {
			if g.x.holds(q.X) && g.y.holds(q.Y) {
				line = append(line, g.at(q.X, q.Y))
			}
		}
		if len(line) > 1 {
			c.StrokeLines(curveLine, line)
		}
	}
}

// crossed says whether a curve, a line of means or a dot is in a rectangle.
func (g frame) crossed(r vg.Rectangle) bool {
	for _, s := range g.Series {
		if slices.ContainsFunc(s.Repeats, func(one Repeat) bool {
			return len(one.Points) == 1 && within(r, g.at(one.Points[0].X, one.Points[0].Y), 2)
		}) {
			return true
		}
		for i, m := range s.Means {
			if at := g.at(m.X, m.Y); within(r, at, 6) || s.Line && i > 0 && cuts(r, g.at(s.Means[i-1].X, s.Means[i-1].Y), at) {
				return true
			}
		}
	}
	for _, ref := range g.References {
		for i := 1; i < len(ref.Curve); i++ {
			if cuts(r, g.at(ref.Curve[i-1].X, ref.Curve[i-1].Y), g.at(ref.Curve[i].X, ref.Curve[i].Y)) {
				return true
			}
		}
	}
	return false
}

// within says whether a point is in a rectangle or no further from it than that.
func within(r vg.Rectangle, p vg.Point, near vg.Length) bool {
	return r.Min.X-near < p.X && p.X < r.Max.X+near && r.Min.Y-near < p.Y && p.Y < r.Max.Y+near
}

// cuts says whether the way from a to b, a before b, goes through a rectangle.
func cuts(r vg.Rectangle, a, b vg.Point) bool {
	if b.X < r.Min.X || a.X > r.Max.X || a.X >= b.X {
		return false
	}
	at := func(x vg.Length) vg.Length { return a.Y + (b.Y-a.Y)*(x-a.X)/(b.X-a.X) }
	from, to := at(max(a.X, r.Min.X)), at(min(b.X, r.Max.X))
	return max(from, to) > r.Min.Y && min(from, to) < r.Max.Y
}
