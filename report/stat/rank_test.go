package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSignedTests(t *testing.T) {
	x, y := entry[goldenSample](t, "stats.json", "tci").X, entry[struct{ Y []float64 }](t, "stats.json", "paired").Y
	d := make([]float64, len(x))
	for i := range d {
		d[i] = x[i] - y[i]
	}
	near(t, "sign flip", SignFlip(d, 0, nil).P, entry[float64](t, "stats.json", "signflip_p"))
	w := entry[struct{ W, P float64 }](t, "stats.json", "wilcoxon")
	got := Wilcoxon(d)
	near(t, "W", 1+got.Statistic, 1+w.W)
	near(t, "p", got.P, w.P)
	// scipy 1.10.1, mode exact; with ties by enumeration of all signs.
	got = Wilcoxon([]float64{1.5, -0.5, 2, 3, -1, 4, 2.5, 0.7})
	near(t, "W of 8", got.Statistic, 4)
	near(t, "p of 8", got.P, 0.0546875)
	got = Wilcoxon([]float64{1, 1, -1, 2, 3, 3, -2, 4, 4, 5, 0})
	near(t, "W with ties", got.Statistic, 6.5)
	near(t, "P(X > Y) with ties", ProbabilityAbove([]float64{1, 2, 2, 3}, []float64{2, 1, 1, 3, 0}).Value, 13.5/20)
	near(t, "p with ties", got.P, 0.03515625)
	if got := Wilcoxon([]float64{0, 0}); !math.IsNaN(got.P) || got.N != 0 {
		t.Errorf("zeros only: %+v", got)
	}
}

// By hand: of the eight signs of 1, 2, 4 the sums are ±7, ±5, ±3, ±1.
func TestSignFlipByHand(t *testing.T) {
	near(t, "p of 5", SignFlip([]float64{-1, 2, 4}, 0, nil).P, 0.5)
	near(t, "p of 7", SignFlip([]float64{1, 2, 4}, 0, nil).P, 0.25)
	near(t, "p of 1", SignFlip([]float64{-1, -2, 4}, 0, nil).P, 1)
	// Sums that differ in their last bits are equal: 1.5 of 2.1 leaves the subsets of at most 0.3 to flip, five of 64 a side.
	near(t, "p of tenths", SignFlip([]float64{0.1, 0.2, -0.3, 0.4, 0.5, 0.6}, 0, nil).P, 10.0/64)
}

// Above the limits the approximations are near the exact ones just below.
func TestSignedTestsLarge(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	d := make([]float64, 21)
	for i := range d {
		d[i] = r.NormFloat64() + 0.4
	}
	many, exact := SignFlip(d, 20000, r), SignFlip(d[:20], 0, nil)
	student := Over(d, 0)
	if many.Method == exact.Method || math.Abs(many.P-student.P) > 0.02 || math.Abs(exact.P-Over(d[:20], 0).P) > 0.02 {
		t.Errorf("sign flip %v, exact %v, t %g", many, exact, student.P)
	}
	wide := make([]float64, 101)
	for i := range wide {
		wide[i] = r.NormFloat64() + 0.15
	}
	normal, below := Wilcoxon(wide), Wilcoxon(wide[:100])
	if normal.Method == below.Method || math.Abs(normal.P-Over(wide, 0).P) > 0.05 || math.Abs(below.P-Over(wide[:100],
		0).P) > 0.05 {
		t.Errorf("Wilcoxon of 101: %+v, of 100: %+v; t %g", normal, below, Over(wide, 0).P)
	}
}

func TestProbabilityAbove(t *testing.T) {
	x, y := entry[goldenSample](t, "stats.json", "tci").X, entry[struct{ Y []float64 }](t, "stats.json", "paired").Y
	g := entry[struct{ U, P, PImp float64 }](t, "stats.json", "mwu")
	s := ProbabilityAbove(x, y)
	near(t, "U", s.U, g.U)
	near(t, "p", s.P, g.P)
	near(t, "P(X > Y)", s.Value, g.PImp)
	// scipy 1.10.1, exact; with ties half of the 126 choices are as far off, by enumeration.
	s = ProbabilityAbove([]float64{1.1, 2.5, 3.7, 4.0}, []float64{0.3, 1.9, 2.2, 0.8, 2.6})
	near(t, "U", s.U, 16)
	near(t, "p", s.P, 0.19047619047619047)
	near(t, "p with ties", ProbabilityAbove([]float64{1, 2, 2, 3}, []float64{2, 1, 1, 3, 0}).P, 0.5)
	r := rand.New(rand.NewPCG(2, 9))
	a, b := make([]float64, 30), make([]float64, 31)
	for i := range b {
		b[i] = r.NormFloat64()
	}
	for i := range a {
		a[i] = r.NormFloat64() + 0.5
	}
	if large, exact := ProbabilityAbove(a, b), ProbabilityAbove(a, b[:30]); large.Method == exact.Method ||
		math.Abs(large.P-exact.P) > 0.02 {
		t.Errorf("normal %+v, exact %+v", large, exact)
	}
	if s := ProbabilityAbove(nil, b); !math.IsNaN(s.Value) {
		t.Errorf("no values: %+v", s)
	}
}

