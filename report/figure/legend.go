package figure

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// entry is a sample with its label, below the panels: of a series, or of a sign that ends one.
type entry struct {
	series Series
	curve  bool
	ended  Ended
	hatch  bool
	label  string // in lines
	x      vg.Length
}

const (
	sampleWidth = vg.Length(26)
	sampleGap   = vg.Length(6)
	entryGap    = vg.Length(18)
)

// samples are one entry for each label of the figure, then those of curves, then one for each sign that has no words beside it.
func (f Figure) samples() []entry {
	var all, curves []entry
	seen := map[string]bool{"": true}
	signs, hatched := map[Ended]bool{}, map[Ended]bool{}
	for _, p := range f.Panels {
		for _, s := range p.Series {
			if !seen[s.Label] {
				seen[s.Label] = true
				all = append(all, entry{series: s, label: s.Label})
			}
			for _, r := range s.Repeats {
				signs[r.Ended] = signs[r.Ended] || len(r.Points) > 0
			}
		}
		for _, m := range p.Marks {
			signs[m.Ended] = true
		}
		for _, r := range p.References {
			if r.Curve != nil && !seen[r.Label] {
				seen[r.Label] = true
				curves = append(curves, entry{curve: true, label: r.Label})
			}
		}
		for _, c := range p.Cells {
			hatched[c.Ended] = hatched[c.Ended] || c.Ended != "" || c.Value != c.Value
		}
	}
	all = append(all, curves...)
	for _, e := range []Ended{Diverged, Pruned} {
		if signs[e] {
			all = append(all, entry{ended: e, label: string(e)})
		}
	}
	for _, e := range []Ended{Diverged, Pruned, ""} {
		if hatched[e] {
			label := string(e)
			if e == "" {
				label = "no value"
			}
			all = append(all, entry{ended: e, hatch: true, label: label})
		}
	}
	return all
}

// entries lays the samples out in as many rows as they need.
func (f Figure) entries(width vg.Length) [][]entry {
	var rows [][]entry
	x := width
	for _, e := range f.samples() {
		e.label = joined(wrap(entryStyle, e.label, width-sampleWidth-sampleGap))
		need := sampleWidth + sampleGap + widestLine(entryStyle, e.label) + entryGap
		if x+need > width+entryGap || len(rows) == 0 {
			rows = append(rows, nil)
			x = 0
		}
		e.x = x
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
		x += need
	}
	return rows
}

// rowHeight is that of entries side by side.
func rowHeight(row []entry) vg.Length {
	lines := 0
	for _, e := range row {
		lines = max(lines, linesIn(e.label))
	}
	return entryLeading + vg.Length(lines)*lineLeading
}

// draw puts the label of a series beside its sample.
func (e entry) draw(c draw.Canvas, at vg.Point) {
	e.sample(c, at)
	style := entryStyle
	style.YAlign = draw.YCenter
	at.Y -= vg.Length(linesIn(e.label)) * lineLeading / 2
	write(c, style, vg.Point{X: at.X + sampleWidth + sampleGap, Y: at.Y}, lineLeading, e.label)
}

// sample draws what the series looks like.
func (e entry) sample(c draw.Canvas, at vg.Point) {
	start, end := at, vg.Point{X: at.X + sampleWidth, Y: at.Y}
	middle := vg.Point{X: (start.X + end.X) / 2, Y: at.Y}
	block := vg.Rectangle{Min: vg.Point{X: start.X, Y: at.Y - 4}, Max: vg.Point{X: end.X, Y: at.Y + 4}}
	switch {
	case e.curve:
		c.StrokeLines(curveLine, []vg.Point{start, end})
		return
	case e.hatch:
		tile{Cell: Cell{Ended: e.ended}, at: block}.hatch(c, true, span{})
		c.StrokeLines(draw.LineStyle{Color: edge, Width: 0.5}, append(corners(block), block.Min))
		return
	case e.ended != "":
		c.DrawGlyphNoClip(e.ended.sign(Style{Colour: Black}), middle)
		return
	}
	s := e.series
	if s.Area {
		c.FillPolygon(withAlpha(s.Style.colour(), 0x80), corners(block))
		c.StrokeLines(s.Style.line(), []vg.Point{{X: start.X, Y: block.Max.Y}, block.Max})
		return
	}
	if s.Band && slices.ContainsFunc(s.Means, func(m Point) bool { return m.Interval.Known() }) {
		c.FillPolygon(withAlpha(s.Style.colour(), 0x38), corners(block))
	}
	if s.Line {
		c.StrokeLines(s.Style.line(), []vg.Point{start, end})
	}
	if !s.Band {
		c.DrawGlyphNoClip(s.Style.marker(3.6), middle)
	}
}
