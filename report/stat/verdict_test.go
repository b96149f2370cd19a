package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// falseVerdict says whether a claim "less than 0" of a mean that is 0 comes out
// held or not held at alpha.
func falseVerdict(alpha float64, looks ...Difference) bool {
	return math.Min(Below(0, looks...), Above(0, looks...)) < alpha
}

// A family of true nulls gets a false verdict in at most 5 % of nights, whatever
// the design; without the correction far more.
func TestFamiliesErr(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		D, I int
	}{{Together, 5, 1}, {Nested, 10, 2}, {Crossed, 10, 5}} {
		const claims = 13
		r, all := rand.New(rand.NewPCG(5, uint64(c.D))), nights(200)
		corrected, plain := 0, 0
		for range all {
			ps := make([]float64, claims)
			base := effects{0.4, 0.2}.cellOf(r, c.kind, c.D, c.I, 0, shapes["normal"])
			for k := range ps { // each claim compares a cell of its own with one that all share
				d, _ := Compare(effects{0.4, 0.2}.cellOf(r, c.kind, c.D, c.I, 0, shapes["skewed"]), base)
				ps[k] = d.Against(0)
			}
			least := 1.0
			for _, p := range ps {
				least = min(least, p)
			}
			if least < 0.05 {
				plain++
			}
			for _, p := range Holm(ps) {
				if p < 0.05 {
					corrected++
					break
				}
			}
		}
		covers(t, fmt.Sprintf("13 nulls with Holm, %s", c.kind), corrected, all, 0, 0.055)
		covers(t, fmt.Sprintf("13 nulls without, %s", c.kind), plain, all, 0.15, 0.6)
	}
}

// Two one-sided tests call a difference equal that lies on the margin in at most
// 5 % of nights.
func TestEquivalenceErrs(t *testing.T) {
	r, all, held := rand.New(rand.NewPCG(5, 1)), nights(2000), 0
	for range all {
		x := make([]float64, 20)
		for i := range x {
			x[i] = 1 + 0.5*r.NormFloat64()
		}
		if Within(-1, 1, Over(x, 0)) < 0.05 {
			held++
		}
	}
	covers(t, "a difference on the margin called equal", held, all, 0.045, 0.05)
}

// Looking after every seed: anytime-valid verdicts are false in at most 5 % of
// nights, up to 200 seeds; plain t in some 40 %.
func TestAnytimeErrs(t *testing.T) {
	const seeds = 200
	r, all := rand.New(rand.NewPCG(6, 1)), nights(300)
	anytime, plain, family, equal := 0, 0, 0, 0
	differences := func() []float64 {
		x := make([]float64, seeds)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		return x
	}
	for range all {
		x := differences()
		looks := Anytime(x)
		if falseVerdict(0.05, looks...) {
			anytime++
		}
		for n := 3; n <= seeds; n++ {
			if falseVerdict(0.05, Over(x[:n], 0)) {
				plain++
				break
			}
		}
		for range 9 {
			if falseVerdict(0.05/9, Anytime(differences()[:40])...) {
				family++
				break
			}
		}
		if Within(-1, 0, looks...) < 0.05 || Outside(0, 3, looks...) < 0.05 {
			equal++
		}
	}
	covers(t, "one null, 200 looks, anytime", anytime, all, 0.02, 0.04)
	covers(t, "one null, 200 looks, plain t", plain, all, 0.35, 0.50)
	covers(t, "nine nulls, 40 looks, anytime", family, all, 0.005, 0.03)
	covers(t, "equality on the margin, 200 looks, anytime", equal, all, 0, 0.05)
}

// Paired differences of skewed, bounded and two-humped values keep the promise;
// one skewed cell against a number does not, which is why OneCell leaves looks out.
func TestAnytimeErrsByShape(t *testing.T) {
	for shape, draw := range shapes {
		r, all := rand.New(rand.NewPCG(6, 2)), nights(500)
		pairs, cell := 0, 0
		for range all {
			d, x := make([]float64, 40), make([]float64, 40)
			for i := range d {
				d[i], x[i] = draw(r)-draw(r), draw(r)
			}
			if falseVerdict(0.05, Anytime(d)...) {
				pairs++
			}
			if falseVerdict(0.05, Anytime(x)...) {
				cell++
			}
		}
		covers(t, shape+", 40 looks, paired", pairs, all, 0, 0.05)
		if shape == "skewed" {
			covers(t, shape+", 40 looks, one cell: not protected", cell, all, 0.08, 0.16)
		}
	}
	for share, promised := range map[float64][2]float64{0.2: {0.28, 0.40}, 0.05: {0.68, 0.82}} {
		r, all, wrong := rand.New(rand.NewPCG(6, 7)), nights(300), 0
		for range all {
			x := make([]float64, 40)
			for i := range x {
				if x[i] = 0.02*r.NormFloat64() - share; r.Float64() < share {
					x[i]++
				}
			}
			if falseVerdict(0.05, Anytime(x)...) {
				wrong++
			}
		}
		covers(t, fmt.Sprintf("%.0f %% of runs stuck, one cell: not protected", 100*share), wrong, all, promised[0], promised[1])
	}
}

