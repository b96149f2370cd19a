package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// entry is a sample of a series with its label, below the panels.
type entry struct {
	series Series
	x      vg.Length
}

const sampleWidth = vg.Length(26)

// legend lays out one entry for each label of the figure in as many rows as they need.
func (f Figure) legend() [][]entry {
	var rows [][]entry
	seen := map[string]bool{"": true}
	x := width
	for _, p := range f.Panels {
		for _, s := range p.Series {
			if seen[s.Label] {
				continue
			}
			seen[s.Label] = true
			need := sampleWidth + 6 + entryStyle.Width(s.Label) + 18
			if x+need > width-margin+18 {
				rows = append(rows, nil)
				x = margin + 4
			}
			rows[len(rows)-1] = append(rows[len(rows)-1], entry{s, x})
			x += need
		}
	}
	return rows
}

// draw puts the label of a series beside its sample.
func (e entry) draw(c draw.Canvas, at vg.Point) {
	e.sample(c, at)
	style := entryStyle
	style.YAlign = draw.YCenter
	c.FillText(style, vg.Point{X: at.X + sampleWidth + 6, Y: at.Y}, e.series.Label)
}

// sample draws what the series looks like.
func (e entry) sample(c draw.Canvas, at vg.Point) {
	end := vg.Point{X: at.X + sampleWidth, Y: at.Y}
	if e.series.Band {
		c.FillPolygon(veil(e.series.Style.colour(), 0x38), []vg.Point{
			{X: at.X, Y: at.Y - 4}, {X: end.X, Y: at.Y - 4}, {X: end.X, Y: at.Y + 4}, {X: at.X, Y: at.Y + 4},
		})
	}
	if e.series.Line {
		c.StrokeLines(e.series.Style.line(), []vg.Point{at, end})
	}
	if !e.series.Band {
		c.DrawGlyphNoClip(e.series.Style.marker(3.6), vg.Point{X: (at.X + end.X) / 2, Y: at.Y})
	}
}
