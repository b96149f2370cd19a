package report

import (
	"fmt"
	"slices"

	"nightshift/report/figure"
)

// limit leaves out what one figure has no room for: cells that claims name and those that are best on validation stay.
func (p *plot) limit() (warnings []string) {
	var panels []group
	for _, label := range p.panelLabels() {
		g := group{label: label}
		lines := 0
		for _, l := range p.rows {
			if l.panel == label {
				g.cells = append(g.cells, l.cells...)
				lines++
			}
		}
		panels = append(panels, g)
		if lines > linesAtMost {
			warnings = append(warnings, p.fewerLines(label, lines))
		}
	}
	most := figure.MaxPanels
	if p.f.Kind == deadKind { // which has a panel of its own behind them
		most--
	}
	kept, omitted := p.b.shownPanels(p.r, panels, most)
	p.rows = slices.DeleteFunc(p.rows, func(l plotLine) bool {
		return !slices.ContainsFunc(kept, func(g group) bool { return g.label == l.panel })
	})
	return append(warnings, omitted...)
}

// fewerLines leaves as many lines in a panel as can be told apart.
func (p *plot) fewerLines(panel string, of int) string {
	var groups []group
	for _, l := range p.rows {
		if l.panel == panel {
			groups = append(groups, group{label: l.label, cells: l.cells})
		}
	}
	kept := p.b.bestGroups(p.r, groups, linesAtMost)
	p.rows = slices.DeleteFunc(p.rows, func(l plotLine) bool {
		return l.panel == panel && !slices.ContainsFunc(kept, func(g group) bool { return g.label == l.label })
	})
	return fmt.Sprintf("%d of %d lines are shown, %s; the table has all.", linesAtMost, of, p.r.preferred())
}
