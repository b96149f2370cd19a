package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func erring(r *rand.Rand, seeds []Seeds, examples int, rate float64) Errors {
	e := Errors{Runs: runsOf(seeds...), Wrong: Wrong{Examples: examples}}
	for i := range seeds {
		e.Runs[i].Digest = ""
		wrong := make([]bool, examples)
		for j := range wrong {
			wrong[j] = r.Float64() < rate
		}
		e.Wrong.Rows = append(e.Wrong.Rows, Pack(wrong))
	}
	return e
}

// A difference of differences by unit is the t interval of its sums.
func TestCombination(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	factors := []float64{1, -1, -1, 2}
	cells, sums := make([][]Run, 4), make([]float64, 6)
	for c := range cells {
		for i := range uint64(6) {
			v := r.NormFloat64()
			cells[c] = append(cells[c], Run{Seeds: Seeds{0, i, i}, Value: v})
			sums[i] += factors[c] * v
		}
	}
	d, design := Combination(factors, cells...)
	near(t, "mean", d.Mean, Describe(sums).Mean)
	near(t, "upper end", d.CI.Hi, Describe(sums).CI.Hi)
	if d.N != 6 || design.Kind != Together {
		t.Errorf("%+v of %+v", d, design)
	}
	near(t, "last look", Last(anytimeOf(factors, cells...)).P, Last(Anytime(sums)).P)
	// Without shared seeds the variances of all four are added, times their factors squared.
	variance := 0.0
	for c := range cells {
		var m moments
		for i := range cells[c] {
			cells[c][i].Init += uint64(100 * c)
			m.add(cells[c][i].Value)
		}
		variance += factors[c] * factors[c] * m.variance() / 6
	}
	d, _ = Combination(factors, cells...)
	near(t, "standard error", d.SE, math.Sqrt(variance))
	near(t, "mean", d.Mean, Describe(sums).Mean)
	if d.Method != "Welch" || anytimeOf(factors, cells...) != nil {
		t.Errorf("%+v", d)
	}
	if d, _ := Mean(nil); d.CI.Known() || d.N != 0 {
		t.Errorf("a mean of nothing: %+v", d)
	}
}

// Rows stand in any order, some are missing: what goes together is found by seed.
func TestCombineErrors(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	seeds := grid(1, 6, 1, func(_, i, _ uint64) Seeds { return Seeds{0, i, i} })
	x, y := erring(r, seeds, 100, 0.3), erring(r, seeds, 100, 0.2)
	want := WithExamples(Over(Combine([]float64{1, -1}, x.Wrong, y.Wrong).Means, 0), Combine([]float64{1, -1}, x.Wrong, y.Wrong))
	slices.Reverse(y.Runs)
	slices.Reverse(y.Wrong.Rows)
	got := CombineErrors([]float64{1, -1}, x, y)
	near(t, "lower end", got.CI.Lo, want.CI.Lo)
	near(t, "p", got.P, want.P)
	if got.OverUnits.Half(0.05) > got.Half(0.05) || got.OverUnits.Method != "paired" || len(got.Outputs) != 1 {
		t.Errorf("%+v", got)
	}
	for u, set := range got.Design.Sets { // indices of the first cell
		if len(set) != 1 || set[0] != u {
			t.Errorf("unit %d is %v", u, set)
		}
	}
	looks := anytimeErrors([]float64{1, -1}, x, y)
	plain := AnytimeWithExamples(CombinePrefixes([]float64{1, -1}, x.Wrong, Wrong{100, reversed(y.Wrong.Rows)}))
	if len(looks) != 5 || len(plain) != 5 {
		t.Fatalf("%d and %d looks", len(looks), len(plain))
	}
	near(t, "last look", Last(looks).P, Last(plain).P)

	few := Errors{y.Runs[2:], Wrong{100, y.Wrong.Rows[2:]}}
	if got := CombineErrors([]float64{1, -1}, x, few); got.N != 4 || got.Outputs[0].Runs != 4 || len(got.Outputs[0].Means) != 4 {
		t.Errorf("four shared: %+v", got)
	}
	apart := erring(r, grid(1, 6, 1, func(_, i, _ uint64) Seeds { return Seeds{0, 50 + i, i} }), 100, 0.2)
	got = CombineErrors([]float64{1, -2}, x, apart)
	a, b := Combine([]float64{1}, x.Wrong), Combine([]float64{-2}, apart.Wrong)
	units := Welch(a.Means, times(-1, b.Means))
	near(t, "unpaired half", got.Half(0.05), WithExamples(units, a, b).Half(0.05))
	if anytimeErrors([]float64{1, -1}, x, apart) != nil {
		t.Error("looks at what does not go together")
	}
	rate := ErrorRate(x)
	c := Combine([]float64{1}, x.Wrong)
	near(t, "rate", rate.CI.Hi, Rate(WithExamples(Over(c.Means, 0), c), c).CI.Hi)
}

