package stat

import "math"

// Outputs is a table of losses, or of their differences, of n runs (rows) on m
// test examples (columns), reduced to what an interval over both needs.
type Outputs struct {
	Runs, Examples             int
	Means                      []float64 // of each run over the examples
	Mean                       float64
	MSRuns, MSExamples, MSRest float64 // mean squares; NaN with one run or one example
}

// table gathers what Outputs is made of, row by row: sums that a further row adds to, so
// that the outputs after every row take no longer than those after the last. Of values
// that are whole numbers all of them are exact.
type table struct {
	shift         float64   // taken off every value before it is added, as mean squares do not change by it
	means         []float64 // of each run
	columns       []float64 // sum of each example
	total         float64   // of all values
	squares       float64   // of all values
	rowSquares    float64   // of the sums of runs
	columnSquares float64   // of columns
}

// add puts a value into a column.
func (t *table) add(column int, v float64) {
	was := t.columns[column]
	t.columns[column] = was + v
	t.columnSquares += v * (2*was + v)
}

// end closes a row with the sum of its values and that of their squares.
func (t *table) end(sum, squares float64) {
	t.means = append(t.means, sum/float64(len(t.columns))+t.shift)
	t.total += sum
	t.rowSquares += sum * sum
	t.squares += squares
}

func (t *table) outputs() Outputs {
	n, m := float64(len(t.means)), float64(len(t.columns))
	o := Outputs{Runs: len(t.means), Examples: len(t.columns), Means: t.means[:len(t.means):len(t.means)],
		Mean: t.total/(n*m) + t.shift}
	of := t.total * t.total // sums of squares times nm
	rows, columns := max(0, n*t.rowSquares-of), max(0, m*t.columnSquares-of)
	rest := max(0, n*m*t.squares-n*t.rowSquares-m*t.columnSquares+of)
	o.MSRuns, o.MSExamples, o.MSRest = rows/(n*m*(n-1)), columns/(n*m*(m-1)), rest/(n*m*(n-1)*(m-1))
	return o
}

// Losses reduces a table d[run][example], complete and not empty.
func Losses(d [][]float64) Outputs {
	t := newLossTable(d[0])
	for _, row := range d {
		t.losses(row)
	}
	return t.outputs()
}

// newLossTable is a table without rows whose values are counted from the mean of the first one, so that squares lose no digits.
func newLossTable(first []float64) table {
	t := table{columns: make([]float64, len(first))}
	for _, v := range first {
		t.shift += v / float64(len(first))
	}
	return t
}

// losses adds a row.
func (t *table) losses(row []float64) {
	sum, squares := 0.0, 0.0
	for j, v := range row {
		v -= t.shift
		sum += v
		squares += v * v
		t.add(j, v)
	}
	t.end(sum, squares)
}

// ExampleVariance is the part of the mean's variance that other test examples
// would bring: max(0, MS_E - MS_RE)/(nm).
func (o Outputs) ExampleVariance() float64 {
	v := (o.MSExamples - o.MSRest) / float64(o.Runs*o.Examples)
	if math.IsNaN(v) {
		return v
	}
	return max(0, v)
}

// WithExamples widens an interval over units by what another test sample would
// move, at the same alpha:
//
//	half² = h² + z² max(0, MS_E - MS_RE)/(nm)
//
// units is the mean of the runs' means by any method of this package: paired,
// crossed, nested, anytime. Two cells that are not paired give their outputs one
// by one, and units compares them by Welch's t. The half-width over the units
// alone stays units.Half. Its 95 % interval covers 95 to 97 % at 3 to 10 units,
// where that over units alone covers 49 to 95 %.
func WithExamples(units Difference, outputs ...Outputs) Difference {
	d := widened(units, outputs...)
	if d.at != nil && d.against == nil {
		d.P = d.Against(0)
	}
	return d
}

// widened is WithExamples without the p value, which has to be searched for.
func widened(units Difference, outputs ...Outputs) Difference {
	d := units
	variance := 0.0
	for _, o := range outputs {
		variance += o.ExampleVariance()
	}
	if units.at == nil || variance == 0 {
		return d
	}
	d.Assumes += "; test examples are a random sample"
	d.against, d.T, d.DF, d.P = nil, math.NaN(), math.NaN(), math.NaN()
	mean := d.Mean
	return d.with(func(alpha float64) Interval {
		return around(mean, math.Hypot(units.Half(alpha), quantileZ(alpha)*math.Sqrt(variance)))
	})
}

// Rate gives the error rate of one cell with Wilson's interval at the number of
// trials that its interval over units and examples amounts to:
// n_eff = min(z² p(1-p)/half², nm), and no more than m where fewer than five
// examples a run are wrong, or right. It stays within 0 and 1, and 0 wrong of 20 is
// 0 to 16 %.
func Rate(d Difference, o Outputs) Difference {
	if d.at == nil {
		return d
	}
	r := d
	r.Method, r.against, r.T, r.DF = d.Method+", Wilson", nil, math.NaN(), math.NaN()
	p := math.Min(math.Max(o.Mean, 0), 1)
	r.Mean = p
	r = r.with(func(alpha float64) Interval {
		trials := EffectiveTrials(d, o, alpha)
		if trials == 0 {
			return Interval{0, 1}
		}
		return wilson(p, trials, alpha)
	})
	r.P = r.Against(0)
	return r
}

// fewWrong is the number of examples a run, wrong or right, below which MS_E says little of
// how many there are that most runs get wrong: from none to be seen, further runs see none.
const fewWrong = 5

// EffectiveTrials is the number of independent examples that tells as much about
// an error rate as the interval d at level 1-alpha. Of rare errors further runs on the same
// examples tell nothing that counts: without that limit, twelve runs cover 85 %.
func EffectiveTrials(d Difference, o Outputs, alpha float64) float64 {
	m := float64(o.Examples)
	if o.Mean <= 0 || o.Mean >= 1 {
		return m
	}
	most := m * float64(o.Runs)
	if m*math.Min(o.Mean, 1-o.Mean) < fewWrong {
		most = m
	}
	z, half := quantileZ(alpha), d.Half(alpha)
	return math.Min(z*z*o.Mean*(1-o.Mean)/(half*half), most)
}
