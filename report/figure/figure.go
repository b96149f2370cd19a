// Package figure holds figures as data and draws them. It knows neither studies nor databases: who builds a Figure decides
// what it says; this package decides how it looks.
//
// The life of a figure: a builder of package report fills a Figure (figure.go), asks for the scale of its axes (scale.go) and
// the number of its columns (layout.go). Draw then draws it from top to bottom (draw.go): title, panels, legend, key.
//
//	figure.go     the data: Figure, Panel, Axis, Series, Style, Point, Repeat, Mark, Reference, Cell, Picture
//	scale.go      what a builder asks before it chooses a logarithmic axis
//	csv.go        the data as CSV
//	output.go     a figure as a file: formats, widths, PNG
//	draw.go       what may be drawn, and a figure on any canvas
//	inline.go     its panels as SVG inside a page (sparse.go which of their runs); canvas.go what writes SVG (and thin.go)
//	pdf.go        what writes PDF; outline.go its letters, pdffile.go the file
//	layout.go     how much room each part of a figure takes
//	frame.go      where the panels stand; axes.go their axes
//	panel.go      what stands between the axes of one panel:
//	area.go, reference.go, notes.go, heatmap.go (and contour.go)
//	sheet.go      pictures in place of axes; diagram.go nodes and arrows
//	legend.go     a sample and a label of each series
//	marks.go      the signs of runs that diverged or were pruned, at the upper end of a panel
//	ticks.go      where an axis has labels
//	background.go the cells of a heat map as one image where they are many; palettes
//	range.go      from where to where an axis goes
//	style.go      colours and lines; marker.go their shapes; lettering.go the letters
//	number.go     numbers as labels and as data
package figure

import (
	"image"

	"nightshift/report/stat"
)

// Figure is the data for one plot and the text that goes with it, before
// anything draws it.
type Figure struct {
	Name      string // of its files, without extension
	Title     string // what is seen
	Statement string // the statistics, in a sentence or two
	Alt       string // for those who cannot see the plot
	Key       string // what lines, bands and dots mean
	Warnings  []string
	Columns   int // panels side by side
	Panels    []Panel
}

// Panel is one pair of axes, or a contact sheet. Within a figure, axes with the same label share their range unless Own is set,
// and are all linear or all logarithmic.
type Panel struct {
	Title      string
	X, Y       Axis
	Series     []Series
	Marks      []Mark
	References []Reference
	Cells      []Cell    // a heat map, behind everything else
	Colour     Axis      // of the values of the cells; without a label there is no bar of it
	Palette    Palette   // of the cells
	Contours   []float64 // values along which a line goes through the cells
	Pictures   []Picture // a contact sheet, in place of the axes and all that is between them
	Diagram    *Diagram  // in place of the axes, too; nil for none
}

// Axis is an axis of a panel. Values are in the unit that its label names.
type Axis struct {
	Label      string    // with the unit
	Column     string    // name in the data; "" for the label
	Log        bool      // zeros stand at a place of their own at the lower end, beyond a break
	Ticks      []float64 // where labels belong; empty for round numbers
	Categories []string  // names of 0, 1, 2, ...; nil on an axis of numbers
	Zero       bool      // a linear axis of values that are never negative
	Most       float64   // the largest possible value; 0 for no limit
	Step       float64   // the smallest difference that can be measured, 1/n of a rate over n examples; 0 for any
	Whole      bool      // an axis of whole numbers
	Room       float64   // share of the range left free at both ends for names, of categories in places at the upper one
	Own        bool      // it shares its range with no other panel
}

// Series is one line, or one kind of dot, of a panel. Series with the same
// label share an entry of the legend; an empty label has none.
type Series struct {
	Label   string
	Style   Style
	Line    bool     // the means are joined by a line
	Band    bool     // intervals are a ribbon, not bars
	Along   bool     // intervals lie along x
	Area    bool     // the means are heights, filled, upon the areas before it in the panel
	Means   []Point  // in the order in which they are joined
	Repeats []Repeat // what the means were computed from
}

// Style is the look of a series: the index of a colour, of a dash pattern and of a marker. Those that mean something have names;
// indices beyond the last one begin anew.
type Style struct{ Colour, Dash, Marker int }

// Point is a mean with its interval, or a median, which has none.
type Point struct {
	X, Y     float64
	Interval stat.Interval
	Median   bool
	N        int    // units that it is the mean of
	Unit     string // what one of them is, in words
	Origin   Origin
}

// Origin is what was measured, and of which cell, for the data that go with a figure.
type Origin struct {
	Places         []Place // of the cell on the axes of the study
	Measure, Split string  // as study files name them; a measure of no split has none
	Layer          int     // counted from 1; 0 for none
}

// Place is a value on an axis of the study.
type Place struct{ Axis, Label string }

// Repeat is one run of a series: a thin line, or a dot if it has one point.
type Repeat struct {
	Name      string // its seeds
	Points    []XY
	Note      string // stands beside the dot
	LabelLeft bool   // the note stands on the left
	Ended     Ended  // the last point is marked: from there on there is nothing
	Origin    Origin
}

// XY is a point without an interval.
type XY struct{ X, Y float64 }

// Ended is what ended a run before its last epoch; "" for nothing.
type Ended string

// The ends of a run that have a sign of their own.
const (
	Diverged Ended = "diverged"
	Pruned   Ended = "pruned"
)

// Mark is a sign at the upper end of a panel: runs diverged or were pruned at X.
type Mark struct {
	X     float64
	Ended Ended
	Label string
	Style Style
}

// Reference is a line across a panel at one value, such as chance or a bound, or a curve: what a theory says.
type Reference struct {
	At      float64
	Upright bool // at a value of x
	Label   string
	Curve   []XY // in place of At; its label stands in the legend
}

// Cell is a rectangle of a heat map around (X, Y). It reaches halfway to its neighbours.
type Cell struct {
	X, Y  float64
	Value float64 // NaN for none, which is hatched
	Ended Ended   // hatched as well: of runs that ended early there is no value, or that of the others
	Text  string  // printed where it fits
	Note  string  // further words for whoever points at it

	Interval stat.Interval // of the value, for the data beside a figure
	N        int           // units that it is the mean of
	Unit     string        // what one of them is, in words
	Origin   Origin
}

// Picture is an image of a contact sheet. Each of its pixels is a square.
type Picture struct {
	Image   image.Image
	Caption string // in short lines
}
