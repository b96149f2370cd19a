package report

import (
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// ending is three cells whose errors lie so far apart that any comparison tells them; of the one at 10 runs end as they may.
func ending(status store.Status, seeds ...int) *night {
	n := newNight("lost", "")
	for i, lr := range []float64{0.1, 1, 10} {
		var runs []planned
		for s := range uint64(6) {
			runs = append(runs, planned{init: s, order: s, err: 0.1*float64(i+1) + 0.001*float64(int(s)*(i+2)%5)})
		}
		n.cellOf(lr, runs...)
	}
	for _, s := range seeds {
		n.results[12+s].Run.Status = status
	}
	return n
}

// What some runs of a cell show is concluded of none of it: not in titles, and not in comparisons. Those that are lost are named.
func TestNothingIsConcludedFromWhatIsLeft(t *testing.T) {
	t.Parallel()
	ranked := study.Figure{Kind: "dots", By: lrAxis, Against: "0.1", Epoch: -1, Measures: []study.Term{at("test_error", 0)}}
	ranked.Measures[0].Where = nil
	along := plotOf(lrAxis, "test_error")
	r := mustRead(t, ending(store.Done))
	for _, f := range []struct{ got, want string }{
		{buildAs(t, r, ranked)[0].Title, "Test error: lr=1 and lr=10 above lr=0.1"},
		{buildAs(t, r, along)[0].Title, "Test error rises from learning rate 0.1 to 10"}} {
		if f.got != f.want {
			t.Errorf("of complete cells: %q, want %q", f.got, f.want)
		}
	}
	for status, became := range map[store.Status]string{store.Diverged: "1 diverged", store.Failed: "1 failed",
		store.Pruned: "1 was pruned"} {
		r := mustRead(t, ending(status, 2))
		dots := buildAs(t, r, ranked)[0]
		if dots.Title != "Test error: lr=1 above lr=0.1; lr=10 not compared" || len(dots.Panels[1].Series[0].Means) != 1 ||
			!strings.Contains(dots.Statement, "lr=10 (of 6 runs "+became+")") {
			t.Errorf("%s: %q, %q", status, dots.Title, dots.Statement)
		}
		if title := buildAs(t, r, along)[0].Title; title != "Test error by learning rate" {
			t.Errorf("%s: %q", status, title)
		}
	}
}

// A cell without a value stands in no ranking, which says so, and so does what is said of the best on validation.
func TestCellsWithoutAValueAreNamed(t *testing.T) {
	t.Parallel()
	n := ending(store.Failed, 0, 1, 2, 3, 4, 5)
	n.results[1].Run.Status = store.Failed
	r := mustRead(t, n)
	ranked := study.Figure{Kind: "dots", By: lrAxis, Epoch: -1, Measures: []study.Term{at("test_error", 0)}}
	ranked.Measures[0].Where = nil
	warned := strings.Join(buildAs(t, r, ranked)[0].Warnings, " ")
	for _, want := range []string{"Without a value, and not ranked: lr=10 (of 6 runs 6 failed).",
		"1 of 12 runs failed and is missing here: 1 of lr=0.1."} {
		if !strings.Contains(warned, want) {
			t.Errorf("not warned %q: %q", want, warned)
		}
	}
	facts := strings.Join(r.facts(), " ")
	for _, want := range []string{"Its mean is of the others: of 6 runs 1 failed.",
		"It was chosen without 1 cell of which no run finished."} {
		if !strings.Contains(facts, want) {
			t.Errorf("not said %q: %q", want, facts)
		}
	}
}

// A winner that is worse on test than the runner-up is not said to be like it, and a ranking counts the cells that it has not.
func TestLeaderboardSaysWhatIsSeen(t *testing.T) {
	t.Parallel()
	made := func(change func(*night)) figure.Figure {
		n := ending(store.Done)
		for i := range 2 { // four cells are ranked at least
			var runs []planned
			for s := range uint64(6) {
				runs = append(runs, planned{init: s, order: s, err: 0.7 + 0.1*float64(i) + 0.001*float64(int(s)*(i+2)%5)})
			}
			n.cellOf([]float64{100, 1000}[i], runs...)
		}
		change(n)
		return buildAs(t, mustRead(t, n), study.Figure{Kind: "leaderboard", Epoch: -1})[0]
	}
	for want, change := range map[string]func(*night){
		"lr=0.1 wins, also on test": func(*night) {},
		"lr=0.1 wins on validation; on test the runner-up is better": func(n *night) {
			for i := range 6 {
				n.results[i].Run.Test.Error.V += 0.5
			}
		},
		"The first of the ranking are not told apart on test": func(n *night) { n.results[7].Run.Status = store.Failed },
	} {
		if got := made(change).Title; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	warned := strings.Join(made(func(n *night) {
		for i := range 6 {
			n.results[24+i].Run.Status = store.Failed
		}
	}).Warnings, " ")
	if want := "1 cell without a finished run on validation is not ranked."; !strings.Contains(warned, want) {
		t.Errorf("not warned %q: %q", want, warned)
	}
}
