package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// besideAxes finds out what stands on the left and on the right of a panel in a column of that width.
func (g *frame) besideAxes(column, height vg.Length) {
	g.yTicks = g.Y.ticks(g.y, height, true)
	if g.Y.Categories != nil {
		renamed(g.yTicks, foldedNames(g.Y.Categories, column/2))
	}
	if g.left = tickLength; g.showY {
		g.yLabel = fit(labelStyle, g.Y.Label, height, 2)
		g.left += tickGap + widest(g.yTicks)
		if n := len(g.yLabel); n > 0 {
			g.left += labelGap + vg.Length(n)*labelLeading
		}
	}
	if g.right = edgeMargin; g.showColour {
		g.right = max(g.right, g.besideBar(height))
	}
}

// belowAxes finds out what stands below a panel whose area is so wide; the first one of a row stands at the edge of the page.
func (g *frame) belowAxes(inner vg.Length, first bool) {
	g.xTicks = g.X.ticks(g.x, inner, false)
	letters := nameLeading
	if g.X.Categories != nil {
		letters = g.nameColumns(inner, first)
	}
	if g.below = tickLength; g.showX {
		g.xLabel = fit(labelStyle, g.X.Label, inner+g.left, 3)
		g.below += tickGap + letters + labelGap + vg.Length(len(g.xLabel))*labelLeading
	}
}

// nameColumns writes the names of the categories along x below each other's place in lines, or slanted where a word is
// wider than the place, upright where that is very narrow, and gives the height that they take. To the left of the
// first panel of a row there is no more room.
func (g *frame) nameColumns(inner vg.Length, first bool) vg.Length {
	place := inner / vg.Length(max(len(g.X.Categories), 1))
	fits, lines := true, 1
	names := foldedNames(g.X.Categories, place-4)
	for i, name := range names {
		fits = fits && 1+linesIn(name) <= mostLines && !broken(name, g.X.Categories[i])
		lines = max(lines, 1+linesIn(name))
	}
	if fits {
		renamed(g.xTicks, names)
		return vg.Length(lines) * nameLeading
	}
	g.turn = math.Pi / 4
	if place < nameLeading*math.Sqrt2 { // where slanted ones would be too close
		g.turn = math.Pi / 2
	}
	room := longestName
	if first && g.turn < math.Pi/2 {
		for i, name := range g.X.Categories { // must not leave the page
			if free := (g.left + (vg.Length(i)+0.5)*place) * math.Sqrt2; tickStyle.Width(name) > free {
				room = min(room, free)
			}
		}
	}
	renamed(g.xTicks, shortened(tickStyle, g.X.Categories, room))
	every := int(math.Ceil(float64(closest / (place * vg.Length(math.Sin(g.turn))))))
	for i := range g.xTicks {
		if i%every != 0 {
			g.xTicks[i].label = ""
		}
	}
	return widest(g.xTicks)*vg.Length(math.Sin(g.turn)) + (nameLeading-2)*vg.Length(math.Cos(g.turn))
}

// A turned name is so long at most, and so far from the next that letters hardly touch.
const (
	longestName = vg.Length(110)
	closest     = vg.Length(8.4)
)

// renamed gives the ticks of categories other labels.
func renamed(ticks []tick, names []string) {
	for i, t := range ticks {
		ticks[i].label = names[int(t.value)]
	}
}

func widest(ticks []tick) vg.Length {
	var most vg.Length
	for _, t := range ticks {
		most = max(most, t.width())
	}
	return most
}

// write sets the label of a tick with its exponent.
func (t tick) write(c draw.Canvas, style draw.TextStyle, at vg.Point) {
	if t.exponent == "" {
		write(c, style, at, nameLeading, t.label)
		return
	}
	// Aligned as one, the label begins so far from the place.
	at.X += vg.Length(style.XAlign) * t.width()
	style.XAlign = draw.XLeft
	write(c, style, at, nameLeading, t.label)
	raised := exponentStyle
	raised.YAlign = style.YAlign
	at.X += tickStyle.Width(t.label)
	at.Y += 4
	if style.YAlign == draw.YTop {
		at.Y -= 1
	}
	write(c, raised, at, nameLeading, t.exponent)
}

