package report

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"nightshift/report/figure"
)

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
			row = append(row, label, count, figure.Exact(mean), figure.Exact(ci.Lo), figure.Exact(ci.Hi))
		}
		d, margin := c.difference, ""
		if c.relation == "=" {
			margin = figure.Exact(c.margin)
		}
		w.Write(append(row, figure.Exact(d.Mean), figure.Exact(d.CI.Lo), figure.Exact(d.CI.Hi), figure.Exact(d.Narrow.Lo), figure.Exact(d.Narrow.Hi), margin, strconv.Itoa(d.N), d.Method))
	}
	w.Flush()
	return b.Bytes()
}
