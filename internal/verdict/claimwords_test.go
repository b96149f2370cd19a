package verdict

import (
	"strings"
	"testing"

	"nightshift/internal/study"
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
