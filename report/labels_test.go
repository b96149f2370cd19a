package report

import (
	"regexp"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/mlp"
)

// Labels of 300 characters are shortened between words, alike in figures, table, filter and explorer; they stay distinct, and the
// data keep them whole.
func TestLongLabels(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("so many words ", 20)
	n := newNight("long", "Do long labels fit?")
	for seed := range uint64(3) {
		for i, end := range []string{"and A", "and B"} {
			c := study.Config{Data: dataset.Spec{Set: "glyphs"},
				Config: mlp.Config{Hidden: []int{5}, Output: "softmax", Loss: "ce", LR: float64(i)}}
			r := n.add([]study.AxisValue{{Axis: "configuration", Label: long + end}}, c, study.Seeds{Init: seed, Order: seed})
			n.finish(r, store.Done, n.learning(3, 1, 0.1, 1, false), nil)
		}
	}
	r := mustRead(t, n)
	figures, err := r.shown(t.Context())
	if err != nil || len(figures) == 0 {
		t.Fatalf("%d figures, %v", len(figures), err)
	}
	short := map[string]bool{}
	for _, f := range figures {
		for _, p := range f.Panels {
			for _, s := range p.Series {
				short[s.Label] = true
			}
		}
		if !strings.Contains(string(f.whole.CSV()), long+"and A") {
			t.Errorf("the data of %s have no whole label: %.600s", f.Name, f.whole.CSV())
		}
	}
	for label := range short {
		if len(label) > 100 {
			t.Errorf("a series is called %q", label)
		}
	}
	for _, want := range []string{"so many … so many words so many words and A", "so many … so many words so many words and B"} {
		if !strings.Contains(strings.Join(keys(short), "\n"), want) {
			t.Errorf("no series of %q is called %q", keys(short), want)
		}
	}
	page := pageOf(t, r)
	if at := regexp.MustCompile(`<(option|td|li)[^>]*>[^<]*(so many words ){6}`).FindString(page); at != "" {
		t.Errorf("on the page is %q", at)
	}
}

func keys(of map[string]bool) (all []string) {
	for key := range of {
		all = append(all, key)
	}
	return all
}

// A page of runs none of which came to an end says what became of them.
func TestNothingFinished(t *testing.T) {
	t.Parallel()
	for status, want := range map[store.Status]string{store.Diverged: "every one diverged.", store.Pruned: "every one was pruned.",
		store.Failed: "every one failed.", store.Interrupted: "so there is little to see."} {
		if page := pageOf(t, mustRead(t, fate(status))); !strings.Contains(page, want) {
			t.Errorf("%s: the page does not say %q", status, want)
		}
	}
}

// Of a long statement the page shows the first sentences, and the rest is in a fold; nothing is lost.
func TestLongStatements(t *testing.T) {
	t.Parallel()
	sentence := "Softmax and cross-entropy end at 7.6 % (95 % CI 6.5 to 8.9). "
	for n := range 20 {
		f := shownFigure{}
		f.Statement = strings.TrimSpace(strings.Repeat(sentence, n))
		lead, rest := f.Lead(), f.Rest()
		if whole := strings.TrimSpace(lead + " " + rest); whole != f.Statement {
			t.Errorf("%d sentences: %q and %q", n, lead, rest)
		}
		if folded := rest != ""; folded != (n >= 10) || folded && (len(lead) < mostAtOnce || !strings.HasSuffix(lead, ").")) {
			t.Errorf("%d sentences: at once %q, then %q", n, lead, rest)
		}
	}
}

// The last word of an axis stands for it unless it is a key itself: the share that dropout leaves out is no size of a layer.
func TestPlaceOnAnAxisOfAGroup(t *testing.T) {
	t.Parallel()
	for axis, want := range map[string]string{"dropout.hidden": "dropout.hidden=0.3", "optimizer.momentum": "momentum=0.3", "lr": "lr=0.3"} {
		if got := placeLabel(study.AxisValue{Axis: axis, Label: "0.3", Value: 0.3}); got != want {
			t.Errorf("%q on %s, want %q", got, axis, want)
		}
	}
}

// Of layers and class weights the name of the axis says what they are.
func TestShortPlaceOfNumbersInARow(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{"30-30": "hidden=30-30", "none": "hidden=none", "30": "hidden=30", "relu": "relu"} {
		c := &cell{Cell: &verdict.Cell{Axes: []study.AxisValue{{Axis: "hidden", Label: label, Value: label}}}, axes: []string{"hidden"}}
		if got := c.shortPlace("hidden"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
