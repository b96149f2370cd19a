package figure

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"nightshift/report/stat"
)

// draw draws the grid, then what is uncertain, then what is known.
func (g frame) draw(c draw.Canvas) {
	if len(g.Pictures) > 0 {
		g.drawSheet(c)
		return
	}
	if g.Diagram != nil {
		g.drawDiagram(c)
		return
	}
	if len(g.Cells) == 0 {
		g.drawGrid(c)
	}
	g.drawCells(c)
	g.drawContours(c)
	g.drawAreas(c)
	g.drawAxes(c)
	if g.showColour {
		g.drawBar(c)
	}
	labels := g.drawReferences(c)
	g.drawCurves(c)
	for _, layer := range []func(draw.Canvas, Series){g.band, g.repeats, g.means} {
		for _, s := range g.Series {
			on(c).series(s.Label, func() { layer(c, s) })
		}
	}
	for i, notes := range g.placeNotes() {
		if len(notes) == 0 {
			continue
		}
		on(c).series(g.Series[i].Label, func() {
			for _, n := range notes {
				n.draw(c)
			}
		})
	}
	layers := stack(g.Series)
	for i, s := range g.Series {
		on(c).series(s.Label, func() { g.points(c, s, layers[i]) })
	}
	for _, l := range labels {
		l.draw(c)
	}
	for _, m := range g.marks {
		m.draw(c, g.area, g.atX(m.X))
	}
}

// band fills what lies between the ends of intervals, up to a point that has none.
func (g frame) band(c draw.Canvas, s Series) {
	if !s.Band {
		return
	}
	var upper, lower []vg.Point
	fill := func() {
		slices.Reverse(lower)
		if outline := append(upper, lower...); len(outline) > 3 {
			c.FillPolygon(withAlpha(s.Style.colour(), 0x38), outline)
		}
		upper, lower = nil, nil
	}
	for _, m := range s.Means {
		if !m.Interval.Known() || !drawable(m.X, m.Y) {
			fill()
			continue
		}
		upper = append(upper, g.at(m.X, m.Interval.Hi))
		lower = append(lower, g.at(m.X, m.Interval.Lo))
	}
	fill()
}

func (g frame) repeats(c draw.Canvas, s Series) {
	for _, r := range s.Repeats {
		var line []vg.Point
		for _, q := range r.Points {
			if drawable(q.X, q.Y) {
				line = append(line, g.at(q.X, q.Y))
			}
		}
		if len(line) == 0 {
			continue
		}
		if len(line) > 1 {
			c.StrokeLines(s.Style.thin(), line)
		} else if r.Ended == "" {
			dot := s.Style.marker(2.4)
			dot.Color = withAlpha(s.Style.colour(), 0x80)
			c.DrawGlyphNoClip(dot, line[0])
		}
		if r.Ended != "" {
			c.DrawGlyphNoClip(r.Ended.sign(s.Style), line[len(line)-1])
		}
	}
}

func (g frame) means(c draw.Canvas, s Series) {
	if s.Area {
		return
	}
	if s.Line {
		var line []vg.Point
		for _, m := range append(s.Means[:len(s.Means):len(s.Means)], Point{X: math.NaN()}) {
			if drawable(m.X, m.Y) {
				line = append(line, g.at(m.X, m.Y))
				continue
			}
			if len(line) > 1 {
				c.StrokeLines(s.Style.line(), line)
			}
			line = nil
		}
	}
	if s.Band {
		return
	}
	for _, m := range s.Means {
		if !drawable(m.X, m.Y) {
			continue
		}
		if m.Interval.Known() {
			g.bar(c, s, m)
		}
		style := s.Style
		if m.Median && style.Marker != NoMarker {
			style.Marker += outlined
		}
		c.DrawGlyphNoClip(style.marker(3.6), g.at(m.X, m.Y))
	}
}

// bar draws the interval of a point. An end without a cap lies outside the plot.
func (g frame) bar(c draw.Canvas, s Series, m Point) {
	style := draw.LineStyle{Color: s.Style.colour(), Width: 1.4}
	at, across, along := func(v float64) vg.Point { return g.at(m.X, v) }, vg.Point{X: 3}, g.y
	if s.Along {
		at, across, along = func(v float64) vg.Point { return g.at(v, m.Y) }, vg.Point{Y: 3}, g.x
	}
	c.StrokeLines(style, []vg.Point{at(m.Interval.Lo), at(m.Interval.Hi)})
	for _, end := range []float64{m.Interval.Lo, m.Interval.Hi} {
		if along.holds(end) {
			c.StrokeLines(style, []vg.Point{at(end).Sub(across), at(end).Add(across)})
		}
	}
}

// mostNamed is of how many thin lines of a series each says at its end which run it is.
const mostNamed = 20

// points says, inside a page, what the means stand for, and single runs at their ends.
func (g frame) points(c draw.Canvas, s Series, heights []layer) {
	for _, r := range s.Repeats {
		n := len(r.Points)
		few := n == 1 || r.Ended != "" || len(s.Repeats) <= mostNamed
		if n == 0 || !few || !drawable(r.Points[n-1].X, r.Points[n-1].Y) {
			continue
		}
		q := r.Points[n-1]
		who := strings.Trim(s.Label+", "+strings.TrimSpace(r.Name+" "+string(r.Ended)), ", ")
		on(c).point(g.at(q.X, q.Y), g.words(who, q, stat.Interval{Lo: math.NaN(), Hi: math.NaN()}, false))
	}
	for i, m := range s.Means {
		if !drawable(m.X, m.Y) || i%max(1, g.labelEvery) > 0 {
			continue
		}
		at := g.at(m.X, m.Y)
		if s.Area {
			at = g.at(m.X, heights[i].to)
		}
		on(c).point(at, g.words(s.Label, XY{m.X, m.Y}, m.Interval, s.Along))
	}
}