func reversed(rows [][]uint64) [][]uint64 {
	rows = slices.Clone(rows)
	slices.Reverse(rows)
	return rows
}

// Nested runs are one unit a training set, for intervals and looks; crossed ones
// have no looks, and what the block leaves out is out of the outputs, too.
func TestCombineErrorsByDesign(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 9))
	nested := erring(r, grid(8, 2, 1, func(d, i, _ uint64) Seeds { return Seeds{d, 2*d + i, 0} }), 64, 0.4)
	got := ErrorRate(nested)
	if got.N != 8 || got.Outputs[0].Runs != 16 {
		t.Errorf("%+v", got)
	}
	var means []float64
	counts := nested.Wrong.Count()
	for d := range 8 {
		means = append(means, float64(counts[2*d]+counts[2*d+1])/128)
	}
	near(t, "over units", got.OverUnits.CI.Lo, Describe(means).CI.Lo)
	looks := anytimeErrors([]float64{1}, nested)
	if len(looks) != 7 || Last(looks).N != 8 {
		t.Fatalf("%d looks", len(looks))
	}
	o := Combine([]float64{1}, nested.Wrong)
	near(t, "last look", Last(looks).Half(0.05), math.Hypot(Last(Anytime(means)).Half(0.05),
		quantileZ(0.05)*math.Sqrt(o.ExampleVariance())))
	near(t, "look without examples", Last(anytimeOf([]float64{1}, valued(nested))).P, Last(Anytime(means)).P)

	crossed := erring(r, grid(8, 3, 1, func(d, i, _ uint64) Seeds { return Seeds{d, i, 0} })[1:], 64, 0.4)
	if got := ErrorRate(crossed); got.Outputs[0].Runs != 21 || len(got.Design.LeftOut) != 2 ||
		anytimeErrors([]float64{1}, crossed) != nil || anytimeOf([]float64{1}, valued(crossed)) != nil {
		t.Errorf("%+v", got)
	}
}

func valued(e Errors) []Run {
	runs := slices.Clone(e.Runs)
	for i, wrong := range e.Wrong.Count() {
		runs[i].Value = float64(wrong) / float64(e.Wrong.Examples)
	}
	return runs
}

// A night of 10,000 runs with 2,000 stored outputs each: a rate for every cell, and
// each compared with the first, at one look and at all of them.
func BenchmarkVerdicts(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 1))
	cells := make([]Errors, 1000)
	seeds := grid(1, 10, 1, func(_, i, _ uint64) Seeds { return Seeds{0, i, i} })
	for c := range cells {
		cells[c] = erring(r, seeds, 2000, 0.08)
	}
	for b.Loop() {
		ps := make([]float64, len(cells))
		for c, cell := range cells {
			ErrorRate(cell)
			ps[c] = Below(0, CombineErrors([]float64{1, -1}, cell, cells[0]).Difference)
			Below(0, anytimeErrors([]float64{1, -1}, cell, cells[0])...)
		}
		Holm(ps)
	}
}

// anytimeErrors gives the looks at a sum of error rates.
func anytimeErrors(factors []float64, cells ...Errors) []Difference {
	runs, wrong := make([][]Run, len(cells)), make([]Wrong, len(cells))
	for c := range cells {
		runs[c], wrong[c] = cells[c].Runs, cells[c].Wrong
	}
	return UnitsOf(factors, runs...).Errors(wrong...)
}

// anytimeOf gives the looks at a sum of means.
func anytimeOf(factors []float64, cells ...[]Run) []Difference {
	return Anytime(UnitsOf(factors, cells...).Sums)
}
