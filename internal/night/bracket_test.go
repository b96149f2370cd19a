package night

import (
	"math"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// What a run counts as at a rung, by what is known of it.
func TestScores(t *testing.T) {
	const id = "a"
	s := Study{Study: &study.Study{Name: "s", Prune: &study.Prune{Metric: "valid_error", Rungs: []int{2, 5}, Keep: 0.5}},
		Runs: []study.Run{{ID: id, Cell: "c"}}}
	is := func(v float64) store.Number { return store.Number{V: v, Valid: true} }
	at := func(at2, at5 store.Number) map[int]store.Number { return map[int]store.Number{2: at2, 5: at5} }
	inf, none := math.Inf(1), score{}
	for name, test := range map[string]struct {
		store.AtRungs
		two, five score
	}{
		"nothing":    {store.AtRungs{Status: store.Pending, Last: -1}, none, none},
		"on the way": {store.AtRungs{Status: store.Running, Last: 1}, none, none},
		"at the first": {store.AtRungs{Status: store.Interrupted, Last: 2, At: map[int]store.Number{2: is(0.5)}},
			score{0.5, true}, none},
		"done": {store.AtRungs{Status: store.Done, Epochs: 9, Last: 9, At: at(is(0.5), is(0.25))},
			score{0.5, true}, score{0.25, true}},
		"pruned": {store.AtRungs{Status: store.Pruned, Epochs: 2, Last: 2,
			At: map[int]store.Number{2: is(0.5)}}, score{0.5, true}, none},
		"diverged before": {store.AtRungs{Status: store.Diverged, Epochs: 1, Last: 1}, score{inf, true},
			score{inf, true}},
		"diverged at the rung": {store.AtRungs{Status: store.Diverged, Epochs: 2, Last: 2,
			At: map[int]store.Number{2: is(0.5)}}, score{inf, true}, score{inf, true}},
		"diverged between": {store.AtRungs{Status: store.Diverged, Epochs: 4, Last: 4,
			At: map[int]store.Number{2: is(0.5)}}, score{0.5, true}, score{inf, true}},
		"failed before": {store.AtRungs{Status: store.Failed, Last: -1}, score{inf, true}, score{inf, true}},
		"failed between": {store.AtRungs{Status: store.Failed, Epochs: 3, Last: 3,
			At: map[int]store.Number{2: is(0.5)}}, score{0.5, true}, score{inf, true}},
		"without the metric": {store.AtRungs{Status: store.Running, Last: 2, At: map[int]store.Number{2: {}}},
			score{inf, true}, none},
		"done, but not measured": {store.AtRungs{Status: store.Done, Epochs: 9, Last: -1}, score{inf, true}, score{inf, true}},
	} {
		b := newBracket(s)
		b.record(id, test.AtRungs)
		if got := b.scores[id]; got[0] != test.two || got[1] != test.five {
			t.Errorf("%s: %v", name, got)
		}
	}
}
