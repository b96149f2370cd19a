package verdict

import (
	"context"
	"math"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// planned reads what a plan would decide, with the results that its runs have.
func (l *lab) planned(yaml string) []Resolution {
	l.t.Helper()
	s, err := study.Parse("lab", []byte("study: lab\ndata: {set: blobs, test: 200}\n"+yaml), nil)
	if err != nil {
		l.t.Fatal(err)
	}
	runs, err := s.Runs(func(dataset.Spec) (string, error) { return "set", nil })
	if err != nil {
		l.t.Fatal(err)
	}
	r, err := Planned(context.Background(), l.db, s, runs)
	if err != nil {
		l.t.Fatal(err)
	}
	var ids []string
	for _, one := range runs {
		ids = append(ids, one.ID)
	}
	if err := r.Learn(context.Background(), ids); err != nil {
		l.t.Fatal(err)
	}
	all, err := r.Resolutions(context.Background(), s)
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// What a plan decides follows from the spread of the results that are there, the number
// of its units, and the number of its claims.
func TestResolutions(t *testing.T) {
	const claims = "expect: ['train_loss(width=8) > train_loss(width=4)', 'share(train_loss(width=8) < 10) > 0.5']\n"
	l := newLab(t)
	for _, v := range l.planned(two + "seeds: 30\n" + claims)[:1] {
		if v.Units != 30 || !strings.Contains(v.Words(), "no earlier results") {
			t.Errorf("%d units, %s", v.Units, v.Words())
		}
	}
	l.says(two + "seeds: 6\n" + claims)
	l.trains(-1, lossOf)
	x := make([]float64, 6)
	for i := range x {
		s := study.Seeds{Init: uint64(i), Order: uint64(i)}
		x[i] = lossOf("width=8", s).error - lossOf("width=4", s).error
	}
	sd := stat.Describe(x).SD
	for _, c := range []struct {
		seeds   string
		units   int
		anytime bool
		look    int
	}{
		{"seeds: 6\n", 6, false, 1},
		{"seeds: {min: 5, max: 40, until: decided}\n", 40, true, 4},
	} {
		all := l.planned(two + c.seeds + claims)
		v, want := all[0], stat.SmallestDecidable(sd, 0.025, c.units, c.anytime)
		if v.Units != c.units || v.From != 6 || math.Abs(v.SD-sd) > 1e-12 || math.Abs(v.Smallest-want) > 1e-9 {
			t.Errorf("%s: %+v, want %v with SD %v", c.seeds, v, want, sd)
		}
		level := 0.025
		if c.look > 1 {
			level /= float64(c.look * (c.look + 1))
		}
		want, _ = stat.SmallestShareDecidable(0.5, true, level, c.units)
		if v := all[1]; math.Abs(v.Smallest-want) > 1e-9 && !(c.units == 6 && math.IsNaN(v.Smallest)) {
			t.Errorf("%s: %+v, want %v", c.seeds, v, want)
		}
	}
}
