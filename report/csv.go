package report

import (
	"bytes"
	"encoding/csv"
	"math"
	"strconv"
)

// csv writes the figure's data: a row for each point, of means and other values with
// their interval, of single runs with their seeds.
func (f Figure) csv() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	row := func(fields ...string) { w.Write(fields) } // a bytes.Buffer takes everything
	row("panel", "series", "kind", "run", "x", "y", "low", "high")
	for _, p := range f.Panels {
		x := func(v float64) string { return p.X.value(v) }
		y := func(v float64) string { return p.Y.value(v) }
		for _, s := range p.Series {
			for _, m := range s.Means {
				row(p.Title, s.Label, "point", "", x(m.X), y(m.Y), exact(m.Interval.Lo), exact(m.Interval.Hi))
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

// claimsCSV writes a row for each claim, in the units of the study file: shares
// from 0 to 1, values times the factor that the claim gives them.
func claimsCSV(claims []Claim) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"claim", "verdict", "because", "left_cell", "left_n", "left_mean", "left_low", "left_high",
		"right_cell", "right_n", "right_mean", "right_low", "right_high",
		"difference", "low", "high", "low_90", "high_90", "margin", "n", "method"})
	for _, c := range claims {
		row := []string{c.Text, string(c.Verdict), c.Because}
		for _, s := range []side{c.left, c.right} {
			label, count := "", ""
			n, mean, ci := s.estimate()
			if s.cell != nil {
				label, count = s.cell.label, strconv.Itoa(n)
			}
			row = append(row, label, count, exact(mean), exact(ci.Lo), exact(ci.Hi))
		}
		d, margin := c.difference, ""
		if c.relation == "=" {
			margin = exact(c.margin)
		}
		w.Write(append(row, exact(d.Mean), exact(d.CI.Lo), exact(d.CI.Hi), exact(d.Narrow.Lo), exact(d.Narrow.Hi), margin, strconv.Itoa(d.N), d.Method))
	}
	w.Flush()
	return b.Bytes()
}

// value is a number, or the category that stands nearest.
func (a Axis) value(v float64) string {
	if at := int(math.Round(v)); a.Categories != nil && at >= 0 && at < len(a.Categories) {
		return a.Categories[at]
	}
	return exact(v)
}

func exact(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