func TestRankCorrelations(t *testing.T) {
	x, y := []float64{1, 2, 3, 4, 5}, []float64{2, 1, 4, 3, 5}
	s, k := entry[[2]float64](t, "stats.json", "spearman"), entry[[2]float64](t, "stats.json", "kendall")
	near(t, "ρ", Spearman(x, y).Value, s[0])
	near(t, "p of ρ", Spearman(x, y).P, s[1])
	near(t, "τ", Kendall(x, y).Value, k[0])
	near(t, "p of τ", Kendall(x, y).P, k[1])
	// scipy 1.10.1
	x, y = []float64{1, 2, 3, 4, 5, 6, 7, 8}, []float64{2.1, 1.0, 4.2, 3.3, 7.0, 5.1, 8.0, 6.5}
	const s8, k8 = 0.8333333333333335, 0.6428571428571428
	near(t, "ρ of 8", Spearman(x, y).Value, s8)
	near(t, "p of ρ of 8", Spearman(x, y).P, 0.01017554012345675)
	near(t, "τ of 8", Kendall(x, y).Value, k8)
	near(t, "p of τ of 8", Kendall(x, y).P, 0.03115079365079365)
	z := quantileZ(0.05)
	near(t, "upper end of ρ", Spearman(x, y).CI.Hi, math.Tanh(math.Atanh(s8)+z*math.Sqrt((1+s8*s8/2)/5)))
	near(t, "lower end of τ", Kendall(x, y).CI.Lo, math.Tanh(math.Atanh(k8)-z*math.Sqrt(0.437/4)))
	for name, a := range map[string]Association{"Spearman": Spearman(x, y), "Kendall": Kendall(x, y)} {
		if !a.CI.Contains(a.Value) || a.CI.Lo < -1 || a.CI.Hi > 1 {
			t.Errorf("%s: %+v", name, a)
		}
	}
	// τ-b: 3 concordant and 1 discordant pair of 6, one tie on each side.
	near(t, "τ-b", Kendall([]float64{1, 1, 2, 3}, []float64{1, 2, 4, 4}).Value, 4/5.0)
	if a := Kendall([]float64{1, 1, 1, 1, 1}, []float64{1, 2, 3, 4, 5}); len(a.Warnings) == 0 || a.Value != 0 {
		t.Errorf("one side constant: %+v", a)
	}
	if a := Spearman(x[:3], y[:3]); a.CI.Known() || len(a.Warnings) == 0 {
		t.Errorf("three pairs: %+v", a)
	}
	if a := Spearman(x[:5], x[:5]); a.CI.Known() || math.Abs(a.P-2.0/120) > 1e-12 {
		t.Errorf("perfect: %+v", a)
	}
}

// The intervals of both cover, for a bivariate normal whose population values are
// known: ρ_s = 6/π arcsin(r/2), τ = 2/π arcsin(r).
func TestRankCorrelationsCover(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	const nights, n, rho = 1000, 20, 0.5
	spearman, kendall := 0, 0
	for range nights {
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i] = r.NormFloat64()
			y[i] = rho*x[i] + math.Sqrt(1-rho*rho)*r.NormFloat64()
		}
		if Spearman(x, y).CI.Contains(6 / math.Pi * math.Asin(rho/2)) {
			spearman++
		}
		if Kendall(x, y).CI.Contains(2 / math.Pi * math.Asin(rho)) {
			kendall++
		}
	}
	covers(t, "Spearman", spearman, nights, 0.93, 0.97)
	covers(t, "Kendall", kendall, nights, 0.93, 0.97)
}

func TestFriedman(t *testing.T) {
	g := entry[struct {
		X       [][]float64
		Chi2, P float64
	}](t, "stats.json", "friedman")
	f := Friedman(g.X)
	near(t, "χ²", f.Statistic, g.Chi2)
	near(t, "p", f.P, g.P)
	near(t, "sum of ranks", f.MeanRanks[0]+f.MeanRanks[1]+f.MeanRanks[2], 6)
	// Demšar 2006, by hand.
	var plain []float64
	for _, p := range f.Pairs {
		near(t, "z", p.Z, (f.MeanRanks[p.A]-f.MeanRanks[p.B])/math.Sqrt(3*4/(6*6.0)))
		plain = append(plain, p.P)
	}
	for i, p := range Holm(plain) {
		near(t, "Holm", f.Pairs[i].Holm, p)
	}
	if f := Friedman([][]float64{{1, 1}, {2, 2}}); f.P != 1 {
		t.Errorf("all tied: %+v", f)
	}
	if f := Friedman([][]float64{{1, 2}}); !math.IsNaN(f.P) {
		t.Errorf("one data set: %+v", f)
	}
}
