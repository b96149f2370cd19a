package figure

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// A figure is 600 points wide, which are 1600 pixels.
const (
	width = vg.Length(600)
	dpi   = 192
)

// PNG draws the figure as an image.
func (f Figure) PNG() ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(width, f.height()), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(color.White))
	f.draw(draw.New(c))
	var b bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(&b); err != nil {
		return nil, fmt.Errorf("figure %s: %w", f.Name, err)
	}
	return b.Bytes(), nil
}

// SVG draws the figure as vectors. Its letters have the widths of Arial and
// Helvetica, so one of the three is found everywhere.
func (f Figure) SVG() []byte {
	c := newSVG(width, f.height(), false, fmt.Sprintf(` xmlns="http://www.w3.org/2000/svg" width="%spt" height="%spt"`,
		tenths(width), tenths(f.height())))
	f.draw(draw.NewCanvas(c, width, f.height()))
	return c.bytes()
}

// draw fills the canvas from top to bottom: title, panels, legend, key.
func (f Figure) draw(c draw.Canvas) {
	top := c.Max.Y - margin
	for _, line := range f.titleLines() {
		c.FillText(titleStyle, vg.Point{X: margin, Y: top}, line)
		top -= titleLeading
	}

	f.drawPanels(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: margin, Y: top - f.panelsHeight()}, Max: vg.Point{X: c.Max.X - margin, Y: top},
	}})
	top -= f.panelsHeight() + gap

	for _, row := range f.legend() {
		for _, e := range row {
			e.draw(c, vg.Point{X: e.x, Y: top - entryLeading/2})
		}
		top -= entryLeading
	}
	top -= gap
	for _, line := range f.keyLines() {
		c.FillText(keyStyle, vg.Point{X: margin + 4, Y: top}, line)
		top -= keyLeading
	}
}

// drawPanels draws the panels with their titles, those of a row at one height.
func (f Figure) drawPanels(area draw.Canvas) {
	plots := f.plots()
	tiles := draw.Tiles{
		Rows: f.rows(), Cols: f.Columns,
		PadX: 14, PadRight: 8, PadTop: f.titleHeight(), PadY: f.titleHeight(),
	}
	for row, canvases := range plot.Align(plots, tiles, area) {
		level(plots[row], canvases)
		for col, canvas := range canvases {
			if plots[row][col] == nil {
				continue
			}
			plots[row][col].Draw(canvas)
			data := plots[row][col].DataCanvas(canvas)
			lines := f.panelTitle(f.Panels[row*f.Columns+col])
			for i, line := range lines {
				above := vg.Length(len(lines)-i)*panelLeading + 2
				area.FillText(panelStyle, vg.Point{X: data.Min.X, Y: data.Max.Y + above}, line)
			}
		}
	}
}

// plots lays the panels out in rows; the places that stay empty in the last row
// are nil.
func (f Figure) plots() [][]*plot.Plot {
	drawings := f.drawings(f.panelWidth(), f.panelHeight(f.panelWidth()))
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
			rows[row][col] = drawings[i].plot(labelX, labelY)
		}
	}
	return rows
}

// drawings gives each panel the ranges of its axes and the room of its marks, where the axes are about so long.
func (f Figure) drawings(width, height vg.Length) []drawing {
	x, y := f.ranges()
	all, markRows := make([]drawing, len(f.Panels)), 0
	for i, p := range f.Panels {
		marks, rows := p.placeMarks(x[p.X.Label], p.Y.beside(width))
		all[i] = drawing{Panel: p, x: x[p.X.Label], width: p.Y.beside(width), whole: width, marks: marks}
		markRows = max(markRows, rows)
	}
	if markRows > 0 {
		share := float64(vg.Length(markRows)*markLeading+4) / float64(height)
		for label, s := range y {
			y[label] = s.headroom(f.axisY(label).Log, share)
		}
	}
	for i, p := range f.Panels {
		all[i].y = y[p.Y.Label]
	}
	return all
}

// beside is what a panel has left beside the names of categories that are wider than numbers.
func (a Axis) beside(width vg.Length) vg.Length {
	widest := vg.Length(30)
	for _, name := range a.Categories {
		widest = max(widest, lettering(tickSize, false, ink).Width(folded(name, width)))
	}
	return width + 30 - widest
}

func (f Figure) axisY(label string) Axis {
	at := slices.IndexFunc(f.Panels, func(p Panel) bool { return p.Y.Label == label })
	return f.Panels[at].Y
}

// level brings the panels of a row to one height. Where some have labels that
// others leave out, aligning them leaves a few points between them.
func level(plots []*plot.Plot, canvases []draw.Canvas) {
	bottom, top := vg.Length(math.Inf(-1)), vg.Length(math.Inf(1))
	for i, p := range plots {
		if p != nil {
			data := p.DataCanvas(canvases[i])
			bottom, top = max(bottom, data.Min.Y), min(top, data.Max.Y)
		}
	}
	for i, p := range plots {
		if p != nil {
			data := p.DataCanvas(canvases[i])
			canvases[i] = draw.Crop(canvases[i], 0, 0, bottom-data.Min.Y, top-data.Max.Y)
		}
	}
}
