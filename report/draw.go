package report

import (
	"bytes"
	"cmp"
	"fmt"
	"image/color"
	"math"
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
	gap          = vg.Length(6)
	titleLeading = vg.Length(18)
	panelLeading = vg.Length(14)
	axisLeading  = vg.Length(20)
	entryLeading = vg.Length(16)
	keyLeading   = vg.Length(12)
	markLeading  = vg.Length(11)
)

const tickSize = vg.Length(10)

var (
	titleStyle = lettering(14, true, ink)
	panelStyle = lettering(11, true, ink)
	entryStyle = lettering(11, false, ink)
	keyStyle   = lettering(9.5, false, faint)
	markStyle  = lettering(9, false, ink)
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

// panelHeight is that of a panel with the numbers below it.
func (f Figure) panelHeight() vg.Length {
	for _, p := range f.Panels {
		if n := len(p.Y.Categories); n > 0 {
			return max(90, min(420, vg.Length(n)*23+30))
		}
	}
	return []vg.Length{250, 200, 140}[min(f.Columns, 3)-1]
}

func (f Figure) panelsHeight() vg.Length {
	return vg.Length(f.rows())*(f.panelHeight()+f.titleHeight()) + axisLeading
}

func (f Figure) height() vg.Length {
	return 2*margin + vg.Length(len(f.titleLines()))*titleLeading + f.panelsHeight() +
		gap + vg.Length(len(f.legend()))*entryLeading + gap + vg.Length(len(f.keyLines()))*keyLeading
}

func (f Figure) draw(c draw.Canvas) {
	top := c.Max.Y - margin
	for _, line := range f.titleLines() {
		c.FillText(titleStyle, vg.Point{X: margin, Y: top}, line)
		top -= titleLeading
	}

	plots := f.plots()
	area := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: margin, Y: top - f.panelsHeight()}, Max: vg.Point{X: c.Max.X - margin, Y: top},
	}}
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
				c.FillText(panelStyle, vg.Point{X: data.Min.X, Y: data.Max.Y + above}, line)
			}
		}
	}
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

// plots lays the panels out in rows; the places that stay empty in the last row
// are nil.
func (f Figure) plots() [][]*plot.Plot {
	x, y := f.ranges()
	panels, markRows := f.stack(x)
	if markRows > 0 {
		share := float64(vg.Length(markRows)*markLeading+4) / float64(f.panelHeight())
		for label, s := range y {
			y[label] = s.headroom(f.axisY(label).Log, share)
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
			p := panels[i]
			p.X.length = float64(f.panelWidth())
			below := i + f.Columns
			labelX := below >= len(f.Panels) || f.Panels[below].X.Label != p.X.Label
			labelY := col == 0 || f.Panels[i-1].Y.Label != p.Y.Label
			rows[row][col] = p.plot(x[p.X.Label], y[p.Y.Label], labelX, labelY)
		}
	}
	return rows
}

// stack puts marks that would run into each other into rows below each other,
// and gives the number of rows.
func (f Figure) stack(x map[string]span) (panels []Panel, rows int) {
	panels = slices.Clone(f.Panels)
	for i, p := range panels {
		s := x[p.X.Label]
		at := func(v float64) vg.Length { // about where it is drawn
			share := (v - s.min) / (s.max - s.min)
			if p.X.Log {
				share = math.Log(v/s.min) / math.Log(s.max/s.min)
			}
			return vg.Length(share) * f.panelWidth()
		}
		p.Marks = slices.Clone(p.Marks)
		slices.SortStableFunc(p.Marks, func(a, b Mark) int { return cmp.Compare(a.X, b.X) })
		type stretch struct{ left, right vg.Length }
		var taken [][]stretch // of each row
		for k, m := range p.Marks {
			words := markStyle.Width(m.Label) + 12
			s := stretch{at(m.X) - 6, at(m.X) + words}
			if s.right-6 > f.panelWidth() { // the words stand on the other side
				s = stretch{at(m.X) - words, at(m.X) + 6}
			}
			row := slices.IndexFunc(taken, func(others []stretch) bool {
				return !slices.ContainsFunc(others, func(o stretch) bool { return o.left < s.right && s.left < o.right })
			})
			if row < 0 {
				row = len(taken)
				taken = append(taken, nil)
			}
			taken[row] = append(taken[row], s)
			p.Marks[k].row = row
		}
		panels[i] = p
		rows = max(rows, len(taken))
	}
	return panels, rows
}

func (f Figure) axisY(label string) Axis {
	at := slices.IndexFunc(f.Panels, func(p Panel) bool { return p.Y.Label == label })
	return f.Panels[at].Y
}
