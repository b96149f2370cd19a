package figure

import (
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Pictures of a contact sheet stand in columns of one width, with captions whose lines take two at most.
const (
	pictureWidth = vg.Length(56)
	pictureGap   = vg.Length(8)
	captionLines = 2
)

// sheetColumns is how many pictures stand side by side in that width: no more than fill as many rows evenly.
func (p Panel) sheetColumns(width vg.Length) int {
	most := max(1, int((width+pictureGap)/(pictureWidth+pictureGap)))
	rows := max(1, (len(p.Pictures)+most-1)/most)
	return (len(p.Pictures) + rows - 1) / rows
}

// rowHeight is that of a row of pictures with their captions: the tallest decides.
func (p Panel) rowHeight() vg.Length {
	tallest, lines := vg.Length(0), 0
	for _, one := range p.Pictures {
		tallest = max(tallest, one.size().Y)
		lines = max(lines, len(one.lines()))
	}
	return tallest + vg.Length(lines)*nameLeading + pictureGap
}

func (p Panel) sheetHeight(width vg.Length) vg.Length {
	columns := max(1, p.sheetColumns(width))
	return vg.Length((len(p.Pictures)+columns-1)/columns) * p.rowHeight()
}

// size is that of a picture with square pixels, no higher than twice its width.
func (p Picture) size() vg.Point {
	if p.Image == nil || p.Image.Bounds().Empty() {
		return vg.Point{X: pictureWidth, Y: pictureWidth}
	}
	b := p.Image.Bounds()
	scale := min(pictureWidth/vg.Length(b.Dx()), 2*pictureWidth/vg.Length(b.Dy()))
	return vg.Point{X: vg.Length(b.Dx()) * scale, Y: vg.Length(b.Dy()) * scale}
}

func (p Picture) lines() []string {
	var all []string
	for line := range strings.SplitSeq(p.Caption, "\n") {
		all = append(all, fit(tickStyle, line, pictureWidth+pictureGap-2, captionLines)...)
	}
	return all
}

// drawSheet draws the pictures in rows, each in a frame with its caption below.
func (g frame) drawSheet(c draw.Canvas) {
	columns, row := g.sheetColumns(g.area.Max.X-g.area.Min.X), g.rowHeight()
	for i, p := range g.Pictures {
		top := vg.Point{X: g.area.Min.X + vg.Length(i%columns)*(pictureWidth+pictureGap), Y: g.area.Max.Y - vg.Length(i/columns)*row}
		size := p.size()
		at := vg.Rectangle{Min: vg.Point{X: top.X, Y: top.Y - size.Y}, Max: vg.Point{X: top.X + size.X, Y: top.Y}}
		if p.Image != nil && !p.Image.Bounds().Empty() {
			c.DrawImage(at, p.Image)
		}
		c.StrokeLines(draw.LineStyle{Color: edge, Width: 0.5}, append(corners(at), at.Min))
		write(c, tickStyle, vg.Point{X: at.Min.X, Y: at.Min.Y - 2}, nameLeading, joined(p.lines()))
		if words := strings.TrimSpace(p.Caption); words != "" {
			on(c).point(vg.Point{X: (at.Min.X + at.Max.X) / 2, Y: (at.Min.Y + at.Max.Y) / 2}, words)
		}
	}
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}
