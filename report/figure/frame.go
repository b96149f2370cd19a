package figure

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// frame is a panel on the page: its axes with their ticks, and the room that they and what stands beside them take.
type frame struct {
	Panel
	x, y, colour   span
	xTicks, yTicks []tick
	showX, showY   bool     // whether the axes have numbers and labels, which those of the next panel may serve for
	showColour     bool     // whether the bar of the colours stands on the right
	turn           float64  // of the names of the categories along x
	xLabel, yLabel []string // in lines
	titles         []string
	marks          []placedMark
	left, right    vg.Length
	width          vg.Length // of the area
	labelEvery     int       // inside a page, each so many-th mean says what it is; 0 is every one
	above, below   vg.Length
	area           vg.Rectangle // between the axes
}

// Beside panels of a row, and around the letters at their axes.
const (
	gutter     = vg.Length(14)
	tickLength = vg.Length(3)
	tickGap    = vg.Length(3)
	labelGap   = vg.Length(4)
	narrowest  = vg.Length(40) // of an area, whatever stands beside it
)

// arrangement is the panels of a figure in rows.
type arrangement struct {
	frames  []frame
	columns int
	heights []vg.Length // of the rows
}

// height is that of all rows.
func (a arrangement) height() vg.Length {
	var sum vg.Length
	for _, h := range a.heights {
		sum += h
	}
	return sum
}

// row is the frames that stand side by side.
func (a arrangement) row(i int) []frame {
	return a.frames[i*a.columns : min((i+1)*a.columns, len(a.frames))]
}

// arrange lays the panels out, so many side by side, in a given width. Panels of a row have areas of one height, those of a
// column begin at one place, and all areas are equally wide; in a single column only those that share the axis
// below them. Where every panel stands alone, each has the labels of its axes.
func (f Figure) arrange(width vg.Length, columns int, alone bool) arrangement {
	a := arrangement{columns: columns, frames: make([]frame, len(f.Panels))}
	ranges := f.ranges()
	column := (width - vg.Length(columns-1)*gutter) / vg.Length(columns)
	height := f.rowAreas(a, column, alone)
	type margins struct{ left, right vg.Length }
	widest := map[string]margins{} // of panels that stand below each other on one axis, or in one column of several
	group := func(i int) string {
		if columns == 1 {
			return f.Panels[i].X.Label
		}
		return strconv.Itoa(i % columns)
	}
	for i, p := range f.Panels {
		g := frame{Panel: p, x: ranges[0][i], y: ranges[1][i], colour: ranges[2][i]}
		below, last := i+columns, i+1 == len(f.Panels) || (i+1)%columns == 0
		g.showX = alone || below >= len(f.Panels) || !f.Panels[below].X.same(p.X)
		g.showY = alone || i%columns == 0 || !f.Panels[i-1].Y.same(p.Y)
		shared := !alone && !last && len(f.Panels[i+1].Cells) > 0 && f.Panels[i+1].Colour.same(p.Colour)
		g.showColour = len(p.Cells) > 0 && p.Palette != Classes && p.Colour.Label != "" && !shared
		if !p.bare() {
			g.besideAxes(column, height[i/columns])
		}
		r := widest[group(i)]
		widest[group(i)] = margins{max(r.left, g.left), max(r.right, g.right)}
		a.frames[i] = g
	}
	beside := vg.Length(0)
	for _, r := range widest {
		beside += r.left + r.right
	}
	for i := range a.frames {
		g, r := &a.frames[i], widest[group(i)]
		g.left, g.right = r.left, r.right
		if g.width = column - r.left - r.right; columns > 1 {
			g.width = (width - vg.Length(columns-1)*gutter - beside) / vg.Length(columns)
		}
		g.width = max(narrowest, g.width)
	}
	a.heights = make([]vg.Length, len(height))
	f.aboveAndBelow(a, height)
	return a
}

// rowAreas is how high the areas of each row are, without contact sheets. Panels that stand alone are all equally high.
func (f Figure) rowAreas(a arrangement, column vg.Length, alone bool) []vg.Length {
	heights := make([]vg.Length, (len(f.Panels)+a.columns-1)/a.columns)
	for i, p := range f.Panels {
		for row := range heights {
			if len(p.Pictures) == 0 && (alone || row == i/a.columns) {
				heights[row] = max(heights[row], p.height(column))
			}
		}
	}
	return heights
}

// same says whether the labels of one axis serve for the other.
func (a Axis) same(b Axis) bool {
	return a.Label == b.Label && slices.Equal(a.Categories, b.Categories) && !a.Own && !b.Own
}

// aboveAndBelow finishes the frames once the width of their areas is known, and puts them where they belong: the first row
// begins at 0, below which all heights are negative.
func (f Figure) aboveAndBelow(a arrangement, height []vg.Length) {
	rows := map[string]int{} // of marks, by the axis that they stand at the end of
	for i := range a.frames {
		g := &a.frames[i]
		if !g.bare() {
			g.belowAxes(g.width, i%a.columns == 0)
		}
		var n int
		g.marks, n = g.placeMarks(g.x, g.width)
		rows[g.Y.Label] = max(rows[g.Y.Label], n)
	}
	top := vg.Length(0)
	for row := range a.heights {
		frames := a.row(row)
		var above, below, area vg.Length
		for col := range frames {
			g := &frames[col]
			g.titles = wrap(panelStyle, g.Title, g.left+g.width+g.right)
			above = max(above, vg.Length(len(g.titles))*panelLeading+6)
			below = max(below, g.below)
			if area = max(area, height[row]); len(g.Pictures) > 0 {
				area = max(area, g.sheetHeight(g.width))
			}
		}
		x := vg.Length(0)
		for col := range frames {
			g := &frames[col]
			x += g.left
			g.above, g.below = above, below
			g.area = vg.Rectangle{Min: vg.Point{X: x, Y: top - above - area}, Max: vg.Point{X: x + g.width, Y: top - above}}
			if n := rows[g.Y.Label]; n > 0 {
				g.y.head = min(0.6, float64(vg.Length(n)*markLeading+4)/float64(area))
			}
			x += g.width + g.right + gutter
		}
		a.heights[row] = above + area + below
		top -= a.heights[row]
	}
}

// at is the place of a point.
func (g frame) at(x, y float64) vg.Point { return vg.Point{X: g.atX(x), Y: g.atY(y)} }

func (g frame) atX(v float64) vg.Length {
	return g.area.Min.X + vg.Length(g.x.share(v))*(g.area.Max.X-g.area.Min.X)
}

func (g frame) atY(v float64) vg.Length {
	return g.area.Min.Y + vg.Length(g.y.share(v))*(g.area.Max.Y-g.area.Min.Y)
}

// height is that of the area of a panel in a column of that width.
func (p Panel) height(column vg.Length) vg.Length {
	if p.Diagram != nil {
		return diagramHeight(column)
	}
	if n := len(p.Y.Categories); n > 0 {
		lines := 1
		for _, name := range foldedNames(p.Y.Categories, column/2) {
			lines = max(lines, 1+linesIn(name))
		}
		return max(60, min(390, vg.Length(n)*23), vg.Length(n)*(vg.Length(lines)*nameLeading+nameGap(lines)))
	}
	if len(p.Cells) > 0 {
		return min(max(0.75*column, 110), 300)
	}
	return min(max(0.55*column, 110), 225)
}

// nameGap is what names in several lines keep apart.
func nameGap(lines int) vg.Length {
	if lines > 1 {
		return 5
	}
	return 0
}

// drawable says whether both numbers are any.
func drawable(x, y float64) bool { return !math.IsNaN(x) && !math.IsNaN(y) }
