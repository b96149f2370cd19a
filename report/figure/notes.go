package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// note is what is said of a single run, with the rectangle that it takes.
type note struct {
	text string
	at   vg.Rectangle
}

// The room around notes, and half of that of dots.
const (
	noteGap   = vg.Length(5) // from the middle of the dot
	noteAbove = vg.Length(4)
	dotRoom   = vg.Length(2)
)

// placeNotes finds room for what is to be said beside the dots of each series: on the side that they ask for, else on the
// other one, above or below. What would cover another dot, an interval or a note has none.
func (g frame) placeNotes() [][]note {
	taken := g.dots()
	all := make([][]note, len(g.Series))
	for i, s := range g.Series {
		for _, r := range s.Repeats {
			if len(r.Points) == 0 || r.Note == "" || !drawable(r.Points[0].X, r.Points[0].Y) {
				continue
			}
			for _, box := range beside(g.at(r.Points[0].X, r.Points[0].Y), markStyle.Width(r.Note), r.LabelLeft) {
				if g.encloses(box) && !meets(box, taken) {
					all[i] = append(all[i], note{r.Note, box})
					taken = append(taken, box)
					break
				}
			}
		}
	}
	return all
}

// dots are the rectangles of all dots and intervals of a panel.
func (g frame) dots() []vg.Rectangle {
	var all []vg.Rectangle
	around := func(from, to vg.Point, room vg.Length) {
		by := vg.Point{X: room, Y: room}
		all = append(all, vg.Rectangle{Min: from.Sub(by), Max: to.Add(by)})
	}
	for _, s := range g.Series {
		for _, r := range s.Repeats {
			if len(r.Points) == 1 && drawable(r.Points[0].X, r.Points[0].Y) {
				at := g.at(r.Points[0].X, r.Points[0].Y)
				around(at, at, dotRoom)
			}
		}
		for _, m := range s.Means {
			if s.Band || s.Style.Marker <= NoMarker || !drawable(m.X, m.Y) {
				continue
			}
			around(g.at(m.X, m.Y), g.at(m.X, m.Y), dotRoom+1)
			if m.Interval.Known() && s.Along {
				around(g.at(m.Interval.Lo, m.Y), g.at(m.Interval.Hi, m.Y), 0)
			}
		}
	}
	return all
}

// beside are the places of a note of some width around a dot, the best first.
func beside(dot vg.Point, width vg.Length, left bool) []vg.Rectangle {
	height := markStyle.Font.Size
	at := func(x, y vg.Length) vg.Rectangle {
		low := vg.Point{X: dot.X + x, Y: dot.Y + y - height/2}
		return vg.Rectangle{Min: low, Max: vg.Point{X: low.X + width, Y: low.Y + height}}
	}
	sides := []vg.Rectangle{at(noteGap, 0), at(-noteGap-width, 0)}
	if left {
		sides[0], sides[1] = sides[1], sides[0]
	}
	return append(sides, at(-width/2, height/2+noteAbove), at(-width/2, -height/2-noteAbove))
}

// encloses says whether a rectangle lies within the area.
func (g frame) encloses(r vg.Rectangle) bool {
	a := g.area
	return a.Min.X <= r.Min.X && r.Max.X <= a.Max.X+edgeMargin && a.Min.Y <= r.Min.Y && r.Max.Y <= a.Max.Y
}

// meets says whether a rectangle overlaps one of others.
func meets(r vg.Rectangle, others []vg.Rectangle) bool {
	for _, o := range others {
		if r.Min.X < o.Max.X && o.Min.X < r.Max.X && r.Min.Y < o.Max.Y && o.Min.Y < r.Max.Y {
			return true
		}
	}
	return false
}

// draw writes the note on an almost opaque background, so that lines do not make it illegible.
func (n note) draw(c draw.Canvas) {
	c.SetColor(withAlpha(paper, 0xC0))
	c.Fill(n.at.Path())
	style := markStyle
	style.YAlign = draw.YCenter
	write(c, style, vg.Point{X: n.at.Min.X, Y: (n.at.Min.Y + n.at.Max.Y) / 2}, nameLeading, n.text)
}
