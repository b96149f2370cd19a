package report

import (
	"strings"
	"testing"

	"nightshift/internal/study"
)

// A caption explains what is drawn, and nothing that is not there.
func TestCaptionsAreOfWhatIsDrawn(t *testing.T) {
	t.Parallel()
	n := newNight("captions", "")
	for i, lr := range []float64{0.01, 0.1, 1, 10} { // two runs each: no interval, and no probability of ranks
		n.cellOf(lr, planned{init: 0, order: 0, err: 0.3 + 0.01*float64(i)}, planned{init: 1, order: 1, err: 0.31 + 0.01*float64(i)})
	}
	r := mustRead(t, n)
	two := plotOf(study.Epoch, "test_error", "test_nll")
	two.Lines = lrAxis
	key := buildAs(t, r, two)[0].Key
	if strings.Contains(key, "olid") {
		t.Errorf("panels of one measure each: %q", key)
	}
	two.Measures[1].Measure = "train_error"
	if key := buildAs(t, r, two)[0].Key; !strings.HasPrefix(key, "Solid: test, dashed: training. ") {
		t.Errorf("panels of two measures: %q", key)
	}
	key = buildAs(t, r, study.Figure{Kind: "leaderboard", Epoch: -1})[0].Key
	if strings.Contains(key, "bars") || !strings.Contains(key, "downwards; means over 2 runs") {
		t.Errorf("a ranking without intervals: %q", key)
	}
}

// Of two outcomes it is not said that a measure is them.
func TestTwoOutcomesInASentence(t *testing.T) {
	t.Parallel()
	n := newNight("sentence", "")
	for i, lr := range []float64{0.01, 0.1, 1, 10} {
		var all []planned
		for s, e := range []float64{0.02, 0.021, 0.022, 0.023, 0.024, 0.45, 0.451} {
			all = append(all, planned{init: uint64(s), order: uint64(s), err: e + 0.03*float64(i)})
		}
		n.cellOf(lr, all...)
	}
	r := mustRead(t, n)
	said := buildAs(t, r, study.Figure{Kind: "leaderboard", Epoch: -1})[0].Statement + " " + strings.Join(r.facts(), " ")
	for _, want := range []string{"its test error has two outcomes, 5 of 7 near", "Best on validation: lr=0.01, test error with two outcomes, 5 of 7"} {
		if !strings.Contains(said, want) {
			t.Errorf("not %q in %q", want, said)
		}
	}
}
