package verdict

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"nightshift/internal/study"
)

// Coverage of what claims rest on, through the store and Verdicts: studies with a
// known truth, many of them as cells of one. NIGHTSHIFT_LONG takes more.
func TestCoverage(t *testing.T) {
	pairs := 60
	if os.Getenv("NIGHTSHIFT_LONG") != "" {
		pairs = 1500
	}
	for _, c := range []struct {
		name, seeds string
		set, init   float64 // SD of what training sets and initialisations do, beside 1 of each run
		least       float64
	}{
		{"together", "5", 0, 0, 0.93},
		{"crossed", "{data: 10, init: 5}", 1, 1, 0.92},
		{"looked at after every seed", "{min: 5, max: 20, until: decided}", 0, 0, 0.95},
		{"nested", "{data: 10, init: 2, nested: true}", 2, 0, 0.93},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			covered, decided := simulate(t, pairs, c.seeds, c.set, c.init)
			slack := 3 * 0.22 / math.Sqrt(float64(pairs)) // three standard errors of a share of 95 %
			if share := float64(covered) / float64(pairs); share < c.least-slack {
				t.Errorf("%.1f %% of intervals cover", 100*share)
			}
			if families := float64(pairs) / 30; float64(decided) > 0.05*families+3*math.Sqrt(0.05*families)+1 {
				t.Errorf("%d of %.0f families with a false verdict", decided, families)
			}
		})
	}
}

// simulate runs a study of so many pairs of equal cells: how many of the intervals
// of their differences cover 0, and how many families of thirty have a false verdict.
func simulate(t *testing.T, pairs int, seeds string, set, init float64) (covered, decided int) {
	const block = 30 // claims that one study holds
	rng := rand.New(rand.NewPCG(uint64(pairs), 5))
	for done := 0; done < pairs; done += block {
		l := newLab(t)
		yaml := "base: {epochs: 1}\ngrid: {width: {from: 1, to: 60, step: 1}}\nseeds: " + seeds + "\nexpect:\n"
		for k := range block {
			yaml += fmt.Sprintf("  - train_loss(width=%d) > train_loss(width=%d)\n", 2*k+1, 2*k+2)
		}
		l.says(yaml)
		effects := map[string]float64{}
		effect := func(sd float64, names ...any) float64 {
			key := fmt.Sprint(names...)
			if _, drawn := effects[key]; !drawn {
				effects[key] = sd * rng.NormFloat64()
			}
			return effects[key]
		}
		l.trains(-1, func(cell string, s study.Seeds) ended {
			below := fmt.Sprint("init ", cell, s.Init)
			return ended{error: 100 + effect(set, "set ", cell, s.Data) + effect(init, below) + rng.NormFloat64()}
		})
		any := 0
		for _, v := range l.verdicts() {
			if v.Interval.Contains(0) {
				covered++
			}
			if v.Outcome != Undecided {
				any = 1
			}
		}
		decided += any
	}
	return covered, decided
}
