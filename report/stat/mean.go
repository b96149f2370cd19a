package stat

import (
	"fmt"
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

// Describe gives mean and SD of repeats with their intervals. With one repeat
// there are no intervals, with none there is no mean.
func Describe(x []float64) Sample {
	s := Sample{N: len(x), Mean: math.NaN(), SD: math.NaN(), CI: unknown, SDCI: unknown}
	if s.N < 3 {
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
	df := float64(s.N - 1)
	half := quantileT(df, level) * s.SD / math.Sqrt(float64(s.N))
	s.CI = Interval{s.Mean - half, s.Mean + half}
	chi := distuv.ChiSquared{K: df}
	s.SDCI = Interval{
		s.SD * math.Sqrt(df/chi.Quantile((1+level)/2)),
		s.SD * math.Sqrt(df/chi.Quantile((1-level)/2)),
	}
	return s
}

// quantileT is the half width of a two-sided t interval in standard errors.
func quantileT(df, level float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile((1 + level) / 2)
}

func few(n int) string {
	switch n {
	case 0:
		return "no finished repeat"
	case 1:
		return "one repeat only: no interval"
	}
	return fmt.Sprintf("%d repeats only: the interval is very wide", n)
}
