package verdict

import (
	"math"
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// What a verdict says of two outcomes is in percent where shares are, as everywhere on the page; the interval of a ratio holds
// the ratio that is claimed, not zero; and means of training sets are not single runs.
func TestUndecidedInTheUnitOfTheClaim(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: {data: 12, init: 2, nested: true}\nexpect:\n  - test_error(width=8) < 0.1\n" +
		"  - sd(train_loss(width=8)) < 2 * sd(train_loss(width=4))\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		e := ended{error: (2 + noise(cell, s)) * (1 + float64(map[string]int{"width=8": 1}[cell]))}
		if e.wrong = some(50, testExamples); s.Data == 3 {
			e.wrong = some(180, testExamples)
		}
		return e
	})
	all := l.verdicts()
	if all[0].Interval.Known() || !math.IsNaN(all[0].HalfUnits) {
		t.Errorf("two outcomes have the interval %v", all[0].Interval)
	}
	l.is(all[0], Undecided, "without an interval", "22 runs around 25.0"+space+"% and 2 around 90.0"+space+"%")
	l = newLab(t)
	l.says(two + "seeds: {data: 12, init: 2, nested: true}\nexpect: ['sd(train_loss(width=8)) < 2 * sd(train_loss(width=4))']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		return ended{error: (2 + noise(cell, s)) * (1 + float64(map[string]int{"width=8": 1}[cell]))}
	})
	l.is(l.verdicts()[0], Undecided, "ratio of the SD of means of training sets", "the interval of the ratio includes 2")
}

// The best of cells whose runs were all pruned, or diverged, is not said to lack a validation split.
func TestBestOfCellsWithoutResult(t *testing.T) {
	for status, words := range map[store.Status]string{store.Pruned: "5 pruned", store.Diverged: "5 diverged",
		store.Failed: "5 failed"} {
		l := newLab(t)
		l.says(two + "seeds: 5\nexpect: ['best test_error(width=8) < best test_error(width=4)']\n")
		l.trains(-1, func(cell string, s study.Seeds) ended {
			e := ended{error: 0.1 + 0.01*noise(cell, s), wrong: some(20, testExamples)}
			if strings.Contains(cell, "8") {
				e.status = status
			}
			return e
		})
		l.is(l.verdicts()[0], Undecided, "no run of 1 cell has a result on validation at the end of the training ("+words+")")
	}
}

// The MSE of a classification has a value for each test example: that of its outputs, of which a sigmoid's do not add up to 1.
func TestSquaredErrorsOfClasses(t *testing.T) {
	c := &Cell{Data: store.Dataset{Out: 2, TestLabels: []int32{0, 1}}}
	logits := []float32{0, 0, 3, -1}
	one, a, b := 0.5, 1/(1+math.Exp(-3)), 1/(1+math.Exp(1))
	for output, want := range map[string][]float64{"sigmoid": {one * one, (a*a + (1-b)*(1-b)) / 2}, "identity": {0.5, (9 + 4) / 2.0},
		"softmax": {one * one, math.Pow(1/(1+math.Exp(-4)), 2)}} {
		c.Config.Output = output
		for i, v := range classLosses(c, logits, "mse") {
			if math.Abs(v-want[i]) > 1e-6 {
				t.Errorf("%s: example %d has %g, want %g", output, i, v, want[i])
			}
		}
	}
}

// No loss is below 0, and so is no interval of its mean.
func TestIntervalsOfLosses(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 5\nexpect: ['train_loss(width=8) < 9']\n")
	l.trains(-1, func(_ string, s study.Seeds) ended { return ended{error: []float64{0.1, 1, 2, 4, 8}[s.Init]} })
	if v := l.verdicts()[0]; v.Interval.Lo != -9 {
		t.Errorf("the interval begins %g below 9", -v.Interval.Lo)
	}
}

// The p value of a share is not below the mid-p value of the binomial distribution, 2·(1 - 0.99^10 - 5·0.99^9·0.01) = 0.10 of 9 of
// 10 against 0.99, where Wilson's interval ends at 98.2 %. One of an earlier look is called so where the newest interval does not decide.
func TestUndecidedShares(t *testing.T) {
	l := newLab(t)
	misses := func(from, to int) func(string, study.Seeds) ended {
		return func(cell string, s study.Seeds) ended {
			e := ended{error: 0.1 + 0.01*noise(cell, s)}
			if i := int(s.Init); i >= from && i < to {
				e.error = 3
			}
			return e
		}
	}
	l.says(two + "seeds: 10\nexpect: ['share(train_loss(width=8) < 0.5) < 0.99']\n")
	l.trains(-1, misses(0, 1))
	l.is(l.verdicts()[0], Undecided, "p = 0.100 is above 5 %: of so few runs the binomial distribution leaves more to chance")

	l = newLab(t)
	const claims = "expect: ['share(train_loss(width=8) < 0.5) > 0.5', 'share(train_loss(width=4) > 2) > 0.5']\n"
	for _, seeds := range []string{"6", "16"} { // 6 of 6: 0.5^6 = 0.0156, and 2·1 times that as of the first look
		l.says(two + "seeds: " + seeds + "\n" + claims)
		l.trains(-1, misses(6, 16))
	}
	l.is(l.verdicts()[0], Undecided, "p = 0.031 of an earlier look is above 5 % when it is corrected for a list of 2 claims: 0.063")
}
