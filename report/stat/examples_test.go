package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

type goldenTable struct {
	A, B      [][]float64
	Mean      float64
	MSSeed    float64 `json:"ms_seed"`
	MSExample float64 `json:"ms_example"`
	MSInter   float64 `json:"ms_inter"`
	CI        [2]float64
	Units     [2]float64 `json:"paired_seed_ci"`
	HUnits    float64    `json:"h_units"`
	HExamples float64    `json:"h_examples"`
	CellA     struct {
		Mean      float64
		MSSeed    float64    `json:"ms_seed"`
		MSExample float64    `json:"ms_example"`
		MSInter   float64    `json:"ms_inter"`
		HUnits    float64    `json:"h_units"`
		HExamples float64    `json:"h_examples"`
		Half      float64    `json:"half_width"`
		Trials    float64    `json:"wilson_n_eff"`
		CI        [2]float64 `json:"wilson_ci"`
	} `json:"cell_a"`
}

func packed(table [][]float64) Wrong {
	w := Wrong{Examples: len(table[0])}
	for _, row := range table {
		wrong := make([]bool, len(row))
		for j, v := range row {
			wrong[j] = v == 1
		}
		w.Rows = append(w.Rows, Pack(wrong))
	}
	return w
}

func TestWithExamples(t *testing.T) {
	g := entry[goldenTable](t, "inference.json", "seeds_by_examples")
	pair := Combine([]float64{1, -1}, packed(g.A), packed(g.B))
	units := Over(pair.Means, 0)
	both := WithExamples(units, pair)
	c := Combine([]float64{1}, packed(g.A))
	cell := WithExamples(Over(c.Means, 0), c)
	rate := Rate(cell, c)
	z := quantileZ(0.05)
	for what, v := range map[string][2]float64{
		"mean": {pair.Mean, g.Mean}, "runs": {pair.MSRuns, g.MSSeed}, "examples": {pair.MSExamples, g.MSExample},
		"rest":      {pair.MSRest, g.MSInter},
		"lower end": {both.CI.Lo, g.CI[0]}, "upper end": {both.CI.Hi, g.CI[1]}, "lower end over units": {units.CI.Lo, g.Units[0]},
		"half over units":    {units.Half(0.05), g.HUnits},
		"half over examples": {1 + z*math.Sqrt(pair.ExampleVariance()), 1 + g.HExamples},
		"mean of the cell":   {c.Mean, g.CellA.Mean}, "its runs": {c.MSRuns, g.CellA.MSSeed},
		"its examples": {c.MSExamples, g.CellA.MSExample},
		"its rest":     {c.MSRest, g.CellA.MSInter}, "its half over units": {Over(c.Means, 0).Half(0.05), g.CellA.HUnits},
		"its half over examples": {z * math.Sqrt(c.ExampleVariance()), g.CellA.HExamples},
		"its half":               {cell.Half(0.05), g.CellA.Half},
		"its trials":             {EffectiveTrials(cell, c, 0.05), float64(c.Examples)}, // 9.87 without the limit of rare errors
		"lower end of the rate of so many trials": {wilson(c.Mean, g.CellA.Trials, 0.05).Lo, g.CellA.CI[0]},
		"upper end of the rate of so many trials": {wilson(c.Mean, g.CellA.Trials, 0.05).Hi, g.CellA.CI[1]},
		"p at the end":             {cell.Against(cell.CI.Hi), 0.05},
		"p of the rate at its end": {rate.Against(rate.CI.Lo), 0.05},
	} {
		near(t, what, v[0], v[1])
	}
}

