package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Diagram is nodes and the arrows between them, in place of the axes.
type Diagram struct {
	Nodes  []Node
	Arrows []Arrow
}

// Node is a circle at a place between 0 and 1, from left to right and from below upwards. Its name stands in it and its
// value above it, or below it in the lower half. Where there is little width, what goes from left to right goes downwards.
type Node struct {
	X, Y  float64
	Name  string
	Value float64 // NaN for none
}

// Arrow leads from one node to another, by their indices, and bears a number.
type Arrow struct {
	From, To int
	Name     string // what the number is
	Value    float64
	Style    Style
	Thick    bool // it belongs to what the diagram is about
}

// The measures of a diagram.
const (
	nodeRadius   = vg.Length(17)
	arrowHead    = vg.Length(7)
	arrowSpread  = 0.42 // half of the angle at its point
	diagramShare = 0.42 // of the width is its height
	uprightBelow = vg.Length(360)
	uprightShare = 1.2
	valueRoom    = vg.Length(38) // beside a node
)

// bare says whether a panel has no axes.
func (p Panel) bare() bool { return len(p.Pictures) > 0 || p.Diagram != nil }

// diagramHeight is that of a diagram of a width.
func diagramHeight(width vg.Length) vg.Length {
	if width < uprightBelow {
		return uprightShare * width
	}
	return min(diagramShare*width, 240)
}

// upright says whether the diagram goes downwards.
func (g frame) upright() bool { return g.area.Max.X-g.area.Min.X < uprightBelow }

// place is where a node stands; all of it, with its value, is inside of the area.
func (g frame) place(n Node) vg.Point {
	a := g.area
	within := func(lo, hi vg.Length, share float64) vg.Length { return lo + vg.Length(share)*(hi-lo) }
	if g.upright() {
		return vg.Point{X: within(a.Min.X+nodeRadius+valueRoom, a.Max.X-nodeRadius-valueRoom, 1-n.Y),
			Y: within(a.Min.Y+nodeRadius, a.Max.Y-nodeRadius, 1-n.X)}
	}
	return vg.Point{X: within(a.Min.X+nodeRadius, a.Max.X-nodeRadius, n.X),
		Y: within(a.Min.Y+nodeRadius+nameLeading, a.Max.Y-nodeRadius-nameLeading, n.Y)}
}

// drawDiagram draws arrows, the thick ones over the others, then nodes, then numbers on all of it.
func (g frame) drawDiagram(c draw.Canvas) {
	for _, thick := range []bool{false, true} {
		for _, a := range g.Diagram.Arrows {
			if a.Thick == thick {
				g.arrow(c, a)
			}
		}
	}
	for _, n := range g.Diagram.Nodes {
		g.node(c, n)
	}
	for _, a := range g.Diagram.Arrows {
		g.arrowNumber(c, a)
	}
}

func (g frame) node(c draw.Canvas, n Node) {
	at := g.place(n)
	var circle vg.Path
	circle.Move(vg.Point{X: at.X + nodeRadius, Y: at.Y})
	circle.Arc(at, nodeRadius, 0, 2*math.Pi)
	circle.Close()
	c.SetColor(paper)
	c.Fill(circle)
	c.SetLineStyle(draw.LineStyle{Color: edge, Width: 1.2})
	c.Stroke(circle)
	style := tickStyle
	style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
	c.FillText(style, at, n.Name)
	if words := n.Name; !math.IsNaN(n.Value) {
		words += "\n" + Brief(n.Value)
		beside := vg.Point{X: at.X, Y: at.Y + nodeRadius + nameLeading/2}
		switch left := n.Y > 0.5; {
		case g.upright() && left:
			style.XAlign, beside = draw.XRight, vg.Point{X: at.X - nodeRadius - 3, Y: at.Y}
		case g.upright():
			style.XAlign, beside = draw.XLeft, vg.Point{X: at.X + nodeRadius + 3, Y: at.Y}
		case n.Y < 0.5: // arrows come from above
			beside.Y = at.Y - nodeRadius - nameLeading/2 - 1
		}
		c.FillText(style, beside, signed(Brief(n.Value)))
		on(c).point(at, words)
	}
}

// ends are where an arrow begins and ends, at the rims of its nodes, and its direction.
func (g frame) ends(a Arrow) (from, to vg.Point, angle float64) {
	from, to = g.place(g.Diagram.Nodes[a.From]), g.place(g.Diagram.Nodes[a.To])
	angle = math.Atan2(float64(to.Y-from.Y), float64(to.X-from.X))
	rim := vg.Point{X: nodeRadius * vg.Length(math.Cos(angle)), Y: nodeRadius * vg.Length(math.Sin(angle))}
	return from.Add(rim), to.Sub(rim), angle
}

func (g frame) arrow(c draw.Canvas, a Arrow) {
	from, to, angle := g.ends(a)
	line := draw.LineStyle{Color: edge, Width: 0.8}
	if a.Thick {
		line = draw.LineStyle{Color: a.Style.colour(), Width: lineWidth, Dashes: dashes[max(a.Style.Dash, 0)%len(dashes)]}
	}
	c.StrokeLines(line, []vg.Point{from, to})
	corner := func(turn float64) vg.Point {
		return vg.Point{X: to.X - arrowHead*vg.Length(math.Cos(angle+turn)), Y: to.Y - arrowHead*vg.Length(math.Sin(angle+turn))}
	}
	c.FillPolygon(line.Color, []vg.Point{to, corner(arrowSpread), corner(-arrowSpread)})
}

// arrowNumber stands before the middle of an arrow, where those that cross are apart.
func (g frame) arrowNumber(c draw.Canvas, a Arrow) {
	from, to, _ := g.ends(a)
	share := vg.Length(0.4)
	if g.upright() { // where numbers are beside each other, not above
		share = 0.25
	}
	at := vg.Point{X: from.X + share*(to.X-from.X), Y: from.Y + share*(to.Y-from.Y)}
	text := signed(Brief(a.Value))
	style := tickStyle
	style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
	half := vg.Point{X: style.Width(text)/2 + 1, Y: nameLeading/2 - 0.5}
	c.SetColor(withAlpha(paper, 0xE0))
	c.Fill(vg.Rectangle{Min: at.Sub(half), Max: at.Add(half)}.Path())
	c.FillText(style, at, text)
	on(c).point(at, a.Name+"\n"+Brief(a.Value))
}
