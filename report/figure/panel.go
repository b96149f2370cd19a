package figure

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"nightshift/report/stat"
)

// drawing is a panel as gonum/plot sees it: everything between the axes.
type drawing struct {
	Panel
	x, y  span
	width vg.Length // about that between the axes, from which the room of labels follows
	whole vg.Length // with the names of categories
	marks []placedMark
}

// plot makes the axes of a panel and puts its content between them. Where the
// panel to the left or below has the same axis, its labels serve for both.
func (d drawing) plot(labelX, labelY bool) *plot.Plot {
	g := plot.New()
	g.BackgroundColor = nil
	g.X.Min, g.X.Max, g.Y.Min, g.Y.Max = d.x.min, d.x.max, d.y.min, d.y.max
	for _, a := range []struct {
		to    *plot.Axis
		from  Axis
		ticks []plot.Tick
		label bool
	}{{&g.X, d.X, d.X.ticks(d.x, d.width), labelX}, {&g.Y, d.Y, d.Y.ticks(d.y, 0), labelY}} {
		if a.from.Log {
			a.to.Scale = plot.LogScale{}
		}
		a.to.Padding = 0
		a.to.LineStyle = draw.LineStyle{Color: edge, Width: 0.7}
		a.to.Tick.LineStyle = draw.LineStyle{Color: edge, Width: 0.7}
		a.to.Tick.Length = 3
		if !a.label {
			for i := range a.ticks {
				a.ticks[i].Label = ""
			}
		}
		if a.from.Categories == nil {
			for i, t := range a.ticks {
				a.ticks[i].Label = strings.ReplaceAll(t.Label, "-", "−")
			}
		}
		if a.from.Categories != nil {
			for i, t := range a.ticks {
				a.ticks[i].Label = folded(t.Label, d.whole)
			}
		}
		a.to.Tick.Marker = plot.ConstantTicks(a.ticks)
		align := a.to.Tick.Label
		a.to.Tick.Label = lettering(tickSize, false, ink)
		a.to.Tick.Label.XAlign, a.to.Tick.Label.YAlign = align.XAlign, align.YAlign
		if a.label {
			align := a.to.Label.TextStyle
			a.to.Label.Text = a.from.Label
			a.to.Label.TextStyle = lettering(11, false, ink)
			a.to.Label.TextStyle.XAlign, a.to.Label.TextStyle.YAlign = align.XAlign, align.YAlign
			a.to.Label.TextStyle.Rotation = align.Rotation
			a.to.Label.Padding = 3
		}
	}
	g.Add(d)
	return g
}

// Plot draws the grid, then what is uncertain, then what is known.
func (d drawing) Plot(c draw.Canvas, g *plot.Plot) {
	toX, toY := g.Transforms(&c)
	at := func(x, y float64) vg.Point {
		if d.Y.Most > 0 { // also where marks stand above it
			y = min(y, d.Y.Most)
		}
		return vg.Point{X: toX(d.x.inside(x)), Y: toY(d.y.inside(y))}
	}
	d.grid(c, toX, toY)
	for _, layer := range []func(draw.Canvas, Series, func(x, y float64) vg.Point){d.band, d.repeats, d.means, d.notes, d.points} {
		for _, s := range d.Series {
			on(c).series(s.Label, func() { layer(c, s, at) })
		}
	}
	for _, m := range d.marks {
		m.draw(c, toX(m.X))
	}
}

func (d drawing) grid(c draw.Canvas, toX, toY func(float64) vg.Length) {
	style := draw.LineStyle{Color: rule, Width: 0.6}
	for _, t := range d.X.ticks(d.x, d.width) {
		if t.Label != "" && d.X.Categories == nil {
			c.StrokeLine2(style, toX(t.Value), c.Min.Y, toX(t.Value), c.Max.Y)
		}
	}
	for _, t := range d.Y.ticks(d.y, 0) {
		if t.Label != "" {
			c.StrokeLine2(style, c.Min.X, toY(t.Value), c.Max.X, toY(t.Value))
		}
	}
}

