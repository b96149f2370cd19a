package stat

import (
	"errors"
	"fmt"
	"math"
)

// Estimate is a value with its standard error; SE is NaN where there is none.
type Estimate struct{ Value, SE float64 }

// Interval is the value plus and minus Student's t times the standard error.
func (e Estimate) Interval(df int) Interval {
	if df < 1 {
		return unknown
	}
	half := quantileT(float64(df), level) * e.SE
	return Interval{e.Value - half, e.Value + half}
}

// Decomposition splits the squared error of a learner into where it comes
// from, averaged over the test points:
//
//	risk = noise + bias² + variance,  variance = data + init
//
// Standard errors are jackknifed over the training sets.
type Decomposition struct {
	Sets, Inits    int // K training sets, S initialisations on each
	Noise          float64
	Bias2          Estimate // unbiased, so it may be slightly negative
	Variance, Risk Estimate
	Data, Init     Estimate // parts of Variance; NaN with one initialisation a set
	Warnings       []string
}

// Decompose estimates bias and variance for squared loss from predictions
// f[k][s][i]: training set k, initialisation s, test point (and output) i.
// truth is the noise-free value at each i, noise the variance of the targets
// around it.
//
// The variance between training sets has K-1 in the denominator, and the bias is
// freed of the share V/K with which it inflates the plug-in (f̄ - truth)²;
// nothing is clipped. With S > 1 initialisations on every set, Init is the mean
// variance within a set and Data the variance of the sets' means less Init/S.
func Decompose(f [][][]float64, truth []float64, noise float64) (Decomposition, error) {
	if err := rectangular(f, len(truth)); err != nil {
		return Decomposition{}, err
	}
	K, S := len(f), len(f[0])
	d := Decomposition{Sets: K, Inits: S, Noise: noise}

	// means[k][i] averages over the initialisations, within[k] is the mean over
	// i of the variance between them.
	means, within := make([][]float64, K), make([]float64, K)
	for k := range f {
		means[k] = make([]float64, len(truth))
		for i := range truth {
			mean, ss := 0.0, 0.0
			for s := range f[k] {
				mean += f[k][s][i] / float64(S)
			}
			for s := range f[k] {
				ss += (f[k][s][i] - mean) * (f[k][s][i] - mean)
			}
			means[k][i] = mean
			if S > 1 {
				within[k] += ss / float64(S-1) / float64(len(truth))
			}
		}
	}

	whole := estimate(means, within, S, truth, noise, -1)
	parts := [5]Estimate{}
	for p, v := range whole {
		parts[p] = Estimate{v, math.NaN()}
	}
	if K >= 3 {
		left := make([][5]float64, K)
		for k := range left {
			left[k] = estimate(means, within, S, truth, noise, k)
		}
		for p := range parts {
			mean, ss := 0.0, 0.0
			for k := range left {
				mean += left[k][p] / float64(K)
			}
			for k := range left {
				ss += (left[k][p] - mean) * (left[k][p] - mean)
			}
			parts[p].SE = math.Sqrt(ss * float64(K-1) / float64(K))
		}
	} else {
		d.Warnings = append(d.Warnings, fmt.Sprintf("%d training sets only: no error bars", K))
	}
	d.Bias2, d.Variance, d.Risk, d.Data, d.Init = parts[0], parts[1], parts[2], parts[3], parts[4]
	return d, nil
}

// estimate gives bias², variance, risk, data and init without training set skip
// (-1 for none).
func estimate(means [][]float64, within []float64, S int, truth []float64, noise float64, skip int) [5]float64 {
	K := float64(len(means))
	if skip >= 0 {
		K--
	}
	bias2, between, n := 0.0, 0.0, float64(len(truth))
	for i, t := range truth {
		mean, ss := 0.0, 0.0
		for k := range means {
			if k != skip {
				mean += means[k][i] / K
			}
		}
		for k := range means {
			if k != skip {
				ss += (means[k][i] - mean) * (means[k][i] - mean)
			}
		}
		v := ss / (K - 1)
		between += v / n
		bias2 += ((mean-t)*(mean-t) - v/K) / n
	}
	if S == 1 {
		return [5]float64{bias2, between, noise + bias2 + between, math.NaN(), math.NaN()}
	}
	init := 0.0
	for k := range within {
		if k != skip {
			init += within[k] / K
		}
	}
	data := between - init/float64(S)
	return [5]float64{bias2, data + init, noise + bias2 + data + init, data, init}
}

func rectangular(f [][][]float64, points int) error {
	if len(f) < 2 {
		return errors.New("a variance over training sets needs at least two of them")
	}
	if len(f[0]) == 0 || points == 0 {
		return errors.New("there are no predictions to decompose")
	}
	for k := range f {
		if len(f[k]) != len(f[0]) {
			return fmt.Errorf("training set %d has %d initialisations, the first has %d", k, len(f[k]), len(f[0]))
		}
		for s := range f[k] {
			if len(f[k][s]) != points {
				return fmt.Errorf("training set %d has %d predictions for %d test points", k, len(f[k][s]), points)
			}
		}
	}
	return nil
}
