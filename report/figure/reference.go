package figure

import (
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

// draw writes the label on a ground through which lines hardly shine.
func (l label) draw(c draw.Canvas) {
	c.SetColor(veil(paper, 0xC0))
	c.Fill(l.box().Path())
	c.FillText(referenceStyle, l.at, l.text)
}

// drawReferences draws lines across the panel and gives their labels: above a lying line on the right, beside an upright one at
// the top. Labels that would run into each other go further down.
func (g frame) drawReferences(c draw.Canvas) []label {
	a := g.area
	var all []label
	for _, r := range g.References {
		if !drawable(r.At, 0) {
			continue
		}
		text := joined(fit(referenceStyle, r.Label, a.Max.X-a.Min.X-8, 1))
		width := referenceStyle.Width(text)
		l := label{text, vg.Point{X: a.Max.X - width - 4, Y: min(g.atY(r.At)+nameLeading+1, a.Max.Y)}}
		from, to := vg.Point{X: a.Min.X, Y: g.atY(r.At)}, vg.Point{X: a.Max.X, Y: g.atY(r.At)}
		if r.Upright {
			x := g.atX(r.At)
			from, to = vg.Point{X: x, Y: a.Min.Y}, vg.Point{X: x, Y: a.Max.Y}
			if l.at = (vg.Point{X: x + 4, Y: a.Max.Y - 2}); l.at.X+width > a.Max.X {
				l.at.X = max(a.Min.X, x-4-width)
			}
		}
		c.StrokeLines(referenceLine, []vg.Point{from, to})
		for l.at.Y > a.Min.Y+nameLeading && overlaps(l.box(), all) {
			l.at.Y--
		}
		if text != "" {
			all = append(all, l)
		}
	}
	return all
}

func overlaps(r vg.Rectangle, others []label) bool {
	for _, l := range others {
		o := l.box()
		if r.Min.X < o.Max.X && o.Min.X < r.Max.X && r.Min.Y < o.Max.Y && o.Min.Y < r.Max.Y {
			return true
		}
	}
	return false
}
