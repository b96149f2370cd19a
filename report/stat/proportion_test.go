package stat

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestWald(t *testing.T) {
	want := entry[[2]float64](t, "stats.json", "wald_9767")
	near(t, "lower end", Wald(9767, 10000).Lo, want[0])
	near(t, "upper end", Wald(9767, 10000).Hi, want[1])
	sd := entry[float64](t, "stats.json", "binom_sd_10000_.977")
	i := Wald(9770, 10000)
	near(t, "SD of a rate", (i.Hi-i.Lo)/2/quantileZ(0.05), sd)
}

func TestCoverage(t *testing.T) {
	for name, want := range entry[map[string]struct{ Wald, Wilson float64 }](t, "stats.json", "coverage") {
		n, p := 100, 0.97
		if name == "n1000_p.977" {
			n, p = 1000, 0.977
		}
		near(t, name+", Wald", Coverage(n, p, Wald), want.Wald)
		near(t, name+", Wilson", Coverage(n, p, Wilson), want.Wilson)
	}
}

// The pooled z test of mlxtend's documentation, 84 and 92 of 100, two-sided, and
// Newcombe's interval see the same: its p is near, not on the other side of 5 %.
func TestProportionsAgainstPooledZ(t *testing.T) {
	g := entry[struct{ Z, P1, P2 float64 }](t, "stats.json", "prop_diff")
	d := Proportions(Proportion{84, 100, 1}, Proportion{92, 100, 1})
	if p := d.Against(0); math.Abs(p-g.P2) > 0.02 || p < 0.05 || !d.CI.Contains(0) {
		t.Errorf("p is %g, that of z %g", p, g.P2)
	}
	near(t, "p at its end", d.Against(d.CI.Hi), 0.05)
}

// Newcombe 1998, Statistics in Medicine 17, 2635-2650, table II: method 10 of paired
// proportions with 36, 12, 2 and 0 of 50 is 0.0569 to 0.3404.
func TestPairedShares(t *testing.T) {
	d := PairedShares{36, 12, 2, 0}.Difference()
	if math.Abs(d.CI.Lo-0.0569) > 6e-5 || math.Abs(d.CI.Hi-0.3404) > 6e-5 {
		t.Errorf("%v, want 0.0569 to 0.3404", d.CI)
	}
	near(t, "difference", d.Mean, 0.2)
	near(t, "p at its end", d.Against(d.CI.Lo), 0.05)
	turned := PairedShares{36, 2, 12, 0}.Difference()
	near(t, "the other way round", turned.CI.Lo, -d.CI.Hi)
	// By its formula, with a correlation of (240 - 15 - 20)/√(25·15·23·17).
	c, phi := PairedShares{20, 5, 3, 12}.Difference(), 205/math.Sqrt(25*15*23*17)
	x, y := Wilson(25, 40), Wilson(23, 40)
	l, u := 25.0/40-x.Lo, y.Hi-23.0/40
	near(t, "with correlation", c.CI.Lo, 0.05-math.Sqrt(l*l-2*phi*l*u+u*u))
	// Without correlation it is the one of independent shares.
	independent := PairedShares{16, 16, 4, 4}.Difference()
	near(t, "no correlation", independent.CI.Lo, Proportions(Proportion{32, 40, 1}, Proportion{20, 40, 1}).CI.Lo)
	if c := Count([]bool{true, true, false, false, true}, []bool{true, false, true, false,
		true}); c != (PairedShares{2, 1, 1, 1}) {
		t.Errorf("counted %+v", c)
	}
	if (PairedShares{}).Difference().CI.Known() {
		t.Error("an interval of nothing")
	}
}

// A share that lies on the bound gets a false verdict in at most 9 % of nights, and in less than 5 % on average over shares, looked
// at once or at every doubling: exactly, over the binomial distribution of runs. By Wilson's interval alone it is up to 17 % with three.
func TestShareVerdictsErr(t *testing.T) {
	for _, sizes := range [][]int{{3}, {4}, {5}, {6}, {12}, Looks(3, 12), Looks(4, 14), Looks(5, 40)} {
		mean := 0.0
		for i := range 99 {
			p := float64(1+i) / 100
			wrong := falseShares(sizes, p)
			if mean += wrong / 99; wrong > 0.09 {
				t.Errorf("looked at with %v runs, %.1f %% of verdicts about a share of %g are false", sizes, 100*wrong, p)
			}
		}
		if mean > 0.05 {
			t.Errorf("looked at with %v runs, %.1f %% of verdicts are false on average", sizes, 100*mean)
		}
	}
}

// falseShares is the probability that one of the looks decides on which side of p a share of p lies.
func falseShares(sizes []int, p float64) (wrong float64) {
	open, before := map[int]float64{0: 1}, 0 // probability of so many hits without a verdict so far
	for k, n := range sizes {
		more, next := distuv.Binomial{N: float64(n - before), P: p}, map[int]float64{}
		for hits, chance := range open {
			for add := range n - before + 1 {
				next[hits+add] += chance * more.Prob(float64(add))
			}
		}
		for hits, chance := range next {
			d := Proportion{hits, n, 1}.Over(0)
			if len(sizes) > 1 {
				d = d.AtLook(k + 1)
			}
			if falseShare(p, d) {
				wrong += chance
				delete(next, hits)
			}
		}
		open, before = next, n
	}
	return wrong
}

func falseShare(p float64, d Difference) bool { return min(Below(p, d), Above(p, d)) < 0.05 }

// scipy 1.10.1 binomtest gives one-sided p values of 0.0523 for 2 of 4 below 0.9 and 0.0625 for 4 of 4 above 0.5, of which
// half of binom.pmf, 0.0486 and 0.0625, is taken.
func TestShareAgainstBinomial(t *testing.T) {
	near(t, "2 of 4", Proportion{2, 4, 1}.Over(0).Against(0.9), 2*(0.0523-0.0486/2))
	near(t, "4 of 4", Proportion{4, 4, 1}.Over(0).Against(0.5), 0.0625)
	near(t, "with a factor", Proportion{4, 4, -2}.Over(0.1).Against(-1.1), 0.0625)
}
