package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// FiveByTwo is a test of two learners by five halvings of the data.
type FiveByTwo struct {
	T, PT float64 // Dietterich, Neural Computation 10, 1998, 1895-1923: t with 5 degrees of freedom
	F, PF float64 // Alpaydin, Neural Computation 11, 1999, 1885-1892: F with 10 and 5
}

// FiveByTwoCV compares two learners by the differences of their errors on the
// first and second half, of five replications of two-fold cross-validation. Where
// no replication varies there is no test. The F form does not depend on which half
// comes first; it is the one to use.
func FiveByTwoCV(first, second [5]float64) FiveByTwo {
	variance, squares := 0.0, 0.0
	for i := range first {
		mean := (first[i] + second[i]) / 2
		variance += (first[i]-mean)*(first[i]-mean) + (second[i]-mean)*(second[i]-mean)
		squares += first[i]*first[i] + second[i]*second[i]
	}
	if variance == 0 {
		return FiveByTwo{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	}
	t, f := first[0]/math.Sqrt(variance/5), squares/(2*variance)
	return FiveByTwo{
		T: t, PT: 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: 5}.CDF(-math.Abs(t)),
		F: f, PF: distuv.F{D1: 10, D2: 5}.Survival(f),
	}
}

// Point632 gives Efron's .632 estimate of an error: 0.368 of the error on what was
// trained on and 0.632 of that on the examples out of the bootstrap sample, which
// leaves out 36.8 % of them (Journal of the American Statistical Association 78,
// 1983, 316-331). It is too low where the learner fits its training set perfectly.
func Point632(training, outOfBag float64) float64 { return 0.368*training + 0.632*outOfBag }
