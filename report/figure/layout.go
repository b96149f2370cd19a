package figure

import (
	"strings"

	"gonum.org/v1/plot/vg"
)

// The parts of a figure from top to bottom, all as wide as it is.
const (
	margin       = vg.Length(10)
	gap          = vg.Length(6)
	titleLeading = vg.Length(18)
	panelLeading = vg.Length(14)
	axisLeading  = vg.Length(20)
	entryLeading = vg.Length(16)
	keyLeading   = vg.Length(12)
	markLeading  = vg.Length(12)
	nameLeading  = vg.Length(12)
)

const tickSize = vg.Length(10)

var (
	titleStyle = lettering(14, true, ink)
	panelStyle = lettering(11, true, ink)
	entryStyle = lettering(11, false, ink)
	keyStyle   = lettering(10, false, faint)
	markStyle  = lettering(10, false, ink)
)

func (f Figure) rows() int { return (len(f.Panels) + f.Columns - 1) / f.Columns }

func (f Figure) titleLines() []string { return wrap(titleStyle, f.Title, width-2*margin) }

func (f Figure) keyLines() []string { return wrap(keyStyle, f.Key, width-2*margin) }

// panelTitle wraps a panel's title to its column.
func (f Figure) panelTitle(p Panel) []string {
	return wrap(panelStyle, p.Title, f.panelWidth())
}

// panelWidth is about that of a panel without what stands beside it.
func (f Figure) panelWidth() vg.Length { return width/vg.Length(f.Columns) - 50 }

// titleHeight is the room above each panel for its title.
func (f Figure) titleHeight() vg.Length {
	lines := 0
	for _, p := range f.Panels {
		lines = max(lines, len(f.panelTitle(p)))
	}
	return vg.Length(lines)*panelLeading + 6
}

// panelHeight is that of a panel about so wide with the numbers below it.
func (f Figure) panelHeight(width vg.Length) vg.Length {
	for _, p := range f.Panels {
		if n := len(p.Y.Categories); n > 0 {
			lines := 1
			for _, name := range p.Y.Categories {
				lines = max(lines, 1+strings.Count(folded(name, width), "\n"))
			}
			return max(90, min(420, vg.Length(n)*23+30), vg.Length(n*lines)*nameLeading+30)
		}
	}
	return []vg.Length{250, 200, 140}[min(f.Columns, 3)-1]
}

func (f Figure) panelsHeight() vg.Length {
	return vg.Length(f.rows())*(f.panelHeight(f.panelWidth())+f.titleHeight()) + axisLeading
}

func (f Figure) height() vg.Length {
	return 2*margin + vg.Length(len(f.titleLines()))*titleLeading + f.panelsHeight() +
		gap + vg.Length(len(f.legend()))*entryLeading + gap + vg.Length(len(f.keyLines()))*keyLeading
}

// MaxPanels is what one figure can show legibly.
const MaxPanels = 12

// Columns is how many of a figure's panels stand side by side.
func Columns(panels int) int {
	if panels == 4 {
		return 2
	}
	return min(panels, 3)
}
