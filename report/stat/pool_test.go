package stat

import (
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Estimates of an error from one pool of 300 examples, as the study evaluation makes them. Its learner is
// one whose true error is known: a threshold between two normal classes at -1 and 1, halfway between the means of
// what it was trained on.
//
// Wilson's interval of one holdout covers the true error of its rule as it should, Wald's too rarely on few examples. That of the
// mean over 40 holdouts as if they were independent does not cover what rules of fresh pools have: the 40 have one pool in common.
func TestOnePoolCovers(t *testing.T) {
	const pool, ways = 300, 40
	r, all := rand.New(rand.NewPCG(8, 9)), nights(100)
	for _, c := range []struct {
		test               int
		mean, wilson, wald [2]float64 // what is promised, from and to
	}{
		{30, [2]float64{0.57, 0.63}, [2]float64{0.94, 0.97}, [2]float64{0.83, 0.97}},
		{150, [2]float64{0.24, 0.28}, [2]float64{0.94, 0.965}, [2]float64{0.91, 0.96}},
	} {
		truth := 0.0
		const fresh = 4000
		for range fresh {
			x, labels := drawPool(r, pool)
			threshold, _ := holdout(r, x, labels, c.test)
			truth += trueError(threshold) / fresh
		}
		mean, wilson, wald := 0, 0, 0
		for range all {
			x, labels := drawPool(r, pool)
			runs := make([]Run, ways)
			for k := range runs {
				threshold, wrong := holdout(r, x, labels, c.test)
				runs[k] = Run{Seeds: Seeds{Data: uint64(k), Init: uint64(k)}, Value: float64(wrong) / float64(c.test)}
				if k == 0 {
					wilson += count(Wilson(wrong, c.test).Contains(trueError(threshold)))
					wald += count(Wald(wrong, c.test).Contains(trueError(threshold)))
				}
			}
			d, _ := Mean(runs)
			mean += count(d.CI.Contains(truth))
		}
		covers(t, "Wilson of one holdout", wilson, all, c.wilson[0], c.wilson[1])
		covers(t, "Wald of one holdout", wald, all, c.wald[0], c.wald[1])
		covers(t, "mean of 40 holdouts of one pool", mean, all, c.mean[0], c.mean[1])
	}
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// drawPool draws examples of two classes.
func drawPool(r *rand.Rand, n int) (x []float64, labels []bool) {
	for range n {
		label := r.IntN(2) == 1
		labels = append(labels, label)
		x = append(x, map[bool]float64{false: -1, true: 1}[label]+r.NormFloat64())
	}
	return x, labels
}

// holdout trains on all but some examples, and counts those of them that are wrong.
func holdout(r *rand.Rand, x []float64, labels []bool, test int) (threshold float64, wrong int) {
	order := r.Perm(len(x))
	var sum, n [2]float64
	for _, i := range order[test:] {
		sum[count(labels[i])] += x[i]
		n[count(labels[i])]++
	}
	threshold = (sum[0]/n[0] + sum[1]/n[1]) / 2
	for _, i := range order[:test] {
		wrong += count(x[i] > threshold != labels[i])
	}
	return threshold, wrong
}

// trueError is the error of a threshold on all examples that there could be.
func trueError(threshold float64) float64 {
	return (distuv.UnitNormal.CDF(threshold-1) + 1 - distuv.UnitNormal.CDF(threshold+1)) / 2
}
