package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Estimates of an error from one pool of 300 examples, as the study evaluation makes them. Its learner is
// one whose true error is known: a threshold between two normal classes at -1 and 1, halfway between the means of
// what it was trained on.
//
// Wilson's interval of one holdout covers the true error of its rule as it should, Wald's too rarely on few examples. That of the
// mean over 40 holdouts as if they were independent does not cover what rules of fresh pools have: the 40 have one pool in
// common. Corrected for it, it does.
func TestOnePoolCovers(t *testing.T) {
	const pool, ways = 300, 40
	r, all := rand.New(rand.NewPCG(8, 9)), nights(100)
	for _, c := range []struct {
		test                          int
		mean, corrected, wilson, wald [2]float64 // what is promised, from and to
	}{
		{30, [2]float64{0.57, 0.63}, [2]float64{0.94, 0.965}, [2]float64{0.94, 0.97}, [2]float64{0.83, 0.97}},
		{150, [2]float64{0.24, 0.28}, [2]float64{0.94, 0.97}, [2]float64{0.94, 0.965}, [2]float64{0.91, 0.96}},
	} {
		truth := 0.0
		const fresh = 4000
		for range fresh {
			x, labels := drawPool(r, pool)
			threshold, _ := holdout(r, x, labels, c.test)
			truth += trueError(threshold) / fresh
		}
		mean, corrected, wilson, wald := 0, 0, 0, 0
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
			corrected += count(OnePool(d, float64(c.test)/float64(pool-c.test)).CI.Contains(truth))
		}
		covers(t, "Wilson of one holdout", wilson, all, c.wilson[0], c.wilson[1])
		covers(t, "Wald of one holdout", wald, all, c.wald[0], c.wald[1])
		covers(t, "mean of 40 holdouts of one pool", mean, all, c.mean[0], c.mean[1])
		covers(t, "corrected mean of 40 holdouts", corrected, all, c.corrected[0], c.corrected[1])
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

// TestOnePool: the interval is that of t with n-1 degrees of freedom and the variance (1/n + ratio) s², by hand.
func TestOnePool(t *testing.T) {
	x := []float64{0.1, 0.2, 0.15, 0.25, 0.3}
	s := Describe(x)
	d := OnePool(Over(x, 0), 1.0/9)
	se := s.SD * math.Sqrt(1.0/5+1.0/9)
	const t975 = 2.7764451051977987 // scipy.stats.t.ppf(.975, 4)
	if math.Abs(d.SE-se) > 1e-12 || math.Abs(d.CI.Hi-(s.Mean+t975*se)) > 1e-9 || math.Abs(d.CI.Lo-(s.Mean-t975*se)) > 1e-9 {
		t.Errorf("%+v, want ± %g", d.CI, t975*se)
	}
	if p := 2 * (distuv.StudentsT{Sigma: 1, Nu: 4}).CDF(-s.Mean/se); math.Abs(d.P-p) > 1e-6 {
		t.Errorf("p %g, want %g", d.P, p)
	}
	if few := OnePool(Over(x[:2], 0), 1); few.CI.Known() {
		t.Errorf("two units have the interval %v", few.CI)
	}
}
