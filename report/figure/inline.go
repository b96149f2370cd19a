package figure

import (
	"cmp"
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"nightshift/report/stat"
)

// InlinePanel is a panel as SVG inside a page. Its colours are variables of the page: --c0 to --c5, --ink, --faint, --rule
// and --edge. Letters are at least 10 points, which are 11 pixels where the drawing is as wide as its column.
type InlinePanel struct {
	Title string
	SVG   string
	Phone string // the same for a narrow screen; "" where one drawing serves both
}

// Sample is an entry of a legend: a series with its line and marker, or a sign with what it means.
type Sample struct {
	Label  string
	Series bool
	SVG    string
}

const (
	wide       = vg.Length(620) // one panel that is as wide as the page
	half       = vg.Length(300) // two side by side, or a phone
	third      = vg.Length(260) // three side by side
	edgeMargin = vg.Length(5)   // that markers and numbers on an edge need
	sample     = vg.Length(14)  // height of a sample
)

// Inline draws each panel as an SVG of its own. Its axes have the ranges of the whole figure.
func (f Figure) Inline() []InlinePanel {
	width := []vg.Length{wide, half, third}[min(max(f.Columns, 1), 3)-1]
	panels := make([]InlinePanel, len(f.Panels))
	some := f.sparse()
	for i, g := range f.arrange(width, 1, true).frames {
		panels[i] = InlinePanel{Title: g.Title, SVG: f.inline(g, width, some)}
	}
	if width == wide {
		for i, g := range f.arrange(half, 1, true).frames {
			panels[i].Phone = f.inline(g, half, some)
		}
	}
	return panels
}

// Legend returns what stands below the panels: a sample for each label, then one for each sign.
func (f Figure) Legend() []Sample {
	var all []Sample
	for _, e := range f.samples() {
		c := newSVG(sampleWidth, sample, true, fmt.Sprintf(` width="%v" height="%v" aria-hidden="true"`,
			float64(sampleWidth), float64(sample)))
		e.sample(draw.NewCanvas(c, sampleWidth, sample), vg.Point{Y: sample / 2})
		all = append(all, Sample{Label: e.label, Series: e.series.Label != "", SVG: string(c.bytes())})
	}
	return all
}

func (f Figure) inline(g frame, width vg.Length, some sparse) string {
	all := g.Series
	g.Series = make([]Series, len(all))
	for i, s := range all {
		g.Series[i] = some.of(s)
	}
	g.labelEvery = some.means
	height := g.area.Max.Y - g.area.Min.Y + g.below + 2*edgeMargin
	says := f.Alt
	if len(f.Panels) > 1 {
		says = strings.Trim(fmt.Sprintf("%s: %s against %s", g.Title, cmp.Or(g.Y.Label, "cells"), g.X.Label), ": ")
	}
	if g.bare() {
		says = cmp.Or(g.Title, f.Alt)
	}
	c := newSVG(width, height, true, fmt.Sprintf(` class="panel" role="img" tabindex="0" aria-label="%s"`, escaped(says)))
	g.moved(vg.Point{Y: height - edgeMargin - g.area.Max.Y}).draw(draw.NewCanvas(c, width, height))
	return string(c.bytes())
}

// words says what a point stands for: whose it is, its place and its value with the interval.
func (p Panel) words(who string, at XY, i stat.Interval, along bool) string {
	lines := []string{p.X.words(at.X), p.Y.words(at.Y)}
	if i.Known() {
		by := 1
		if along {
			by = 0
		}
		lines[by] += fmt.Sprintf(" (%s to %s)", Brief(i.Lo), Brief(i.Hi))
	}
	if who != "" {
		lines = append([]string{who}, lines...)
	}
	return strings.Join(lines, "\n")
}

// words is a value with the name of its axis, or a category alone.
func (a Axis) words(v float64) string {
	if a.Categories != nil {
		return a.value(v)
	}
	return a.Label + ": " + Brief(v)
}
