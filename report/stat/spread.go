package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Ratio is a ratio of two standard deviations.
type Ratio struct {
	Method     string
	Assumes    string
	N          int // of the smaller sample
	Value      float64
	CI         Interval
	P          float64 // of equal ones; NaN where there is none
	Warnings   []string
	Difference Difference // on the scale of the logarithm of the variances
}

// SDRatio gives s1/s2 with the interval of the F distribution, at n1 and n2 units.
// It supposes normal values: heavier tails make it too narrow, and claims go by
// SpreadRatio.
func SDRatio(s1 float64, n1 int, s2 float64, n2 int) Ratio {
	r := Ratio{Method: "F", Assumes: "units are independent and normal", N: min(n1, n2), Value: s1 / s2, CI: unknown,
		P: math.NaN()}
	if r.N < LeastUnits || !(s1 > 0) || !(s2 > 0) {
		r.Warnings = append(r.Warnings, few(r.N))
		return r
	}
	f := distuv.F{D1: float64(n1 - 1), D2: float64(n2 - 1)}
	r.CI = Interval{r.Value / math.Sqrt(f.Quantile((1+level)/2)), r.Value / math.Sqrt(f.Quantile((1-level)/2))}
	below := f.CDF(r.Value * r.Value)
	r.P = 2 * math.Min(below, 1-below)
	return r
}

// SpreadRatio compares the standard deviations of two cells over their units, by
// Welch's t on the jackknife pseudo-values n log s² - (n-1) log s²₋ᵢ (Miller,
// Annals of Mathematical Statistics 39, 1968, 567-582), which need no normal
// values. A claim sd(x) < k sd(y) is Below(2 log k, r.Difference). It is refused
// where a cell has two outcomes, fewer than three units, or no spread without one
// of them. examples is what TwoOutcomes takes.
func SpreadRatio(x, y []float64, examples int) Ratio {
	r := Ratio{Method: "jackknife", Assumes: "units are independent", N: min(len(x), len(y)), Value: sd(x) / sd(y),
		CI: unknown, P: math.NaN()}
	r.Difference = newDifference(r.Method)
	a, problem := pseudoValues(x, examples)
	if problem == "" {
		var b []float64
		if b, problem = pseudoValues(y, examples); problem == "" {
			r.Difference = Welch(a, b)
		}
	}
	if problem != "" {
		r.Warnings = append(r.Warnings, problem)
	}
	return r.of(r.Difference)
}

// SpreadOver compares the standard deviation of one cell with a number.
func SpreadOver(x []float64, v float64, examples int) Ratio {
	r := Ratio{Method: "jackknife", Assumes: "units are independent", N: len(x), Value: sd(x) / v, CI: unknown, P: math.NaN()}
	r.Difference = newDifference(r.Method)
	a, problem := pseudoValues(x, examples)
	if problem != "" {
		r.Warnings = append(r.Warnings, problem)
		return r
	}
	return r.of(Over(a, 2*math.Log(v)))
}

func (r Ratio) of(d Difference) Ratio {
	r.Difference = d
	r.CI = Interval{math.Exp(d.CI.Lo / 2), math.Exp(d.CI.Hi / 2)}
	r.P = d.P
	return r
}

// pseudoValues are those of log s², one a unit; else why there are none.
func pseudoValues(x []float64, examples int) (values []float64, problem string) {
	n := len(x)
	if n < LeastUnits {
		return nil, few(n)
	}
	if o := TwoOutcomes(x, examples); o.Two {
		return nil, fmt.Sprintf("two outcomes (%d and %d runs): a spread over both says nothing of either", o.Low, o.High)
	}
	whole := sd(x)
	for i := range x {
		rest := append(append([]float64{}, x[:i]...), x[i+1:]...)
		s := sd(rest)
		if s == 0 {
			return nil, "all units but one are equal: no spread to compare"
		}
		values = append(values, 2*(float64(n)*math.Log(whole)-float64(n-1)*math.Log(s)))
	}
	return values, ""
}
