package figure

import (
	"bytes"
	"encoding/csv"
	"math"
)

// CSV writes the figure's data: a row for each point, of means and other values with
// their interval, of medians without, of single runs with their seeds.
func (f Figure) CSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	row := func(fields ...string) { w.Write(fields) } // a bytes.Buffer takes everything
	row("panel", "series", "kind", "run", "x", "y", "low", "high")
	for _, p := range f.Panels {
		x := func(v float64) string { return p.X.value(v) }
		y := func(v float64) string { return p.Y.value(v) }
		for _, s := range p.Series {
			for _, m := range s.Means {
				kind := "point"
				if m.Median {
					kind = "median"
				}
				row(p.Title, s.Label, kind, "", x(m.X), y(m.Y), Exact(m.Interval.Lo), Exact(m.Interval.Hi))
			}
			for _, r := range s.Repeats {
				kind := "run"
				if r.Ended != "" {
					kind = string(r.Ended) + " run"
				}
				for _, q := range r.Points {
					row(p.Title, s.Label, kind, r.Name, x(q.X), y(q.Y), "", "")
				}
			}
		}
		for _, d := range p.Marks {
			row(p.Title, "", string(d.Ended), d.Label, x(d.X), "", "", "")
		}
	}
	w.Flush()
	return b.Bytes()
}

// value is a number, or the category that stands nearest.
func (a Axis) value(v float64) string {
	if at := int(math.Round(v)); a.Categories != nil && at >= 0 && at < len(a.Categories) {
		return a.Categories[at]
	}
	return Exact(v)
}
