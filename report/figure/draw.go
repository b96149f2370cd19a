package figure

import (
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Check returns an error for a figure that cannot be drawn: axes with the same label share their range, so they have to be all
// linear or all logarithmic, and all of numbers or all of names.
func (f Figure) Check() error {
	kinds := map[string]Axis{}
	for i, p := range f.Panels {
		for along, a := range []Axis{p.X, p.Y, p.Colour} {
			if along == 2 && len(p.Cells) == 0 {
				continue
			}
			name := fmt.Sprint(along, a.Label)
			first, known := kinds[name]
			if !known {
				kinds[name] = a
				continue
			}
			if first.Log != a.Log || (first.Categories == nil) != (a.Categories == nil) {
				return fmt.Errorf("figure %s: panel %d (%s) has another kind of axis %q than the panels before it: "+
					"give axes that do not share their range labels of their own", f.Name, i+1, p.Title, a.Label)
			}
		}
	}
	return nil
}

// draw fills the canvas from top to bottom: title, panels, legend, key.
func (l layout) draw(c draw.Canvas) {
	top := l.height() - margin
	for _, line := range l.title {
		c.FillText(titleStyle, vg.Point{X: margin, Y: top}, line)
		top -= titleLeading
	}
	for _, g := range l.panels.frames {
		g.moved(vg.Point{X: margin, Y: top}).drawTitled(c)
	}
	top -= l.panels.height() + gap
	for _, row := range l.legend {
		for _, e := range row {
			e.draw(c, vg.Point{X: margin + 4 + e.x, Y: top - entryLeading/2})
		}
		top -= rowHeight(row)
	}
	top -= gap
	for _, line := range l.key {
		c.FillText(keyStyle, vg.Point{X: margin + 4, Y: top}, line)
		top -= keyLeading
	}
}

// moved puts a frame elsewhere.
func (g frame) moved(by vg.Point) frame {
	g.area = g.area.Add(by)
	return g
}

// drawTitled draws a panel with its title above it, which begins further left where it is wider than the area.
func (g frame) drawTitled(c draw.Canvas) {
	g.draw(c)
	x := g.area.Min.X
	if over := x + widestLine(panelStyle, joined(g.titles)) - g.area.Max.X - g.right; over > 0 {
		x = max(x-over, g.area.Min.X-g.left)
	}
	for i, line := range g.titles {
		above := vg.Length(len(g.titles)-i)*panelLeading + 2
		c.FillText(panelStyle, vg.Point{X: x, Y: g.area.Max.Y + above}, line)
	}
}
