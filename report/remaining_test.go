package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"nightshift/internal/store"
)

// What is missing stands on top of the page, with the command that goes on.
func TestRemaining(t *testing.T) {
	t.Parallel()
	n := newNight("half done", "What now?")
	n.study.Set = []string{"base.epochs=3"}
	n.glyphs(3, 0.1, 1)
	n.results[0].Run.Status = store.Interrupted
	n.results[1].Run.Status = store.Failed
	n.results = n.results[:10] // two runs were never started
	page := pageOf(t, mustRead(t, n))
	for _, words := range []string{
		"<p>3 of 12 runs are left, in 3 of 4 cells:</p>", "<li>sigmoid&#43;mse, lr=0.1: 1 of 3 runs</li>",
		"<li>softmax&#43;ce, lr=1: 1 of 3 runs</li>",
		"<p>1 of 12 runs failed, in 1 of 4 cells:</p>", "<li>sigmoid&#43;mse, lr=1: 1 of 3 runs</li>",
		`nightshift run &#39;half done&#39; --set base.epochs=3</pre>`, `base.epochs=3 --retry-failed</pre>`,
	} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not say %s", words)
		}
	}
	if top, figure := strings.Index(page, "are left"), strings.Index(page, "<figure"); top > figure {
		t.Error("what is left does not stand on top")
	}
	if page := pageOf(t, mustRead(t, full())); strings.Contains(page, `class="left"`) ||
		strings.Contains(page, "nightshift run") {
		t.Error("something is left of a study that is done")
	}

	r := mustRead(t, n)
	if facts := strings.Join(r.facts(), " "); !strings.Contains(facts, "Best on validation, so far: ") {
		t.Errorf("the choice of a study with open runs is not said to be so far: %s", facts)
	}
	for _, f := range build(t, r, "lr") {
		if !strings.HasSuffix(f.Title, ", so far") {
			t.Errorf("title %q while runs are open", f.Title)
		}
	}

	many := newNight("many", "What now?")
	var lrs []float64
	for i := range 12 {
		lrs = append(lrs, float64(i+1))
	}
	many.glyphs(1, lrs...)
	many.results = nil
	if l := mustRead(t, many).remaining(); len(l) != 1 || len(l[0].Cells) != maxRemaining+1 ||
		l[0].Cells[maxRemaining] != "16 more cells" {
		t.Errorf("left %+v", l)
	}
}

// The provenance compares forecast and night.
func TestNights(t *testing.T) {
	t.Parallel()
	n := newNight("nights", "")
	n.glyphs(2, 0.1)
	db := n.save(t)
	evening := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	for _, one := range []store.Night{
		{Study: "nights", Started: evening, Finished: evening.Add(11 * time.Minute), Workers: 2, Trained: 40, Forecast: 720,
			Low: 540, High: 960, Seconds: 660},
		{Study: "nights", Started: evening.Add(24 * time.Hour), Finished: evening.Add(25 * time.Hour), Workers: 1, Trained: 1,
			Seconds: 3600},
	} {
		if err := db.PutNight(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	r, err := read(t.Context(), db, "nights", Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	many := slices.Repeat(r.nights[1:], mostNights+1)
	first := [2]string{"1 night before these", "took 1 h together; 1 run"}
	if lines := nightLines(many); len(lines) != mostNights+1 || lines[0] != first {
		t.Errorf("%d lines of %d nights, the first %q", len(lines), len(many), lines[0])
	}
	said := fmt.Sprint(nightLines(r.nights))
	for _, words := range []string{
		"[night of 2026-03-01T22:00:00Z forecast 12 min (9 min to 16 min), took 11 min; 40 runs on 2 workers]",
		"[night of 2026-03-02T22:00:00Z took 1 h; 1 run on 1 worker]",
	} {
		if !strings.Contains(said, words) {
			t.Errorf("the nights do not say %s: %s", words, said)
		}
	}
}
