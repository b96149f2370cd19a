package verdict

import (
	"math"
	"math/rand/v2"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// A claim to whose evidence one round after another is added comes to what all of its runs
// together come to, at every round; and where a run failed, is a copy or has two outcomes.
func TestStreamIsTheWhole(t *testing.T) {
	const claims = "seeds: {min: 5, max: 40, until: decided}\nexpect:\n" +
		"  - train_loss(width=8) > train_loss(width=4)\n  - test_error(width=8) < test_error(width=4)\n" +
		"  - test_error(width=4) < 0.35\n  - 2 * train_loss(width=8) = 2 * train_loss(width=4) within 1.1\n" +
		"  - test_error(width=8) = test_error(width=4) within 0.01\n"
	for name, spoil := range map[string]func(cell string, s study.Seeds, e *ended){
		"nothing": func(string, study.Seeds, *ended) {},
		"a failure": func(_ string, s study.Seeds, e *ended) {
			e.status = map[bool]store.Status{true: store.Failed}[s.Init == 23]
		},
		"a copy":       func(_ string, s study.Seeds, e *ended) { e.digest = map[bool]string{true: "one"}[s.Init%9 == 8] },
		"no outputs":   func(_ string, s study.Seeds, e *ended) { *e = ended{error: float64(len(e.wrong)) / 100} },
		"two outcomes": func(_ string, s study.Seeds, e *ended) { e.wrong = some(30+20*int(s.Init%2), testExamples) },
	} {
		l := newLab(t)
		l.says(two + claims)
		l.trains(-1, func(cell string, s study.Seeds) ended {
			r := rand.New(rand.NewPCG(s.Init, uint64(len(name))))
			e := ended{wrong: make([]bool, testExamples)}
			for i := range e.wrong {
				e.wrong[i] = r.Float64() < map[bool]float64{true: 0.3, false: 0.33}[cell == "width=8"]
			}
			spoil(cell, s, &e)
			return e
		})
		runs, err := l.study.Runs(func(dataset.Spec) (string, error) { return "set", nil })
		if err != nil {
			t.Fatal(err)
		}
		planned := func() *Results {
			r, err := Planned(t.Context(), l.db, l.study, runs)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		grows := planned()
		bare := grows.plan(l.study, 0)
		bare.outcomesOnly = true
		for rounds := 5; rounds <= 40; rounds++ {
			var ids []string
			for _, one := range runs {
				if one.Round < rounds && (one.Round == rounds-1 || rounds == 5) {
					ids = append(ids, one.ID)
				}
			}
			if err := grows.Learn(t.Context(), ids); err != nil {
				t.Fatal(err)
			}
			bare.most = rounds
			some, err := grows.verdicts(t.Context(), l.study, bare)
			if err != nil {
				t.Fatal(err)
			}
			whole, err := grows.verdicts(t.Context(), l.study, grows.plan(l.study, rounds))
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range whole {
				near := math.Abs(v.P-some[i].P) < 1e-9 || math.IsNaN(v.P) && math.IsNaN(some[i].P)
				if v.Outcome != some[i].Outcome || v.Futile != some[i].Futile || v.problem != some[i].problem || !near {
					t.Errorf("%s, %s after %d rounds: %s (futile %v, p %v, %s), round by round %s (futile %v, p %v, %s)", name, v.Claim,
						rounds, v.Outcome, v.Futile, v.P, v.problem, some[i].Outcome, some[i].Futile, some[i].P, some[i].problem)
				}
			}
		}
	}
}
