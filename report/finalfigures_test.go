package report

import (
	"encoding/json"
	"slices"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// sweeping is a night of a classification over axes whose first values are the best.
func sweeping(axes map[string][]any, order ...string) *night {
	n := newNight("sweep", "")
	n.datasets["glyphs"] = store.Dataset{ID: "glyphs", In: 2, Out: 2, Classes: []string{"a", "b"}, TestLabels: make([]int32, 1000),
		Spec: json.RawMessage(`{}`)}
	places := [][]study.AxisValue{nil}
	for _, name := range order {
		var more [][]study.AxisValue
		for _, p := range places {
			for _, v := range axes[name] {
				label, _ := v.(string)
				if label == "" {
					b, _ := json.Marshal(v)
					label = string(b)
				}
				more = append(more, append(slices.Clone(p), study.AxisValue{Axis: name, Label: label, Value: v}))
			}
		}
		places = more
	}
	for i, p := range places {
		for s := range uint64(5) {
			c := study.Config{Data: dataset.Spec{Set: "glyphs", Valid: 100}}
			c.Output, c.Loss = "softmax", "ce"
			c.LR = float64(i + 1) // so that cells differ
			m := store.Metrics{Loss: known(0.1), Error: known(0.1 + 0.05*float64(i) + 0.001*float64(int(s)*(i+2)%5))}
			n.finish(n.add(p, c, study.Seeds{Init: s, Order: s}), store.Done, []store.Epoch{{Epoch: 1, Train: m, Valid: m, Test: m}}, nil)
		}
	}
	return n
}

// A study without claims has a figure of the errors that its cells end with: along an axis of numbers, or of the words of one,
// compared with those that validation chooses; none where the page shows them in any case.
func TestFinalErrorsHaveAFigure(t *testing.T) {
	t.Parallel()
	axes := map[string][]any{"optimizer": {"sgd", "adam", "rmsprop"}, "batch": {10, 100}, "lr": {0.1, 1.0},
		"activation": {"relu", "tanh"}, "width": {4, 8, 16}}
	for _, c := range []struct {
		order []string
		want  string
		title string
	}{
		{[]string{"optimizer"}, "{dots: test_error, by: optimizer, against: sgd}", "Test error: adam and rmsprop above sgd"},
		{[]string{"activation", "optimizer"}, "{dots: test_error, by: optimizer, against: sgd}", "Test error by optimizer"},
		{[]string{"batch", "optimizer"}, "{plot: test_error, x: batch}", "Test error by batch and optimizer"},
		{[]string{"optimizer", "width"}, "{plot: test_error, x: width}", "Test error rises from width 4 to 16"},
		{[]string{"width"}, "", ""}, // of which the capacity is shown
		{[]string{"optimizer", "lr"}, "", ""},
	} {
		r := mustRead(t, sweeping(axes, c.order...))
		r.declared.Figures = nil
		chosen := r.finalFigures()
		if c.want == "" {
			if len(chosen) > 0 {
				t.Errorf("%q: %+v", c.order, chosen)
			}
			continue
		}
		if len(chosen) != 1 || chosen[0].Text != c.want {
			t.Errorf("%q: %+v, want %s", c.order, chosen, c.want)
			continue
		}
		if all, err := r.build(t.Context()); err != nil || len(all) == 0 || all[0].Title != c.title {
			t.Errorf("%q: first %q, want %q (%v)", c.order, all[0].Title, c.title, err)
		}
	}
	// The figure of pairs says how these compare, and comes before.
	n := full()
	if all := mustRead(t, n).defaultFigures(); all[0].Kind != "pairs" {
		t.Errorf("first comes %q", all[0].Text)
	}
}