// drawAxes draws the two axes with ticks, numbers and labels.
func (g frame) drawAxes(c draw.Canvas) {
	line := draw.LineStyle{Color: edge, Width: 0.7}
	a := g.area
	for _, t := range g.xTicks {
		x, length := g.atX(t.value), tickLength
		if t.label == "" {
			length /= 2
		}
		c.StrokeLine2(line, x, a.Min.Y, x, a.Min.Y-length)
		if !g.showX {
			continue
		}
		style := tickStyle
		style.XAlign, style.YAlign = draw.XCenter, draw.YTop
		at := vg.Point{X: x, Y: a.Min.Y - tickLength - tickGap}
		if g.turn > 0 {
			style.Rotation, style.XAlign, style.YAlign = g.turn, draw.XRight, draw.YCenter
			at.Y -= 2
		}
		t.write(c, style, at)
	}
	for _, t := range g.yTicks {
		y, length := g.atY(t.value), tickLength
		if t.label == "" {
			length /= 2
		}
		c.StrokeLine2(line, a.Min.X, y, a.Min.X-length, y)
		if g.showY {
			style := tickStyle
			style.XAlign, style.YAlign = draw.XRight, draw.YCenter
			t.write(c, style, vg.Point{X: a.Min.X - tickLength - tickGap, Y: y})
		}
	}
	along := func(share float64) vg.Point {
		return vg.Point{X: a.Min.X + vg.Length(share)*(a.Max.X-a.Min.X), Y: a.Min.Y}
	}
	up := func(share float64) vg.Point {
		return vg.Point{X: a.Min.X, Y: a.Min.Y + vg.Length(share)*(a.Max.Y-a.Min.Y)}
	}
	axisLine(c, line, along, g.x)
	axisLine(c, line, up, g.y)
	g.drawLabels(c)
}

// axisLine is the line of an axis, with a break before the place of zeros.
func axisLine(c draw.Canvas, style draw.LineStyle, at func(share float64) vg.Point, s span) {
	if !s.zero {
		c.StrokeLines(style, []vg.Point{at(0), at(1)})
		return
	}
	const half = 0.009
	c.StrokeLines(style, []vg.Point{at(0), at(zeroBreak - half)})
	c.StrokeLines(style, []vg.Point{at(zeroBreak + half), at(1)})
	for _, share := range []float64{zeroBreak - half, zeroBreak + half} {
		p, stroke := at(share), vg.Point{X: 3.5, Y: 2}
		if at(0).Y == at(1).Y {
			stroke = vg.Point{X: 2, Y: 3.5}
		}
		c.StrokeLines(style, []vg.Point{p.Sub(stroke), p.Add(stroke)})
	}
}

func (g frame) drawLabels(c draw.Canvas) {
	a := g.area
	if len(g.xLabel) > 0 {
		style := labelStyle
		style.XAlign = draw.XCenter
		// In the middle of the axis, unless it is wider.
		middle, half := (a.Min.X+a.Max.X)/2, widestLine(style, joined(g.xLabel))/2
		if middle+half > a.Max.X+g.right {
			middle = a.Max.X + g.right - half
		}
		y := a.Min.Y - g.below + vg.Length(len(g.xLabel))*labelLeading
		write(c, style, vg.Point{X: middle, Y: y}, labelLeading, joined(g.xLabel))
	}
	for i, line := range g.yLabel {
		style := labelStyle
		style.Rotation, style.XAlign = math.Pi/2, draw.XCenter
		at := vg.Point{X: a.Min.X - g.left + vg.Length(i)*labelLeading, Y: (a.Min.Y + a.Max.Y) / 2}
		c.FillText(style, at, line)
	}
}

// drawGrid draws a light line at every number.
func (g frame) drawGrid(c draw.Canvas) {
	style := draw.LineStyle{Color: rule, Width: 0.6}
	for _, t := range g.xTicks {
		if t.label != "" && g.X.Categories == nil {
			c.StrokeLine2(style, g.atX(t.value), g.area.Min.Y, g.atX(t.value), g.area.Max.Y)
		}
	}
	for _, t := range g.yTicks {
		if t.label != "" {
			c.StrokeLine2(style, g.area.Min.X, g.atY(t.value), g.area.Max.X, g.atY(t.value))
		}
	}
}
