package report

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"nightshift/internal/verdict"
	"nightshift/report/figure"
)

// verdictColumns are those of expectations.csv; left and right are the operands.
var verdictColumns = []string{
	"claim", "verdict", "because",
	"left_cell", "left_n", "left_mean", "left_low", "left_high",
	"right_cell", "right_n", "right_mean", "right_low", "right_high",
	"difference", "low", "high", "low_90", "high_90", "margin", "n", "method",
}

// verdictsCSV writes a row for each claim, in the units of the study file: shares
// from 0 to 1, values times the factor that the claim gives them.
func verdictsCSV(verdicts []verdict.Verdict) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(verdictColumns) // a bytes.Buffer takes everything
	for _, v := range verdicts {
		row := []string{v.Claim, string(v.Outcome), v.Because}
		for _, o := range []verdict.Operand{v.Lhs, v.Rhs} {
			label, count := "", ""
			n, mean, ci := o.Estimate()
			if o.Cell != nil {
				label, count = o.Cell.Label, strconv.Itoa(n)
			}
			row = append(row, label, count, figure.Exact(mean), figure.Exact(ci.Lo), figure.Exact(ci.Hi))
		}
		d := v.Difference
		for _, number := range []float64{d.Mean, d.CI.Lo, d.CI.Hi, d.Narrow.Lo, d.Narrow.Hi} {
			row = append(row, figure.Exact(number))
		}
		margin := ""
		if v.Relation == "=" {
			margin = figure.Exact(v.Margin)
		}
		w.Write(append(row, margin, strconv.Itoa(d.N), d.Method))
	}
	w.Flush()
	return b.Bytes()
}
