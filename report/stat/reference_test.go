package stat

// The functions of this file put together, for tests, what the program asks for part by part.

// Compare gives the difference of the means of two cells, x - y, by Combination.
func Compare(x, y []Run) (Difference, Design) { return Combination([]float64{1, -1}, x, y) }

// Paired gives the mean of x[i]-y[i], by Student's t over the n pairs. The two
// slices have equal length. Below three pairs there is no interval.
func Paired(x, y []float64) Difference {
	d := make([]float64, len(x))
	for i := range d {
		d[i] = x[i] - y[i]
	}
	return newDifference("paired").of(d)
}

// ErrorRate gives the error rate of one cell with Wilson's interval over units and
// test examples.
func ErrorRate(cell Errors) Tested {
	t := CombineErrors([]float64{1}, cell)
	t.Difference = Rate(t.Difference, t.Outputs[0])
	return t
}

// LogE gives the logarithm of the evidence against a mean of mu0, after the units of x.
func LogE(x []float64, mu0 float64) float64 {
	var m moments
	for _, v := range x {
		m.add(v)
	}
	return m.logE(mu0)
}

// AnytimeWithExamples gives the looks at errors on test examples, from the
// outputs after 2, 3, ... runs: the anytime-valid interval over the runs, widened
// by the examples as WithExamples does. Simulated, 2 to 6 % of verdicts are false
// at 5 to 40 looks; there is no proof.
func AnytimeWithExamples(prefixes []Outputs) []Difference {
	looks := make([]Difference, len(prefixes))
	for i, o := range prefixes {
		var m moments
		for _, v := range o.Means {
			m.add(v)
		}
		looks[i] = WithExamples(m.difference(), o)
	}
	return looks
}

// LossPrefixes is Losses of the first 2, 3, ... rows.
func LossPrefixes(d [][]float64) (after []Outputs) {
	t := newLossTable(d[0])
	for i, row := range d {
		if t.losses(row); i > 0 {
			after = append(after, t.outputs())
		}
	}
	return after
}

// CombinePrefixes is Combine of the first 2, 3, ... rows of cells that have as many, on the same examples.
func CombinePrefixes(factors []float64, cells ...Wrong) (after []Outputs) {
	t := table{columns: make([]float64, cells[0].Examples)}
	for s := range cells[0].Rows {
		if t.bits(factors, rowsOf(cells, s)); s > 0 {
			after = append(after, t.outputs())
		}
	}
	return after
}
