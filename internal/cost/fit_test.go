package cost

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"nightshift/mlp"
)

// variety is work of many kinds of cells.
func variety(n int, r *rand.Rand) []Work {
	var list []Work
	pick := func(from ...int) int { return from[r.IntN(len(from))] }
	for range n {
		c := mlp.Default()
		c.Hidden = make([]int, pick(1, 1, 2, 3))
		for i := range c.Hidden {
			c.Hidden[i] = pick(2, 8, 32, 100, 512)
		}
		c.Batch, c.Epochs, c.Log.Every, c.Log.Layers = pick(1, 10, 100, 0), pick(1, 5, 20, 100), pick(1, 10, 1000), pick(0, 1) == 1
		c.Optimizer.Name = []string{"sgd", "adam"}[pick(0, 1)]
		s := mlp.Shape{
			In: pick(1, 2, 64, 784), Out: pick(1, 2, 10),
			Train: pick(10, 100, 1000, 10000), Valid: pick(0, 100), Test: pick(10, 1000), Nonzero: 1,
		}
		list = append(list, Training(c, s, 0, c.Epochs))
	}
	return list
}

// planted is a machine unlike the reference.
func planted() [Kinds]float64 {
	each := referenceSpeed
	for k, factor := range []float64{3, 0.5, 8, 2, 1, 4, 0.3} {
		each[k] *= factor
	}
	return each
}

func timed(works []Work, each [Kinds]float64, noise func(i int) float64) []Timing {
	var list []Timing
	for i, w := range works {
		list = append(list, Timing{fmt.Sprint(i), w, w.seconds(each) * noise(i)})
	}
	return list
}

func TestFitRecoversPlantedSpeeds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	truth := planted()
	got := Fit(timed(variety(5000, r), truth, func(int) float64 { return 1 }))
	for k := range truth {
		if ratio := got.each[k] / truth[k]; ratio < 0.8 || ratio > 1.25 {
			t.Errorf("kind %d is %.3g, planted is %.3g", k, got.each[k], truth[k])
		}
	}
	if got.sd > 0.05 {
		t.Errorf("timings without noise have an SD of %.2f", got.sd)
	}
}

// TestIntervalCovers: of new runs on the machine 90 % are within the factor.
func TestIntervalCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for _, n := range []int{5, 20, 200} {
		inside, all := 0, 0
		for range 30 {
			noise := func(int) float64 { return math.Exp(0.3 * r.NormFloat64()) }
			s := Fit(timed(variety(n, r), planted(), noise))
			for _, fresh := range timed(variety(100, r), planted(), noise) {
				ratio, within := fresh.Seconds/s.Seconds(fresh.Work), s.Within(fresh.Work)
				if all++; 1/within <= ratio && ratio <= within {
					inside++
				}
			}
		}
		if share := float64(inside) / float64(all); share < 0.85 {
			t.Errorf("after %d runs %.0f %% of others are in the interval", n, 100*share)
		}
	}
}

// TestFitIsRobust: a few runs during which the machine did something else, or slept.
func TestFitIsRobust(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	works := variety(400, r)
	s := Fit(timed(works, planted(), func(i int) float64 {
		if i%20 == 0 {
			return 1000
		}
		return 1
	}))
	for _, w := range works[:50] {
		if ratio := w.seconds(s.each) / w.seconds(planted()); ratio < 0.5 || ratio > 2 {
			t.Errorf("forecast %.2f of the planted time", ratio)
		}
	}
}

// TestCellsCountOnce: a thousand runs of one cell do not outvote the others.
func TestCellsCountOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	timings := timed(variety(50, r), referenceSpeed, func(int) float64 { return 1 })
	odd := Timing{"odd", timings[0].Work, 10 * timings[0].Seconds}
	once := Fit(append(timings[:len(timings):len(timings)], odd))
	for range 999 {
		timings = append(timings, odd)
	}
	if often := Fit(timings); math.Abs(often.sd/once.sd-1) > 1e-9 {
		t.Errorf("an SD of %.4f and %.4f", once.sd, often.sd)
	}
}

func TestWithoutTimingsTheReferenceSpeed(t *testing.T) {
	s := Fit(nil)
	if within := s.Within(variety(1, rand.New(rand.NewPCG(5, 1)))[0]); s.each != referenceSpeed || within < 2 || within > 20 {
		t.Errorf("%+v", s)
	}
}

// TestNoiseDoesNotMakeTheMachineFaster: the times of a busy machine are scattered
// by a factor; the forecast is between their median and their mean.
func TestNoiseDoesNotMakeTheMachineFaster(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	const sd = 0.7
	works := variety(500, r)
	s := Fit(timed(works, planted(), func(int) float64 { return math.Exp(sd * r.NormFloat64()) }))
	var ratios float64
	for _, w := range works {
		ratios += math.Log(w.seconds(s.each) / w.seconds(planted()))
	}
	if factor := math.Exp(ratios / float64(len(works))); factor < 0.9 || factor > 1.1*math.Exp(sd*sd/2) {
		t.Errorf("forecast %.2f of the median time", factor)
	}
}