// band fills what lies between the ends of intervals, up to a point that has none.
func (d drawing) band(c draw.Canvas, s Series, at func(x, y float64) vg.Point) {
	if !s.Band {
		return
	}
	var upper, lower []vg.Point
	fill := func() {
		slices.Reverse(lower)
		if outline := append(upper, lower...); len(outline) > 3 {
			c.FillPolygon(veil(s.Style.colour(), 0x38), outline)
		}
		upper, lower = nil, nil
	}
	for _, m := range s.Means {
		if !m.Interval.Known() {
			fill()
			continue
		}
		upper = append(upper, at(m.X, m.Interval.Hi))
		lower = append(lower, at(m.X, m.Interval.Lo))
	}
	fill()
}

func (d drawing) repeats(c draw.Canvas, s Series, at func(x, y float64) vg.Point) {
	for _, r := range s.Repeats {
		var line []vg.Point
		for _, q := range r.Points {
			line = append(line, at(q.X, q.Y))
		}
		if len(line) == 0 {
			continue
		}
		if len(line) > 1 {
			c.StrokeLines(s.Style.thin(), line)
		} else if r.Ended == "" {
			dot := s.Style.marker(2.4)
			dot.Color = veil(s.Style.colour(), 0x80)
			c.DrawGlyphNoClip(dot, line[0])
		}
		if r.Ended != "" {
			c.DrawGlyphNoClip(r.Ended.sign(s.Style), line[len(line)-1])
		}
	}
}

func (d drawing) means(c draw.Canvas, s Series, at func(x, y float64) vg.Point) {
	var line []vg.Point
	for _, m := range s.Means {
		line = append(line, at(m.X, m.Y))
	}
	if s.Line && len(line) > 1 {
		c.StrokeLines(s.Style.line(), line)
	}
	if s.Band {
		return
	}
	bar := draw.LineStyle{Color: s.Style.colour(), Width: 1.4}
	for i, m := range s.Means {
		if m.Interval.Known() {
			lo, hi := at(m.X, m.Interval.Lo), at(m.X, m.Interval.Hi)
			across, along := vg.Point{X: 3}, d.y
			if s.Along {
				lo, hi = at(m.Interval.Lo, m.Y), at(m.Interval.Hi, m.Y)
				across, along = vg.Point{Y: 3}, d.x
			}
			c.StrokeLines(bar, []vg.Point{lo, hi})
			// An end without a cap lies outside the plot.
			if along.inside(m.Interval.Lo) == m.Interval.Lo {
				c.StrokeLines(bar, []vg.Point{lo.Sub(across), lo.Add(across)})
			}
			if along.inside(m.Interval.Hi) == m.Interval.Hi {
				c.StrokeLines(bar, []vg.Point{hi.Sub(across), hi.Add(across)})
			}
		}
		style := s.Style
		if m.Median {
			style.Marker += outlined
		}
		c.DrawGlyphNoClip(style.marker(3.6), line[i])
	}
}

// notes writes what is to be said of single repeats beside their dots.
func (d drawing) notes(c draw.Canvas, s Series, at func(x, y float64) vg.Point) {
	for _, r := range s.Repeats {
		if len(r.Points) == 0 || r.Note == "" {
			continue
		}
		p := at(r.Points[0].X, r.Points[0].Y)
		style := lettering(10, false, ink)
		style.YAlign = draw.YCenter
		width := style.Width(r.Note) + 5
		left := r.LabelLeft
		if left && p.X-width < c.Min.X || !left && p.X+width > c.Max.X {
			left = !left
		}
		p.X += 5
		if left {
			style.XAlign = draw.XRight
			p.X -= 10
		}
		c.FillText(style, p, r.Note)
	}
}

// points says, inside a page, what the means stand for, and the runs that are one dot or end in a sign.
func (d drawing) points(c draw.Canvas, s Series, at func(x, y float64) vg.Point) {
	for _, r := range s.Repeats {
		if n := len(r.Points); n == 1 || n > 0 && r.Ended != "" {
			q := r.Points[n-1]
			who := strings.Trim(s.Label+", "+strings.TrimSpace(r.Name+" "+string(r.Ended)), ", ")
			on(c).point(at(q.X, q.Y), d.words(who, q, stat.Interval{Lo: math.NaN(), Hi: math.NaN()}, false))
		}
	}
	for _, m := range s.Means {
		on(c).point(at(m.X, m.Y), d.words(s.Label, XY{m.X, m.Y}, m.Interval, s.Along))
	}
}