// One cell against a number counts from 20 units on, which errs less often.
func TestOneCell(t *testing.T) {
	x := make([]float64, 25)
	for i := range x {
		x[i] = 5 + math.Sin(float64(i))
	}
	if counted, warning := OneCell(Anytime(x[:19])); counted != nil || warning == "" {
		t.Errorf("19 units: %d looks, %q", len(counted), warning)
	}
	if counted, warning := OneCell(Anytime(x)); len(counted) != 6 || counted[0].N != 20 ||
		warning != "a failure rarer than 3 in 25 may be unseen" {
		t.Errorf("25 units: %d looks, %q", len(counted), warning)
	}
	r, all, wrong := rand.New(rand.NewPCG(6, 8)), nights(500), 0
	for range all {
		skewed := make([]float64, 40)
		for i := range skewed {
			skewed[i] = shapes["skewed"](r)
		}
		if counted, _ := OneCell(Anytime(skewed)); falseVerdict(0.05, counted...) {
			wrong++
		}
	}
	covers(t, "skewed, one cell, 21 looks from 20 units on", wrong, all, 0, 0.06)
}

// Test errors after every seed: 2 to 6 % false verdicts at 5 to 40 looks.
func TestAnytimeWithExamplesErrs(t *testing.T) {
	for _, n := range []int{5, 40} {
		r, all, wrong := rand.New(rand.NewPCG(6, 3)), nights(100), 0
		for range all {
			a, b := errorsOf(r, n, 200, 0, 0.1, 0.6)
			if falseVerdict(0.05, AnytimeWithExamples(CombinePrefixes([]float64{1, -1}, a, b))...) {
				wrong++
			}
		}
		covers(t, fmt.Sprintf("a null on 200 examples, %d looks", n), wrong, all, 0, 0.06)
	}
}

// Forms without an anytime version spend their alpha over looks at doubled seeds.
func TestSpendingErrs(t *testing.T) {
	r, all := rand.New(rand.NewPCG(6, 4)), nights(300)
	crossed, shares := 0, 0
	for range all {
		x := effects{0.4, 0.3}.cellOf(r, Crossed, 40, 3, 0, shapes["normal"])
		y := effects{0.4, 0.3}.cellOf(r, Crossed, 40, 3, 0, shapes["normal"])
		var looks, ofShares []Difference
		hits, other := 0, 0
		for i := range 40 {
			if r.Float64() < 0.4 {
				hits++
			}
			if r.Float64() < 0.4 {
				other++
			}
			for k, n := range Looks(5, 40) {
				if n == i+1 {
					d, _ := Compare(x[:3*n], y[:3*n])
					looks = append(looks, d.AtLook(k+1))
					ofShares = append(ofShares, Proportions(Proportion{hits, n, 1}, Proportion{other, n, 1}).AtLook(k+1))
				}
			}
		}
		if falseVerdict(0.05, looks...) {
			crossed++
		}
		if falseVerdict(0.05, ofShares...) {
			shares++
		}
	}
	covers(t, "crossed, 4 looks", crossed, all, 0, 0.05)
	covers(t, "shares, 4 looks", shares, all, 0, 0.03)
}

// A claim that cannot come out is given up early: 16 seeds instead of 39 where the
// difference is 0, at a price of 3 points of power at half an SD.
func TestFutilityCosts(t *testing.T) {
	type outcome struct{ seeds, held int }
	night := func(r *rand.Rand, shift float64, futility bool) (seeds int, held bool) {
		var x []float64
		for n := 1; n <= 40; n++ {
			x = append(x, shift+r.NormFloat64())
			if n < 5 {
				continue
			}
			looks := Anytime(x)
			if Above(0, looks...) < 0.05 || Below(0, looks...) < 0.05 {
				return n, Above(0, looks...) < 0.05
			}
			if futility && Futile(x, Goal{0, math.Inf(1)}, 40, 0.05) {
				return n, false
			}
		}
		return 40, false
	}
	all := nights(500)
	outcomes := map[string]outcome{}
	for _, shift := range []float64{0, 0.5} {
		for _, futility := range []bool{false, true} {
			r, o := rand.New(rand.NewPCG(6, 5)), outcome{}
			for range all {
				n, held := night(r, shift, futility)
				o.seeds += n
				if held {
					o.held++
				}
			}
			outcomes[fmt.Sprint(shift, futility)] = o
			t.Logf("shift %.1f, futility %v: %.1f seeds, %.1f %% held", shift, futility,
				float64(o.seeds)/float64(all), 100*float64(o.held)/float64(all))
		}
	}
	if with := float64(outcomes["0 true"].seeds) / float64(all); with > 19 || with < 13 {
		t.Errorf("%.1f seeds with futility where there is no difference", with)
	}
	if without := float64(outcomes["0 false"].seeds) / float64(all); without < 37 {
		t.Errorf("%.1f seeds without futility", without)
	}
	covers(t, "power at half an SD, with futility", outcomes["0.5 true"].held, all, 0.50, 0.57)
	covers(t, "power at half an SD, without", outcomes["0.5 false"].held, all, 0.53, 0.60)
}

// What it costs: about 80 % power at the seeds of the table.
func TestAnytimePower(t *testing.T) {
	for _, c := range []struct {
		delta, alpha float64
		n            int
	}{{2, 0.05, 8}, {1, 0.05, 18}, {0.5, 0.05, 61}, {2, 0.05 / 9, 11}, {1, 0.05 / 9, 26}, {0.5, 0.05 / 9, 87}} {
		r, held, all := rand.New(rand.NewPCG(6, 6)), 0, nights(500)
		for range all {
			x := make([]float64, c.n)
			for i := range x {
				x[i] = c.delta + r.NormFloat64()
			}
			if Above(0, Anytime(x)...) < c.alpha {
				held++
			}
		}
		covers(t, fmt.Sprintf("power for %.1f SD at %.4f with %d seeds", c.delta, c.alpha, c.n), held, all, 0.78, 0.86)
	}
}
