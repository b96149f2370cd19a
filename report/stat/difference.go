package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Difference is a mean, or a difference of two means or shares, with what the
// data say about it. A mean alone is its difference from 0.
type Difference struct {
	Method   string  // paired, Welch, one sample, crossed, nested, anytime t, Wilson, Newcombe, ...
	Assumes  string  // what has to be true for the interval to be
	N        int     // units that it rests on; of two samples those of the smaller
	Mean     float64 // of x - y
	CI       Interval
	Narrow   Interval // at 90 %: where it lies inside of a margin, two one-sided tests at 5 % call the two equal
	T, P     float64  // test of no difference, two-sided; NaN where there is none
	DF       float64
	SE       float64 // over units; NaN where the interval is not made of one
	Warnings []string

	at         func(alpha float64) Interval // at level 1-alpha; nil where there is none
	against    func(v float64) float64      // p value in closed form; nil: by inverting at
	sequential bool                         // the interval holds at every look, so no one-sided half of it is used
}

func newDifference(method string) Difference {
	none := math.NaN()
	return Difference{Method: method, Mean: none, CI: unknown, Narrow: unknown, T: none, P: none, DF: none, SE: none}
}

const normalUnits = "units are independent and their means about normal"

// Over gives the mean of x less a number that is known exactly, by Student's t.
// Below three values there is no interval.
func Over(x []float64, v float64) Difference {
	d := make([]float64, len(x))
	for i := range d {
		d[i] = x[i] - v
	}
	return newDifference("one sample").of(d)
}

func (r Difference) of(d []float64) Difference {
	s := Describe(d)
	r.N, r.Mean, r.Warnings = s.N, s.Mean, s.Warnings
	if s.N < LeastUnits {
		return r
	}
	what := "every pair differs by the same amount"
	if r.Method == "one sample" {
		what = "every unit has the same value"
	}
	return r.tested(s.SD/math.Sqrt(float64(s.N)), float64(s.N-1), what+": the t test has nothing to go by")
}

// Welch gives the difference of the means of two independent samples, whose
// variances may differ; the degrees of freedom are those of Satterthwaite. A
// sample of fewer than three gives no interval.
func Welch(x, y []float64) Difference {
	return sum([]Difference{Over(x, 0), Over(y, 0).Negate()})
}

// satterthwaite gives the degrees of freedom of a sum of variance estimates.
// One that is 0 adds none.
func satterthwaite(variances, df []float64) float64 {
	sum, squares := 0.0, 0.0
	for i, v := range variances {
		sum += v
		if v != 0 {
			squares += v * v / df[i]
		}
	}
	return sum * sum / squares
}

// tested adds intervals and t test to a mean with its standard error. Without
// any spread the intervals are the mean itself, and constant says why.
func (r Difference) tested(se, df float64, constant string) Difference {
	r.SE = se
	if r.Assumes == "" {
		r.Assumes = normalUnits
	}
	if se == 0 {
		r.Warnings = append(r.Warnings, constant)
		r.at = func(float64) Interval { return Interval{r.Mean, r.Mean} }
		r.CI, r.Narrow = r.at(alpha5), r.at(alpha5)
		return r
	}
	r.DF = df
	r.T = r.Mean / se
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
	mean := r.Mean
	r.against = func(v float64) float64 { return 2 * student.CDF(-math.Abs(mean-v)/se) }
	r.P = r.against(0)
	return r.with(func(alpha float64) Interval { return around(mean, quantileT(df, 1-alpha)*se) })
}

// with sets the interval at every level.
func (r Difference) with(at func(alpha float64) Interval) Difference {
	r.at = at
	r.CI, r.Narrow = at(1-level), at(1-narrow)
	return r
}

// At gives the interval at level 1-alpha.
func (r Difference) At(alpha float64) Interval {
	if r.at == nil {
		return unknown
	}
	return r.at(alpha)
}

// Half is half the width of the interval at level 1-alpha.
func (r Difference) Half(alpha float64) float64 {
	i := r.At(alpha)
	return (i.Hi - i.Lo) / 2
}

// Against gives the two-sided p value of the hypothesis that the mean is v: the
// smallest alpha at which the interval excludes it. It is NaN where there is no
// interval, and at least 1e-12 where the interval has to be inverted.
func (r Difference) Against(v float64) float64 {
	switch {
	case r.at == nil || math.IsNaN(r.Mean):
		return math.NaN()
	case r.against != nil:
		return r.against(v)
	}
	return invert(r.at, v)
}

// Negate gives the difference the other way round, y - x.
func (r Difference) Negate() Difference { return r.Times(-1) }

// Times gives the difference in another unit, such as points instead of shares.
func (r Difference) Times(factor float64) Difference {
	turn := func(i Interval) Interval {
		return Interval{min(factor*i.Lo, factor*i.Hi), max(factor*i.Lo, factor*i.Hi)}
	}
	n := r
	n.Mean, n.SE = factor*r.Mean, math.Abs(factor)*r.SE
	n.CI, n.Narrow = turn(r.CI), turn(r.Narrow)
	if factor < 0 {
		n.T = -r.T
	}
	if r.at != nil {
		n.at = func(alpha float64) Interval { return turn(r.at(alpha)) }
	}
	if r.against != nil {
		n.against = func(v float64) float64 { return r.against(v / factor) }
	}
	return n
}

func few(n int) string {
	switch n {
	case 0:
		return "no finished repeat"
	case 1:
		return "one repeat only: no interval"
	}
	return fmt.Sprintf("%d repeats only: an interval needs three", n)
}
