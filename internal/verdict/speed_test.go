package verdict

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"nightshift/internal/study"
)

// BenchmarkVerdicts reads 10,000 runs with outputs on 2,000 test examples each, and
// holds fifty claims about all of them; a second look makes them anytime-valid.
func BenchmarkVerdicts(b *testing.B) {
	l := newLab(b)
	d := l.data["set"]
	d.TestLabels = make([]int32, 2000)
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
