package report

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"

	"nightshift/internal/file"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
)

// verdictColumns are those of expectations.csv; left and right are the first terms of
// the two sides.
var verdictColumns = []string{
	"claim", "words", "verdict", "because",
	"left_cell", "left_n", "left_mean", "left_low", "left_high",
	"right_cell", "right_n", "right_mean", "right_low", "right_high",
	"difference", "low", "high", "margin", "n", "unit", "method", "p", "p_corrected", "half_width_units", "half_width_with_examples",
	"seeds_needed", "looks", "afterwards",
}

// verdictsCSV writes a row for each claim, in the units of the study file: shares
// from 0 to 1, values times the factor that the claim gives them.
func verdictsCSV(verdicts []verdict.Verdict) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(verdictColumns) // a bytes.Buffer takes everything
	for _, v := range verdicts {
		row := []string{file.NoFormula(v.Claim), v.Words, string(v.Outcome), v.Because}
		for _, right := range []bool{false, true} {
			row = append(row, firstTerm(v.Operands, right)...)
		}
		margin := ""
		if v.Relation == "=" {
			margin = figure.Exact(v.Margin)
		}
		needed := ""
		if v.SeedsNeeded > 0 {
			needed = strconv.Itoa(v.SeedsNeeded)
		}
		w.Write(append(row, figure.Exact(v.Estimate), figure.Exact(v.Interval.Lo), figure.Exact(v.Interval.Hi), margin,
			strconv.Itoa(v.N), v.Unit, v.Difference.Method, figure.Exact(v.P), figure.Exact(v.Corrected), figure.Exact(v.HalfUnits),
			figure.Exact(v.HalfExamples), needed, strconv.Itoa(v.Looks), strconv.FormatBool(v.Afterwards)))
	}
	w.Flush()
	return b.Bytes()
}

// firstTerm is the first term of a side, with its interval.
func firstTerm(operands []verdict.Operand, right bool) []string {
	at := slices.IndexFunc(operands, func(o verdict.Operand) bool { return o.Right == right })
	if at < 0 {
		return make([]string, 5)
	}
	o := operands[at]
	label := ""
	if o.Cell != nil {
		label = file.NoFormula(o.Cell.Label)
	}
	n, mean, ci := o.Estimate()
	return []string{label, strconv.Itoa(n), figure.Exact(mean), figure.Exact(ci.Lo), figure.Exact(ci.Hi)}
}
