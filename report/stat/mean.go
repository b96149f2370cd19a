package stat

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Sample describes repeats of one measurement, such as the test error of one
// cell over its seeds.
type Sample struct {
	N        int
	Mean, SD float64  // SD with n-1 in the denominator
	CI       Interval // of the mean, Student's t
	SDCI     Interval // of the SD, chi-square: it supposes normal repeats
	Warnings []string
}

// Describe gives mean and SD of independent repeats with their intervals. Below
// three repeats there are no intervals, with none there is no mean.
func Describe(x []float64) Sample {
	s := Sample{N: len(x), Mean: math.NaN(), SD: math.NaN(), CI: unknown, SDCI: unknown}
	if s.N < LeastUnits {
		s.Warnings = append(s.Warnings, few(s.N))
	}
	switch s.N {
	case 0:
		return s
	case 1:
		s.Mean = x[0]
		return s
	}
	s.Mean, s.SD = stat.MeanStdDev(x, nil)
	if constant([][]float64{x}) {
		s.Mean, s.SD = x[0], 0
	}
	if s.N < LeastUnits {
		return s
	}
	df := float64(s.N - 1)
	s.CI = around(s.Mean, quantileT(df, level)*s.SD/math.Sqrt(float64(s.N)))
	chi := distuv.ChiSquared{K: df}
	s.SDCI = Interval{
		s.SD * math.Sqrt(df/chi.Quantile((1+level)/2)),
		s.SD * math.Sqrt(df/chi.Quantile((1-level)/2)),
	}
	return s
}

// Prediction gives the interval of the mean of one more batch of repeats, m of
// them (1: a single published number), after those of x:
// mean ± t s √(1/m + 1/n). It supposes normal repeats of the same kind, and is
// refused below five.
func Prediction(x []float64, m int) Interval {
	s := Describe(x)
	if s.N < 5 || m < 1 {
		return unknown
	}
	return around(s.Mean, quantileT(float64(s.N-1), level)*s.SD*math.Sqrt(1/float64(m)+1/float64(s.N)))
}

// PredictionP gives the two-sided p value of the hypothesis that a single published
// number is one more repeat like those of x: the smallest alpha at which the
// prediction interval excludes it. It is NaN below five.
func PredictionP(x []float64, v float64) float64 {
	s := Describe(x)
	switch off := math.Abs(s.Mean - v); {
	case s.N < 5:
		return math.NaN()
	case s.SD == 0 && off == 0:
		return 1
	default:
		t := off / (s.SD * math.Sqrt(1+1/float64(s.N)))
		return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(s.N - 1)}.CDF(-t)
	}
}
