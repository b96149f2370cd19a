package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// By enumeration of all samples of four errors: mean, SD and the band of the best.
func TestExpectedBest(t *testing.T) {
	errors := []float64{0.3, 0.1, 0.2, 0.7}
	curve := ExpectedBest(errors)
	if len(curve) != 4 {
		t.Fatalf("%d points", len(curve))
	}
	for _, b := range curve {
		all := int(math.Pow(4, float64(b.N)))
		var best []float64
		for code := range all {
			smallest := math.Inf(1)
			for range b.N {
				smallest = min(smallest, errors[code%4])
				code /= 4
			}
			best = append(best, smallest)
		}
		slices.Sort(best)
		near(t, "mean", b.Mean, mean(best))
		near(t, "SD", b.SD, sd(best)*math.Sqrt(float64(all-1)/float64(all)))
		at := func(p float64) float64 { return best[int(math.Ceil(p*float64(all)))-1] }
		if b.Band != (Interval{at(0.025), at(0.975)}) {
			t.Errorf("best of %d: %v, want %g to %g", b.N, b.Band, at(0.025), at(0.975))
		}
	}
	near(t, "one of them", curve[0].Mean, mean(errors))
	if len(ExpectedBest(nil)) != 0 {
		t.Error("the best of nothing")
	}
}

func design(n int) Design {
	var runs []Run
	for i := range uint64(n) {
		runs = append(runs, Run{Seeds: Seeds{0, i, i}})
	}
	return Classify(runs)
}

// Two cells that differ by one standard error are ranked right with probability
// Φ(1); a cell that is far off is last.
func TestRankProbabilities(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	const n = 50
	values := make([][]float64, 3)
	for c := range values {
		values[c] = make([]float64, n)
	}
	var m moments
	for i := range n {
		shared := 5 * r.NormFloat64()
		values[0][i], values[1][i], values[2][i] = shared, shared+r.NormFloat64(), shared+50
		m.add(values[1][i] - values[0][i])
	}
	shift := math.Sqrt(m.variance()/n) - m.mean
	for i := range n {
		values[1][i] += shift
	}
	p := RankProbabilitiesOf(values, []Design{design(n)}, 20000, r)
	if math.Abs(p[0][0]-0.8353) > 0.012 || p[2][2] != 1 { // Φ(1/1.025), wider by Student's t
		t.Errorf("paired: %v", p)
	}
	for c := range p {
		near(t, "row", p[c][0]+p[c][1]+p[c][2], 1)
	}
	apart := RankProbabilitiesOf(values, []Design{design(n), design(n), design(n)}, 5000, r)
	if apart[0][0] > 0.6 {
		t.Errorf("as if independent: %v", apart)
	}
	same := RankProbabilitiesOf([][]float64{values[0], values[0]}, []Design{design(n)}, 100, r)
	near(t, "equal cells", same[0][0], 0.5)
	// What all runs of a training set share counts once: forty runs on two sets.
	nested := make([]Run, 40)
	for i := range nested {
		nested[i].Seeds = Seeds{uint64(i / 20), uint64(i), 0}
	}
	sets := [][]float64{make([]float64, 40), make([]float64, 40)}
	for i := range 20 {
		sets[1][i], sets[1][20+i] = 3, -1
	}
	if p := RankProbabilitiesOf(sets, []Design{Classify(nested)}, 4000, r); math.Abs(p[0][0]-0.75) > 0.03 {
		t.Errorf("two training sets: %v", p)
	}
}

// Test examples are drawn, too: with many equal runs, the wins are those of a sign
// test over the examples that the cells disagree on.
func TestRankProbabilitiesOverExamples(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 2))
	a, b := make([]bool, 400), make([]bool, 400)
	for j := range 40 {
		a[j], b[40+j] = true, true
	}
	for j := range 10 { // ten more wrong in b: 40 against 50, SD √90
		b[80+j] = true
	}
	rows := func(x []bool) Wrong { return Wrong{400, [][]uint64{Pack(x), Pack(x), Pack(x)}} }
	p := RankProbabilities([]Wrong{rows(a), rows(b)}, []Design{design(3)}, 5000, r)
	if want := 0.5 * (1 + math.Erf(10/math.Sqrt(90)/math.Sqrt2)); math.Abs(p[0][0]-want) > 0.03 {
		t.Errorf("%v, want about %.3f", p, want)
	}
	crossed := make([]Run, 6)
	for i := range crossed {
		crossed[i].Seeds = Seeds{uint64(i / 2), uint64(i % 2), 0}
	}
	total := 0.0
	for _, w := range Classify(crossed).draw(r) {
		total += w.weight
	}
	near(t, "weight of a crossed draw", total, 3)
	// Initialisations that all training sets share are drawn, too: one of two is better.
	values := [][]float64{make([]float64, 6), {3, -1, 3, -1, 3, -1}}
	if p := RankProbabilitiesOf(values, []Design{Classify(crossed)}, 4000, r); math.Abs(p[0][0]-0.75) > 0.03 {
		t.Errorf("two initialisations: %v", p)
	}
}

// Of two equal cells few units make nobody sure which one is ahead.
func TestRankProbabilitiesOfFewUnits(t *testing.T) {
	for _, n := range []int{3, 5, 10} {
		r, sure, all := rand.New(rand.NewPCG(9, uint64(n))), 0, nights(150)
		for range all {
			values := make([][]float64, 2)
			for c := range values {
				for range n {
					values[c] = append(values[c], r.NormFloat64())
				}
			}
			if p := RankProbabilitiesOf(values, []Design{design(n)}, 400, r)[0][0]; min(p, 1-p) < 0.025 {
				sure++
			}
		}
		covers(t, fmt.Sprintf("sure of one of two equal cells, %d units", n), sure, all, 0, 0.07)
	}
}
