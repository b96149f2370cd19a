package figure

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// placedMark is a mark with its row, counted from the upper end of the panel.
type placedMark struct {
	Mark
	row int
}

// placeMarks puts marks of a panel that would run into each other into rows
// below each other, and gives the number of rows.
func (p Panel) placeMarks(x span, width vg.Length) (placed []placedMark, rows int) {
	at := func(v float64) vg.Length { return vg.Length(x.share(v)) * width }
	type stretch struct{ left, right vg.Length }
	var taken [][]stretch // of each row
	for _, m := range slices.SortedStableFunc(slices.Values(p.Marks), func(a, b Mark) int { return cmp.Compare(a.X, b.X) }) {
		label := markStyle.Width(m.Label) + 12
		s := stretch{at(m.X) - 6, at(m.X) + label}
		if onLeft(at(m.X), label-6, width) {
			s = stretch{at(m.X) - label, at(m.X) + 6}
		}
		row := slices.IndexFunc(taken, func(others []stretch) bool {
			return !slices.ContainsFunc(others, func(o stretch) bool { return o.left < s.right && s.left < o.right })
		})
		if row < 0 {
			row = len(taken)
			taken = append(taken, nil)
		}
		taken[row] = append(taken[row], s)
		placed = append(placed, placedMark{m, row})
	}
	return placed, len(taken)
}

// onLeft says whether a label that takes so much beside its mark stands on the left, where more of it fits.
func onLeft(at, label, width vg.Length) bool { return at+label > width && width-at < at }

// draw puts the sign of a mark at x, at the upper end of an area, and its label beside it.
func (m placedMark) draw(c draw.Canvas, area vg.Rectangle, x vg.Length) {
	p := vg.Point{X: x, Y: area.Max.Y - 7 - vg.Length(m.row)*markLeading}
	c.DrawGlyphNoClip(m.Ended.sign(m.Style), p)
	label := markStyle
	label.YAlign = draw.YCenter
	p.X += 6
	if onLeft(x-area.Min.X, 6+label.Width(m.Label), area.Max.X-area.Min.X) {
		label.XAlign = draw.XRight
		p.X -= 12
	}
	write(c, label, p, markLeading, m.Label)
}

// sign is a cross where a run diverged, a bar where it was pruned.
func (e Ended) sign(s Style) draw.GlyphStyle {
	strokes := shape{strokes: true, corners: 4, turn: math.Pi / 4}
	if e == Pruned {
		strokes = shape{strokes: true, corners: 2, turn: math.Pi / 2}
	}
	return draw.GlyphStyle{Color: s.colour(), Radius: 4, Shape: strokes}
}