// Bits and losses are one table, for any factors, at every prefix.
func TestCombineIsLosses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const n, m = 4, 131
	factors := []float64{1, -1, -2, 0.5}
	cells, d := make([]Wrong, len(factors)), make([][]float64, n)
	for s := range d {
		d[s] = make([]float64, m)
	}
	for k, f := range factors {
		cells[k].Examples = m
		for s := range n {
			wrong := make([]bool, m)
			for j := range wrong {
				if wrong[j] = r.Float64() < 0.3; wrong[j] {
					d[s][j] += f
				}
			}
			cells[k].Rows = append(cells[k].Rows, Pack(wrong))
		}
	}
	bits, losses := CombinePrefixes(factors, cells...), LossPrefixes(d)
	if len(bits) != n-1 || len(losses) != n-1 {
		t.Fatalf("%d and %d prefixes", len(bits), len(losses))
	}
	bits, losses = append(bits, Combine(factors, cells...)), append(losses, Losses(d))
	for i, b := range bits {
		l := losses[i]
		if b.Runs != l.Runs || b.Examples != l.Examples || len(b.Means) != b.Runs {
			t.Errorf("prefix %d: %d by %d, %d by %d", i, b.Runs, b.Examples, l.Runs, l.Examples)
		}
		near(t, "mean", b.Mean, l.Mean)
		near(t, "runs", b.MSRuns, l.MSRuns)
		near(t, "examples", b.MSExamples, l.MSExamples)
		near(t, "rest", b.MSRest, l.MSRest)
		near(t, "last row", b.Means[b.Runs-1], l.Means[b.Runs-1])
	}
	_, _, rest, mean := meanSquares(d) // one value each: the same split
	near(t, "rest of the two-way table", bits[len(bits)-1].MSRest, rest)
	near(t, "mean of the two-way table", bits[len(bits)-1].Mean, mean)
	if got := cells[0].Pick([]int{2, 0}).Count(); got[0] != cells[0].Count()[2] || got[1] != cells[0].Count()[0] {
		t.Errorf("picked rows: %v", got)
	}
}

// No example wrong of 20 is 0 to 16 %, whatever the number of runs; rates stay
// within 0 and 1.
func TestRateOfNoErrors(t *testing.T) {
	w := Wrong{20, [][]uint64{{0}, {0}, {0}, {0}, {0}}}
	o := Combine([]float64{1}, w)
	rate := Rate(WithExamples(Over(o.Means, 0), o), o)
	near(t, "lower end", 1+rate.CI.Lo, 1)
	near(t, "upper end", rate.CI.Hi, Wilson(0, 20).Hi)
	if p := Below(0.001, rate); p < 0.05 {
		t.Errorf("below 0.1 %% with p %g", p)
	}
	if few := Rate(Over([]float64{0, 0}, 0), Outputs{Runs: 2, Examples: 20}); few.CI.Known() {
		t.Errorf("two runs: %+v", few)
	}
	early := Rate(Last(AnytimeWithExamples(CombinePrefixes([]float64{1}, Wrong{20, [][]uint64{{1}, {3}}}))),
		Combine([]float64{1}, Wrong{20, [][]uint64{{1}, {3}}}))
	if early.CI != (Interval{0, 1}) {
		t.Errorf("two anytime looks: %v", early.CI)
	}
}

// Cells that are not paired add their variances over examples.
func TestWithExamplesUnpaired(t *testing.T) {
	g := entry[goldenTable](t, "inference.json", "seeds_by_examples")
	a, b := Combine([]float64{1}, packed(g.A)), Combine([]float64{1}, packed(g.B))
	units := Welch(a.Means, b.Means)
	d := WithExamples(units, a, b)
	over := math.Sqrt(a.ExampleVariance() + b.ExampleVariance())
	near(t, "half at 99 %", d.Half(0.01), math.Hypot(units.Half(0.01), quantileZ(0.01)*over))
	near(t, "half", d.Half(0.05),
		math.Sqrt(units.Half(0.05)*units.Half(0.05)+quantileZ(0.05)*quantileZ(0.05)*(a.ExampleVariance()+b.ExampleVariance())))
	near(t, "p", d.Against(d.CI.Lo), 0.05)
}

// Rare errors: twelve runs that get the same few of the examples wrong are covered as one is. Without a limit to the trials
// that they count for, 85 to 89 % are.
func TestRareErrorsCover(t *testing.T) {
	for _, m := range []int{20, 200} {
		r, hits, all := rand.New(rand.NewPCG(3, uint64(m))), 0, nights(300)
		truth := 0.03 * 20 / float64(m) * 2
		sd := math.Sqrt(1 + 9 + 0.01)
		for range all {
			w := Wrong{Examples: m}
			hard := make([]float64, m)
			for j := range hard {
				hard[j] = 3 * r.NormFloat64()
			}
			for range 12 {
				wrong := make([]bool, m)
				shift := 0.1 * r.NormFloat64()
				for j := range wrong {
					wrong[j] = hard[j]+shift+r.NormFloat64() > sd*quantileZ(2*truth)
				}
				w.Rows = append(w.Rows, Pack(wrong))
			}
			c := Combine([]float64{1}, w)
			if Rate(WithExamples(Over(c.Means, 0), c), c).CI.Contains(truth) {
				hits++
			}
		}
		covers(t, fmt.Sprintf("rate of %.1f %% over 12 runs by %d examples", 100*truth, m), hits, all, 0.95, 1)
	}
}
