package figure

import (
	"bytes"
	"encoding/csv"
	"math"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/file"
)

// datum is a row of the data of a figure.
type datum struct {
	panel, series, kind, run string
	x                        [2]string // name of the column along which the figure goes, and the place on it
	x2                       [2]string // the same of the second axis of a heat map
	Origin
	value  float64
	lo, hi float64
	n      int
	unit   string
}

// CSV writes the figure's data, a row for each value: what it was measured of by a column for each axis, which measure
// of which split, the value with its interval, and of how many units of which kind it is the mean. A median has no
// interval, and a single run is named by its seeds.
func (f Figure) CSV() []byte {
	var rows []datum
	for _, p := range f.Panels {
		rows = append(rows, p.data()...)
	}
	var places, along []string // columns
	add := func(names *[]string, name string) {
		if name != "" && !slices.Contains(*names, name) {
			*names = append(*names, name)
		}
	}
	for _, d := range rows {
		for _, place := range d.Places {
			add(&places, place.Axis)
		}
		add(&along, d.x[0])
		add(&along, d.x2[0])
	}
	along = slices.DeleteFunc(along, func(name string) bool { return slices.Contains(places, name) })
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	write := func(fields ...string) { // a bytes.Buffer takes everything
		for i, text := range fields {
			fields[i] = file.NoFormula(text)
		}
		w.Write(fields)
	}
	write(slices.Concat([]string{"panel", "series"}, places, along,
		[]string{"measure", "split", "layer", "kind", "run", "value", "lo", "hi", "n", "unit"})...)
	for _, d := range rows {
		row := []string{d.panel, d.series}
		for _, name := range slices.Concat(places, along) {
			row = append(row, d.on(name))
		}
		write(append(row, d.Measure, d.Split, count(d.Layer), d.kind, d.run, Exact(d.value), Exact(d.lo), Exact(d.hi), count(d.n),
			d.unit)...)
	}
	w.Flush()
	return b.Bytes()
}

// on is what the row has in a column.
func (d datum) on(name string) string {
	at := slices.IndexFunc(d.Places, func(p Place) bool { return p.Axis == name })
	switch {
	case at >= 0:
		return d.Places[at].Label
	case d.x[0] == name:
		return d.x[1]
	case d.x2[0] == name:
		return d.x2[1]
	}
	return ""
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// data are the rows of a panel.
func (p Panel) data() (rows []datum) {
	for _, s := range p.Series {
		rows = append(rows, p.seriesData(s)...)
	}
	for _, r := range p.References {
		for _, q := range r.Curve {
			d := p.datum("theory", q.Y)
			d.series, d.x, d.Measure = r.Label, [2]string{p.X.column(), p.X.value(q.X)}, p.Y.column()
			rows = append(rows, d)
		}
	}
	for _, c := range p.Cells {
		d := p.datum("mean", c.Value)
		d.Origin, d.lo, d.hi, d.n, d.unit = c.Origin, c.Interval.Lo, c.Interval.Hi, c.N, c.Unit
		d.x, d.x2 = [2]string{p.X.column(), p.X.value(c.X)}, [2]string{p.Y.column(), p.Y.value(c.Y)}
		if c.Ended != "" {
			d.kind = string(c.Ended)
		}
		rows = append(rows, d)
	}
	for _, picture := range p.Pictures {
		d := p.datum("picture", math.NaN())
		d.series = strings.ReplaceAll(picture.Caption, "\n", ", ")
		rows = append(rows, d)
	}
	if p.Diagram != nil {
		rows = append(rows, p.Diagram.data(p)...)
	}
	for _, m := range p.Marks {
		d := p.datum(string(m.Ended), math.NaN())
		d.run = m.Label
		if p.Y.Categories != nil { // rows of cells, along which nothing stands above
			d.Measure, d.value = p.X.column(), m.X
		} else {
			d.x = [2]string{p.X.column(), p.X.value(m.X)}
		}
		rows = append(rows, d)
	}
	return rows
}

// datum is a row of a panel, of a kind, that has a value without an interval.
func (p Panel) datum(kind string, value float64) datum {
	return datum{panel: p.Title, kind: kind, value: value, lo: math.NaN(), hi: math.NaN()}
}

// seriesData are the rows of a series: its means, then the points of its runs.
func (p Panel) seriesData(s Series) (rows []datum) {
	row := func(kind string, x, y float64, o Origin) datum {
		values, places, value, place := p.Y, p.X, y, x
		if s.Along {
			values, places, value, place = p.X, p.Y, x, y
		}
		d := p.datum(kind, value)
		d.series, d.Origin, d.x = s.Label, o, [2]string{places.column(), places.value(place)}
		if d.Measure == "" {
			d.Measure = values.column()
		}
		return d
	}
	for _, m := range s.Means {
		kind := "mean"
		if m.Median {
			kind = "median"
		}
		d := row(kind, m.X, m.Y, m.Origin)
		d.lo, d.hi, d.n, d.unit = m.Interval.Lo, m.Interval.Hi, m.N, m.Unit
		rows = append(rows, d)
	}
	for _, r := range s.Repeats {
		kind := "run"
		if r.Ended != "" {
			kind = string(r.Ended) + " run"
		}
		for _, q := range r.Points {
			d := row(kind, q.X, q.Y, r.Origin)
			d.run = r.Name
			rows = append(rows, d)
		}
	}
	return rows
}

// data are the values of nodes and arrows, as rows of the panel that they are in.
func (d Diagram) data(in Panel) (rows []datum) {
	for _, n := range d.Nodes {
		if !math.IsNaN(n.Value) {
			row := in.datum("node", n.Value)
			row.series = n.Name
			rows = append(rows, row)
		}
	}
	for _, a := range d.Arrows {
		row := in.datum("arrow", a.Value)
		row.series = a.Name
		rows = append(rows, row)
	}
	return rows
}

// column names the axis in the data.
func (a Axis) column() string {
	if a.Column != "" {
		return a.Column
	}
	if a.Label == "" {
		return "cell"
	}
	return a.Label
}

// value is a number, or the category that stands nearest.
func (a Axis) value(v float64) string {
	if at := int(math.Round(v)); a.Categories != nil && at >= 0 && at < len(a.Categories) {
		return a.Categories[at]
	}
	return Exact(v)
}
