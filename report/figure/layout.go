package figure

import (
	"slices"

	"gonum.org/v1/plot/vg"
)

// The parts of a figure from top to bottom, all as wide as it is.
const (
	margin       = vg.Length(10)
	gap          = vg.Length(6)
	titleLeading = vg.Length(18)
	panelLeading = vg.Length(14)
	labelLeading = vg.Length(13)
	entryLeading = vg.Length(16)
	lineLeading  = vg.Length(13) // within an entry
	keyLeading   = vg.Length(12)
	markLeading  = vg.Length(12)
	nameLeading  = vg.Length(12)
	cellLeading  = vg.Length(11) // within a cell of a heat map
)

var (
	titleStyle     = lettering(14, true, ink)
	panelStyle     = lettering(11, true, ink)
	labelStyle     = lettering(11, false, ink)
	entryStyle     = lettering(11, false, ink)
	keyStyle       = lettering(10, false, faint)
	markStyle      = lettering(10, false, ink)
	tickStyle      = lettering(10, false, ink)
	exponentStyle  = lettering(10, false, ink) // a page has no smaller letters
	referenceStyle = lettering(10, false, faint)
)

// layout is a figure on a page of a given width.
type layout struct {
	Figure
	width  vg.Length
	title  []string
	panels arrangement
	legend [][]entry
	key    []string
}

// How narrow a panel may become before fewer stand side by side: those of a figure of many lines, dots or maps less wide, since
// in one column they would not fit on a sheet.
const (
	narrowPanel = vg.Length(165)
	narrowSmall = vg.Length(100)
	manyPanels  = 4
)

func (f Figure) layout(width vg.Length) layout {
	inner, narrow := width-2*margin, narrowPanel
	if len(f.Panels) > manyPanels && !slices.ContainsFunc(f.Panels, Panel.hasText) {
		narrow = narrowSmall
	}
	columns := max(1, min(f.Columns, int((inner+gutter)/(narrow+gutter))))
	return layout{
		Figure: f, width: width, title: wrap(titleStyle, f.Title, inner), panels: f.arrange(inner, columns, false),
		legend: f.entries(inner - 4), key: wrap(keyStyle, f.Key, inner-4),
	}
}

// hasText says whether a panel has words that take their width: names, counts of marks, numbers in cells.
func (p Panel) hasText() bool {
	return p.bare() || len(p.Marks) > 0 || p.X.Categories != nil || p.Y.Categories != nil ||
		slices.ContainsFunc(p.Cells, func(c Cell) bool { return c.Text != "" })
}

func (l layout) height() vg.Length {
	sum := 2*margin + vg.Length(len(l.title))*titleLeading + l.panels.height() + 2*gap + vg.Length(len(l.key))*keyLeading
	for _, row := range l.legend {
		sum += rowHeight(row)
	}
	return sum
}

// MaxPanels is the largest number of panels that one figure shows legibly.
const MaxPanels = 12

// Columns is how many of a figure's panels stand side by side, given their number.
func Columns(panels int) int {
	if panels == 4 {
		return 2
	}
	return min(panels, 3)
}
