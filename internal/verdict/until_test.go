package verdict

import (
	"context"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/study"
)

const until = two + "seeds: {min: 5, max: 40, until: decided}\n" +
	"expect: ['train_loss(width=8) > train_loss(width=4)', 'train_loss(width=8) > train_loss(width=4) + 100']\n"

// after gives the verdicts when so many rounds are looked at.
func (l *lab) after(rounds int) []Verdict {
	l.t.Helper()
	r, err := Read(context.Background(), l.db, "lab")
	if err != nil {
		l.t.Fatal(err)
	}
	all, err := r.VerdictsAfter(context.Background(), l.study, rounds)
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// What is decided after some rounds stays decided after more, and rounds that are not
// complete count for nothing.
func TestUntilDecidedStaysDecided(t *testing.T) {
	l := newLab(t)
	l.says(until)
	l.trains(2*20+1, func(cell string, s study.Seeds) ended {
		e := lossOf(cell, s)
		if cell == "width=8" {
			e.error += 1
		}
		return e
	})
	first := 0
	for rounds := 5; rounds <= 20; rounds++ {
		v := l.after(rounds)[0]
		if v.N != rounds || v.Difference.Method != "anytime t" {
			t.Fatalf("%d units by %s after %d rounds", v.N, v.Difference.Method, rounds)
		}
		switch {
		case v.Outcome == Held && first == 0:
			first = rounds
		case v.Outcome != Held && first > 0:
			t.Errorf("held after %d rounds, %s after %d", first, v.Outcome, rounds)
		}
	}
	if first == 0 {
		t.Error("1.7 SD are not decided in 20 rounds")
	}
	all := l.verdicts()
	if all[0].N != 20 {
		t.Errorf("%d units of 20 complete rounds", all[0].N)
	}
	l.is(all[0], Held, "looked at after every seed")
	l.is(all[1], NotHeld)
}

// A difference of nothing is given up before the most seeds.
func TestFutile(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: {min: 5, max: 40, until: decided}\nexpect: ['train_loss(width=8) > train_loss(width=4)']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		if cell == "width=4" {
			return ended{error: 10}
		}
		return ended{error: 10 + []float64{-1, 1, 2, -2}[s.Init%4]}
	})
	given := 0
	for rounds := 5; rounds <= 40; rounds++ {
		v := l.after(rounds)[0]
		if v.Futile && given == 0 {
			given = rounds
		}
		if given > 0 && v.Outcome == Undecided && !v.Futile {
			t.Errorf("given up after %d rounds, open again after %d", given, rounds)
		}
	}
	if given < 10 || given > 20 {
		t.Errorf("given up after %d rounds", given)
	}
	l.is(l.after(20)[0], Undecided, "not decidable with at most 40 rounds")
}

// What no number of seeds mends is given up.
func TestStopped(t *testing.T) {
	l := newLab(t)
	l.says(until)
	l.trains(2*6, func(cell string, s study.Seeds) ended {
		e := lossOf(cell, s)
		if s.Init == 2 {
			e.status = "diverged"
		}
		return e
	})
	v := l.verdicts()[0]
	l.is(v, Undecided, "diverged")
	if !v.Futile {
		t.Error("a claim with diverged runs goes on")
	}
}

// A claim that the night has decided stays decided on the page, although seeds that
// another claim asked for show two outcomes later, or a run that diverged.
func TestDecidedStaysDecidedWhateverFollows(t *testing.T) {
	for name, late := range map[string]func(s study.Seeds) ended{
		"two outcomes": func(s study.Seeds) ended { return ended{error: 90 + 0.01*noise(s)} },
		"diverged":     func(s study.Seeds) ended { return ended{status: "diverged", error: 1} },
	} {
		l := newLab(t)
		l.says(two + "seeds: {min: 5, max: 40, until: decided}\n" +
			"expect: ['train_loss(width=8) > train_loss(width=4)', 'train_loss(width=8) > 0']\n")
		l.trains(-1, func(cell string, s study.Seeds) ended {
			if cell == "width=8" && s.Init >= 10 && s.Init%2 == 0 {
				return late(s)
			}
			e := lossOf(cell, s)
			if cell == "width=8" {
				e.error += 6
			}
			return e
		})
		if v := l.after(9)[0]; v.Outcome != Held {
			t.Fatalf("%s: %s after nine rounds: %s", name, v.Outcome, v.Because)
		}
		v := l.verdicts()[0]
		l.is(v, Held, "decided after ", name[:4])
		if v.N > 9 || v.Because != "" {
			t.Errorf("%s: %d units, %s", name, v.N, v.Because)
		}
	}
}

// Looks that were spent on plans of fixed seeds count on in the night that goes on until
// claims are decided, as they do on the page; what the night brings in makes no more of them.
func TestEarlierPlansAreSpentLooks(t *testing.T) {
	const claims = "expect: ['share(train_loss(width=8) < 10) > 0.5']\n"
	l := newLab(t)
	l.says(two + "seeds: 8\n" + claims)
	l.trains(-1, lossOf)
	l.says(two + "seeds: 12\n" + claims) // never complete before the next version
	l.trains(3, lossOf)
	l.says(two + "seeds: {min: 5, max: 40, until: decided}\n" + claims)
	looksOf := func() (page, night int) {
		runs, err := l.study.Runs(func(dataset.Spec) (string, error) { return "set", nil })
		if err != nil {
			t.Fatal(err)
		}
		r, err := Planned(t.Context(), l.db, l.study, runs)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, one := range runs {
			if one.Round < 5 {
				ids = append(ids, one.ID)
			}
		}
		if err := r.Learn(t.Context(), ids); err != nil {
			t.Fatal(err)
		}
		p := r.plan(l.study, 5)
		p.outcomesOnly = true
		verdicts, err := r.verdicts(t.Context(), l.study, p)
		if err != nil {
			t.Fatal(err)
		}
		return l.after(5)[0].Looks, verdicts[0].Looks
	}
	if page, night := looksOf(); page != 2 || night != 2 {
		t.Errorf("%d looks on the page and %d in the night before it, want 2", page, night)
	}
	l.trains(-1, lossOf)
	if page, night := looksOf(); page != 2 || night != 2 {
		t.Errorf("%d looks on the page and %d in the night after it, want 2", page, night)
	}
}
