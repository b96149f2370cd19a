package figure

import (
	"bytes"
	"encoding/csv"
	"math"
	"nightshift/internal/file"
	"slices"
	"strconv"
	"strings"
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
	none := math.NaN()
	for _, s := range p.Series {
		values, places := p.Y, p.X
		if s.Along {
			values, places = p.X, p.Y
		}
		row := func(x, y float64, o Origin) datum {
			value, place := y, x
			if s.Along {
				value, place = x, y
			}
			d := datum{panel: p.Title, series: s.Label, Origin: o, value: value, lo: none, hi: none}
			d.x = [2]string{places.column(), places.value(place)}
			if d.Measure == "" {
				d.Measure = values.column()
			}
			return d
		}
		for _, m := range s.Means {
			d := row(m.X, m.Y, m.Origin)
			d.kind, d.lo, d.hi, d.n, d.unit = "mean", m.Interval.Lo, m.Interval.Hi, m.N, m.Unit
			if m.Median {
				d.kind = "median"
			}
			rows = append(rows, d)
		}
		for _, r := range s.Repeats {
			for _, q := range r.Points {
				d := row(q.X, q.Y, r.Origin)
				d.kind, d.run = "run", r.Name
				if r.Ended != "" {
					d.kind = string(r.Ended) + " run"
				}
				rows = append(rows, d)
			}
		}
	}
	for _, r := range p.References {
		for _, q := range r.Curve {
			d := datum{panel: p.Title, series: r.Label, kind: "theory", value: q.Y, lo: none, hi: none}
			d.x, d.Measure = [2]string{p.X.column(), p.X.value(q.X)}, p.Y.column()
			rows = append(rows, d)
		}
	}
	for _, c := range p.Cells {
		d := datum{panel: p.Title, kind: "mean", Origin: c.Origin, value: c.Value, lo: c.Interval.Lo, hi: c.Interval.Hi, n: c.N,
			unit: c.Unit}
		d.x, d.x2 = [2]string{p.X.column(), p.X.value(c.X)}, [2]string{p.Y.column(), p.Y.value(c.Y)}
		if c.Ended != "" {
			d.kind = string(c.Ended)
		}
		rows = append(rows, d)
	}
	for _, picture := range p.Pictures {
		rows = append(rows, datum{panel: p.Title, series: strings.ReplaceAll(picture.Caption, "\n", ", "), kind: "picture", value: none,
			lo: none, hi: none})
	}
	if p.Diagram != nil {
		rows = append(rows, p.Diagram.data(p.Title)...)
	}
	for _, m := range p.Marks {
		d := datum{panel: p.Title, kind: string(m.Ended), run: m.Label, value: none, lo: none, hi: none}
		if p.Y.Categories != nil { // rows of cells, along which nothing stands above
			d.Measure, d.value = p.X.column(), m.X
		} else {
			d.x = [2]string{p.X.column(), p.X.value(m.X)}
		}
		rows = append(rows, d)
	}
	return rows
}

// data are the values of nodes and arrows.
func (d Diagram) data(title string) (rows []datum) {
	none := math.NaN()
	for _, n := range d.Nodes {
		if !math.IsNaN(n.Value) {
			rows = append(rows, datum{panel: title, series: n.Name, kind: "node", value: n.Value, lo: none, hi: none})
		}
	}
	for _, a := range d.Arrows {
		rows = append(rows, datum{panel: title, series: a.Name, kind: "arrow", value: a.Value, lo: none, hi: none})
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
