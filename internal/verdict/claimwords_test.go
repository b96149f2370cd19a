package verdict

import (
	"math"
	"strings"
	"testing"

	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Every form of a claim has its words.
func TestClaimWords(t *testing.T) {
	t.Parallel()
	s, err := study.Parse("words.yaml", []byte(`study: words
data: {set: sine1d, train: 30, test: 200, noise: 0.3}
base: {output: identity, loss: mse}
grid: {width: [1, 2, 4], lr: [0.1, 1]}
seeds: {data: 80, init: 2, nested: true}
expect:
  - test_mse(width=1, lr=1) - 0.5 * test_mse(width=2, lr=1) < 0.2 + test_mse(width=4, lr=1)
  - share(test_mse(width=1, lr=1) < 0.02) > 0.9
  - sd(test_mse(width=1, lr=1)) < 2 * sd(test_mse(width=2, lr=1))
  - bias2(width=1, lr=1) > bias2(width=4, lr=1)
  - variance_init(width=1, lr=1) = 0.1 within 0.02 because "the notebook says so"
  - trend(test_mse(lr=1), width) < 0
  - best test_mse(width=1) reproduces 0.0233
  - everywhere test_mse(width=1) > test_mse(width=4)
  - diverged(width=1, lr=1) < 0.2
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"test MSE at width=1, lr=1 minus 0.5 × test MSE at width=2, lr=1 is below test MSE at width=4, lr=1 plus 0.2",
		"the share of runs with test MSE below 0.02 at width=1, lr=1 is above 90 %",
		"the SD of single runs in test MSE at width=1, lr=1 is below 2 × the SD of single runs in test MSE at width=2, lr=1",
		"bias² at width=1, lr=1 is above bias² at width=4, lr=1",
		"the variance that initial weights bring at width=1, lr=1 equals 0.1 within 0.02, because the notebook says so",
		"the trend of test MSE along width at lr=1 is below 0",
		"test MSE at the best of width=1 reproduces 0.0233",
		"everywhere, test MSE at width=1 is above test MSE at width=4",
		"the share of diverged runs at width=1, lr=1 is below 20 %",
	} {
		var operands []Operand
		for _, x := range []study.Expr{s.Expect[i].Lhs, s.Expect[i].Rhs} {
			for _, term := range x.Terms {
				operands = append(operands, Operand{Term: term})
			}
		}
		if got := strings.ReplaceAll(claimWords(s.Expect[i], operands), space, " "); got != want {
			t.Errorf("%s:\n%s, want\n%s", s.Expect[i].Text, got, want)
		}
	}
}

// A claim that one look would have decided is not said to have an interval that
// includes zero.
func TestUndecidedByLooks(t *testing.T) {
	t.Parallel()
	none := math.NaN()
	for _, c := range []struct {
		relation string
		ci       stat.Interval
		looks    int
		want     string
	}{
		{">", stat.Interval{Lo: 0.1, Hi: 0.2}, 2, "p = 0.080 is above 5 %: it holds for 2 looks, the interval for one"},
		{"=", stat.Interval{Lo: -0.1, Hi: 0.2}, 2, "p = 0.080 is above 5 %: it holds for 2 looks, the interval for one"},
		{">", stat.Interval{Lo: -0.1, Hi: 0.2}, 2, "the interval of the difference includes zero"},
		{"=", stat.Interval{Lo: -0.1, Hi: 0.9}, 2, "the interval of the difference reaches over the margin"},
		{">", stat.Interval{Lo: -0.1, Hi: 0.2}, 1, "the interval of the difference includes zero"},
	} {
		f := finding{held: 0.08, contrary: 1, distance: none, Verdict: Verdict{Relation: c.relation, Margin: 0.5, Interval: c.ci,
			Looks: c.looks, N: 8, P: 0.08}}
		if f.undecided(1, 1); f.Because != c.want {
			t.Errorf("%+v: %q", c, f.Because)
		}
	}
}

// Where terminals show a claim, it is with its verdict and its reason.
func TestLine(t *testing.T) {
	t.Parallel()
	held := Verdict{Outcome: Held, Words: "a is below b", P: 0.01, Corrected: 0.02, Unit: "5 runs"}
	open := Verdict{Outcome: Undecided, Words: "a is below b", Because: "one network: no repeat", Corrected: math.NaN()}
	for want, v := range map[string]Verdict{
		"held: a is below b (p = 0.010, corrected 0.020; 5 runs)": held,
		"undecided: a is below b (one network: no repeat)":        open,
		"held: a is below b": {Outcome: Held, Words: "a is below b", Corrected: math.NaN()},
	} {
		if got := v.Line(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
