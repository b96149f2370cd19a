package verdict

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/study"
)

// BenchmarkVerdicts reads 10,000 runs with outputs on 2,000 test examples each, and
// holds fifty claims about all of them; a second look makes them anytime-valid.
func BenchmarkVerdicts(b *testing.B) {
	l := newLab(b)
	d := l.data["set"]
	d.TestLabels, d.Out = make([]int32, 2000), 10
	l.data["set"] = d
	var widths, claims []string
	for w := range 100 {
		widths = append(widths, fmt.Sprint(w+1))
		if w%2 == 0 {
			claims = append(claims, fmt.Sprintf("'test_error(width=%d) < test_error(width=%d)'", w+1, w+2))
		}
	}
	wrong := func(cell string, s study.Seeds) ended {
		e := ended{wrong: make([]bool, 2000)}
		for i := range 100 {
			e.wrong[(i*i*13+int(s.Init)*31+len(cell)*7)%2000] = true
		}
		return e
	}
	for _, seeds := range []int{50, 100} {
		l.says(fmt.Sprintf("base: {epochs: 1}\ngrid: {width: [%s]}\nseeds: %d\nbudget: {max_runs: 20000}\nexpect: [%s]\n",
			strings.Join(widths, ", "), seeds, strings.Join(claims, ", ")))
		l.trains(-1, wrong)
	}
	for b.Loop() {
		r, err := Read(context.Background(), l.db, "lab")
		if err != nil {
			b.Fatal(err)
		}
		all, err := r.Verdicts(context.Background(), l.study)
		if err != nil || len(all) != 50 || all[0].Looks != 2 {
			b.Fatalf("%d verdicts, %v", len(all), err)
		}
	}
}

// BenchmarkLooks learns the results of four cells round by round, as a night does whose
// seeds go on until its claims are decided, and holds six claims after each of 36 rounds.
func BenchmarkLooks(b *testing.B) {
	l := newLab(b)
	l.says("base: {epochs: 1}\ngrid: {width: [1, 2, 4, 8]}\nseeds: {min: 5, max: 40, until: decided}\nexpect: " +
		"['test_error(width=1) < test_error(width=2)', 'test_error(width=2) < test_error(width=4)', " +
		"'test_error(width=4) < test_error(width=8)', 'train_loss(width=1) < train_loss(width=2)', " +
		"'share(test_error(width=1) < 0.2) > 0.5', 'best test_error(width=1) < test_error(width=8)']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		return ended{wrong: some(40+int(8*noise(cell, s)), testExamples)}
	})
	runs, err := l.study.Runs(func(dataset.Spec) (string, error) { return "set", nil })
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r, err := Planned(context.Background(), l.db, l.study, runs)
		if err != nil {
			b.Fatal(err)
		}
		for rounds := 5; rounds <= 40; rounds++ {
			var ids []string
			for _, one := range runs {
				if one.Round == rounds-1 || rounds == 5 && one.Round < 5 {
					ids = append(ids, one.ID)
				}
			}
			if err := r.Learn(context.Background(), ids); err != nil {
				b.Fatal(err)
			}
			if _, err := r.Progress(context.Background(), l.study, rounds); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/36/6, "us/claim/look")
}
