package stat

import "math"

// Estimate is a value with its standard error, NaN where there is none, and the
// degrees of freedom of that.
type Estimate struct {
	Value, SE, DF float64

	left [][]float64 // by source of chance: the value without each of its units
}

// CI is the value plus and minus Student's t times the standard error.
func (e Estimate) CI() Interval { return e.Difference().CI }

// Difference is the estimate as a difference from 0, to be held against numbers.
func (e Estimate) Difference() Difference { return Contrast([]float64{1}, false, e) }

func (e Estimate) times(factor float64) Estimate {
	scaled := Estimate{Value: factor * e.Value, SE: math.Abs(factor) * e.SE, DF: e.DF}
	for _, source := range e.left {
		values := make([]float64, len(source))
		for k, v := range source {
			values[k] = factor * v
		}
		scaled.left = append(scaled.left, values)
	}
	return scaled
}

// Contrast gives a sum of jackknifed estimates with factors, such as the bias² of
// one cell less that of another: {1, -1}. Where paired, unit by unit the training
// sets (and initialisations) of all are the same and are left out together; else
// their variances are added.
func Contrast(factors []float64, paired bool, estimates ...Estimate) Difference {
	d := newDifference("jackknife")
	d.Assumes, d.Mean = "training sets are independent, the estimate about normal", 0
	var variances, df []float64
	for i, e := range estimates {
		d.Mean += factors[i] * e.Value
		if len(e.left) > 0 && (i == 0 || len(e.left[0]) < d.N) {
			d.N = len(e.left[0])
		}
		variances, df = append(variances, factors[i]*factors[i]*e.SE*e.SE), append(df, e.DF)
	}
	if paired && len(estimates) > 1 {
		variances, df = nil, nil
		for source := range estimates[0].left {
			rest := make([]float64, len(estimates[0].left[source]))
			for i, e := range estimates {
				for k := range rest {
					rest[k] += factors[i] * e.left[source][k]
				}
			}
			se := jackknifeSE(rest)
			variances, df = append(variances, se*se), append(df, float64(len(rest)-1))
		}
	}
	total := 0.0
	for _, v := range variances {
		total += v
	}
	if math.IsNaN(total) || len(variances) == 0 {
		return d
	}
	return d.tested(math.Sqrt(total), satterthwaite(variances, df), "nothing changes without any of the units")
}

// jackknife gives statistics with their standard errors over K units, from the
// statistics without each of them. skip is -1 for all. Below three units there is
// no error.
func jackknife(K int, statistics func(skip int) []float64) []Estimate {
	whole := statistics(-1)
	estimates := make([]Estimate, len(whole))
	for p, v := range whole {
		estimates[p] = Estimate{Value: v, SE: math.NaN(), DF: float64(K - 1)}
	}
	if K < LeastUnits {
		return estimates
	}
	left := make([][]float64, len(whole))
	for k := range K {
		for p, v := range statistics(k) {
			left[p] = append(left[p], v)
		}
	}
	for p := range estimates {
		estimates[p].SE, estimates[p].left = jackknifeSE(left[p]), [][]float64{left[p]}
	}
	return estimates
}

// jackknifeSE is that of values without each of K units:
// SE² = (K-1)/K Σ(θ₋ₖ - mean)².
func jackknifeSE(left []float64) float64 {
	var m moments
	for _, v := range left {
		m.add(v)
	}
	K := float64(len(left))
	return math.Sqrt(m.ss * (K - 1) / K)
}
