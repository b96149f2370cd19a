package stat

import (
	"errors"
	"fmt"
	"math"
)

// Decomposition splits the squared error of a learner into where it comes
// from, averaged over the test points:
//
//	risk = noise + bias² + variance,  variance = data + init + interaction
//
// Standard errors are jackknifed over what was drawn.
type Decomposition struct {
	Kind           Kind // Nested, or Crossed
	Sets, Inits    int  // K training sets, S initialisations on each
	Noise          float64
	Bias2          Estimate // unbiased, so it may be slightly negative
	Variance, Risk Estimate
	Data, Init     Estimate // parts of Variance; NaN with one initialisation a set
	Interaction    Estimate // the third part, where crossed; else NaN
	Warnings       []string
}

// Times gives the decomposition in another unit, such as the sum over outputs
// instead of their mean.
func (d Decomposition) Times(factor float64) Decomposition {
	d.Noise *= factor
	for _, e := range []*Estimate{&d.Bias2, &d.Variance, &d.Risk, &d.Data, &d.Init, &d.Interaction} {
		*e = e.times(factor)
	}
	return d
}

// Decompose estimates bias and variance for squared loss from predictions
// f[k][s][i]: training set k, initialisation s of its own, test point (and output)
// i. Where every set has the same initialisations, DecomposeCrossed is to be used.
// truth is the noise-free value at each i, noise the variance of the targets
// around it.
//
// The variance between training sets has K-1 in the denominator, and the bias is
// freed of the share V/K with which it inflates the plug-in (f̄ - truth)²;
// nothing is clipped. With S > 1 initialisations on every set, Init is the mean
// variance within a set and Data the variance of the sets' means less Init/S. The
// jackknife is over training sets; below three there is none.
func Decompose(f [][][]float64, truth []float64, noise float64) (Decomposition, error) {
	if err := rectangular(f, len(truth)); err != nil {
		return Decomposition{}, err
	}
	K, S := len(f), len(f[0])
	none := Estimate{Value: math.NaN(), SE: math.NaN(), DF: math.NaN()}
	d := Decomposition{Kind: Nested, Sets: K, Inits: S, Noise: noise, Interaction: none}

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

	parts := jackknife(K, func(skip int) []float64 { return nestedParts(means, within, S, truth, noise, skip) })
	d.Bias2, d.Variance, d.Risk, d.Data, d.Init = parts[0], parts[1], parts[2], parts[3], parts[4]
	if K < LeastUnits {
		d.Warnings = append(d.Warnings, fmt.Sprintf("%d training sets only: no error bars", K))
	}
	return d, nil
}

// nestedParts gives bias², variance, risk, data and init without training set skip
// (-1 for none).
func nestedParts(means [][]float64, within []float64, S int, truth []float64, noise float64, skip int) []float64 {
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
		return []float64{bias2, between, noise + bias2 + between, math.NaN(), math.NaN()}
	}
	init := 0.0
	for k := range within {
		if k != skip {
			init += within[k] / K
		}
	}
	data := between - init/float64(S)
	return []float64{bias2, data + init, noise + bias2 + data + init, data, init}
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

// PlugIn gives the decomposition of plain means over the sets at hand, one
// initialisation each, which other programs print: variance with K in the denominator, and the bias² that it
// inflates. Their sum is the loss on these sets exactly; they have no errors.
func (d Decomposition) PlugIn() Decomposition {
	K := float64(d.Sets)
	none := math.NaN()
	between := d.Variance.Value
	p := d
	p.Variance = Estimate{Value: between * (K - 1) / K, SE: none, DF: none}
	p.Bias2 = Estimate{Value: d.Bias2.Value + between/K, SE: none, DF: none}
	p.Risk = Estimate{Value: d.Noise + p.Bias2.Value + p.Variance.Value, SE: none, DF: none}
	return p
}
