package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Difference of two means or proportions.
type Difference struct {
	Method   string  // paired, Welch, one sample, Wilson or Newcombe
	N        int     // repeats that it rests on; of two samples those of the smaller
	Mean     float64 // of x - y
	CI       Interval
	Narrow   Interval // at 90 %: where it lies inside of a margin, two one-sided tests at 5 % call the two equal
	T, P     float64  // test of no difference, two-sided; NaN where there is none
	DF       float64
	Warnings []string
}

func newDifference(method string) Difference {
	none := math.NaN()
	return Difference{Method: method, Mean: none, CI: unknown, Narrow: unknown, T: none, P: none, DF: none}
}

// Paired gives the mean of x[i]-y[i]. The two slices have equal length.
func Paired(x, y []float64) Difference {
	d := make([]float64, len(x))
	for i := range d {
		d[i] = x[i] - y[i]
	}
	return newDifference("paired").of(d)
}

// Over gives the mean of x less a number that is known exactly.
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
	if s.N < 2 {
		return r
	}
	return r.tested(s.SD/math.Sqrt(float64(s.N)), float64(s.N-1), "every pair differs by the same amount: the t test has nothing to go by")
}

// Welch gives the difference of the means of two independent samples, whose
// variances may differ; the degrees of freedom are those of Satterthwaite.
func Welch(x, y []float64) Difference {
	a, b := Describe(x), Describe(y)
	r := newDifference("Welch")
	r.N, r.Mean = min(a.N, b.N), a.Mean-b.Mean
	if r.N < 3 {
		r.Warnings = append(r.Warnings, few(r.N))
	}
	if r.N < 2 {
		return r
	}
	u, v := a.SD*a.SD/float64(a.N), b.SD*b.SD/float64(b.N)
	df := (u + v) * (u + v) / (u*u/float64(a.N-1) + v*v/float64(b.N-1))
	return r.tested(math.Sqrt(u+v), df, "neither sample varies: the t test has nothing to go by")
}

// tested adds intervals and t test to a mean with its standard error. Without
// any spread the intervals are the mean itself, and constant says why.
func (r Difference) tested(se, df float64, constant string) Difference {
	if se == 0 {
		r.CI, r.Narrow = Interval{r.Mean, r.Mean}, Interval{r.Mean, r.Mean}
		r.Warnings = append(r.Warnings, constant)
		return r
	}
	r.DF = df
	r.T = r.Mean / se
	r.P = 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(-math.Abs(r.T))
	half := func(level float64) Interval {
		h := quantileT(df, level) * se
		return Interval{r.Mean - h, r.Mean + h}
	}
	r.CI, r.Narrow = half(level), half(narrow)
	return r
}
