package report

import (
	"bytes"
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// A figure is 600 points wide, which are 1600 pixels.
const (
	width = vg.Length(600)
	dpi   = 192
)

// png draws the figure as an image.
func (f Figure) png() ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(width, f.height()), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(color.White))
	f.draw(draw.New(c))
	var b bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(&b); err != nil {
		return nil, fmt.Errorf("figure %s: %w", f.Name, err)
	}
	return b.Bytes(), nil
}

// svg draws the figure as vectors. Its letters have the widths of Arial and
// Helvetica, so one of the three is found everywhere.
func (f Figure) svg() ([]byte, error) {
	c := vgsvg.New(width, f.height())
	f.draw(draw.New(c))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("figure %s: %w", f.Name, err)
	}
	return bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans;"),
		[]byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif;")), nil
}

// The parts of a figure from top to bottom, all as wide as it is.
const (
	margin       = vg.Length(10)
	titleLeading = vg.Length(18)
	panelLeading = vg.Length(14)
	entryLeading = vg.Length(16)
	keyLeading   = vg.Length(12)
)

var (
	titleStyle = lettering(14, true, ink)
	panelStyle = lettering(11, true, ink)
	entryStyle = lettering(11, false, ink)
	keyStyle   = lettering(9.5, false, faint)
)

func (f Figure) rows() int { return (len(f.Panels) + f.Columns - 1) / f.Columns }

func (f Figure) titleLines() []string { return wrap(titleStyle, f.Title, width-2*margin) }

func (f Figure) keyLines() []string { return wrap(keyStyle, f.Key, width-2*margin) }

// panelTitle wraps a panel's title to its column.
func (f Figure) panelTitle(p Panel) []string {
	return wrap(panelStyle, p.Title, width/vg.Length(f.Columns)-50)
}

// rowTitle is the number of lines above the panels of a row.
func (f Figure) rowTitle(row int) int {
	lines := 0
	for i := row * f.Columns; i < min(len(f.Panels), (row+1)*f.Columns); i++ {
		lines = max(lines, len(f.panelTitle(f.Panels[i])))
	}
	return lines
}

// rowHeight is that of the panels without their titles.
func (f Figure) rowHeight() vg.Length {
	for _, p := range f.Panels {
		if n := len(p.Y.Categories); n > 0 {
			return max(110, min(420, vg.Length(n)*20+60))
		}
	}
	return []vg.Length{270, 230, 165}[min(f.Columns, 3)-1]
}

func (f Figure) height() vg.Length {
	h := 2*margin + vg.Length(len(f.titleLines()))*titleLeading + 4
	for row := range f.rows() {
		h += vg.Length(f.rowTitle(row))*panelLeading + f.rowHeight()
	}
	h += vg.Length(len(f.legend()))*entryLeading + vg.Length(len(f.keyLines()))*keyLeading + 10
	return h
}

func (f Figure) draw(c draw.Canvas) {
	top := c.Max.Y - margin
	for _, line := range f.titleLines() {
		c.FillText(titleStyle, vg.Point{X: margin, Y: top}, line)
		top -= titleLeading
	}
	top -= 4

	plots := f.plots()
	titles := make([][]string, len(f.Panels))
	bottom := top
	for row := range f.rows() {
		bottom -= vg.Length(f.rowTitle(row))*panelLeading + f.rowHeight()
	}
	for row := range f.rows() {
		above := vg.Length(f.rowTitle(row)) * panelLeading
		band := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: margin, Y: top - above - f.rowHeight()}, Max: vg.Point{X: c.Max.X - margin, Y: top - above},
		}}
		tiles := draw.Tiles{Rows: 1, Cols: f.Columns, PadX: 10, PadTop: 4, PadBottom: 8, PadRight: 6}
		for col, canvas := range plot.Align(plots[row:row+1], tiles, band)[0] {
			i := row*f.Columns + col
			if i >= len(f.Panels) {
				continue
			}
			plots[row][col].Draw(canvas)
			titles[i] = f.panelTitle(f.Panels[i])
			left := plots[row][col].DataCanvas(canvas).Min.X
			y := top
			for _, line := range titles[i] {
				c.FillText(panelStyle, vg.Point{X: left, Y: y}, line)
				y -= panelLeading
			}
		}
		top -= above + f.rowHeight()
	}

	for _, row := range f.legend() {
		for _, e := range row {
			e.draw(c, vg.Point{X: e.x, Y: top - entryLeading/2})
		}
		top -= entryLeading
	}
	top -= 4
	for _, line := range f.keyLines() {
		c.FillText(keyStyle, vg.Point{X: margin + 4, Y: top}, line)
		top -= keyLeading
	}
}

// plots lays the panels out in rows; the places that stay empty in the last row
// are nil.
func (f Figure) plots() [][]*plot.Plot {
	x, y := f.ranges()
	if slices.ContainsFunc(f.Panels, func(p Panel) bool { return len(p.Diverged) > 0 }) {
		for label, s := range y {
			y[label] = s.headroom(f.axisY(label).Log)
		}
	}
	rows := make([][]*plot.Plot, f.rows())
	for row := range rows {
		rows[row] = make([]*plot.Plot, f.Columns)
		for col := range rows[row] {
			i := row*f.Columns + col
			if i >= len(f.Panels) {
				continue
			}
			p := f.Panels[i]
			below := i + f.Columns
			labelX := below >= len(f.Panels) || f.Panels[below].X.Label != p.X.Label
			labelY := col == 0 || f.Panels[i-1].Y.Label != p.Y.Label
			if col > 0 && p.Y.Categories != nil && !labelY {
				p.Y.Categories = make([]string, len(p.Y.Categories))
			}
			rows[row][col] = p.plot(x[p.X.Label], y[p.Y.Label], labelX, labelY)
		}
	}
	return rows
}

func (f Figure) axisY(label string) Axis {
	at := slices.IndexFunc(f.Panels, func(p Panel) bool { return p.Y.Label == label })
	return f.Panels[at].Y
}
