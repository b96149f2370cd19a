package study_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nightshift/internal/study"
)

func TestSetOverrides(t *testing.T) {
	const text = head + "base: {width: 5, epochs: 3, optimizer: sgd}\ngrid: {lr: [1, 2], p: {a: {l2: 0}, b: {l2: 1}}}\n" +
		"seeds: 4\nalso: [{base: {l1: 3}, seeds: 2}]\n"
	set := []string{
		"base.epochs=2", "base.optimizer.momentum=0.9", "base.hidden=[7, 8]", "grid.lr=[0.1, 0.2]", "grid.p.b.l2=5",
		"grid.batch=[full]",
		"seeds=1", "data.train=1000", "also.0.seeds=3", "also.0.grid.lr=[9]", "keep.weights=final",
	}
	s := parse(t, text, set...)
	if diff := cmp.Diff(set, s.Set); diff != "" {
		t.Error(diff)
	}
	if s.YAML != text {
		t.Error("the file is not kept as it was")
	}
	want := []string{"lr=0.1, a, batch=full", "lr=0.1, b, batch=full", "lr=0.2, a, batch=full", "lr=0.2, b, batch=full",
		"lr=9, a, batch=full", "lr=9, b, batch=full"}
	if diff := cmp.Diff(want, labels(s)); diff != "" {
		t.Error(diff)
	}
	c := s.Cells[1].Config
	if c.Epochs != 2 || c.Optimizer.Params["momentum"] != 0.9 || fmt.Sprint(c.Hidden) != "[7 8]" || c.L2 != 5 ||
		c.Data.Train != 1000 {
		t.Errorf("got %+v", c)
	}
	if len(s.Cells[0].Seeds) != 1 || len(s.Cells[4].Seeds) != 3 || s.Keep.Weights != "final" {
		t.Errorf("got %+v", s)
	}
}

// TestOverridesOfChoices: a choice of the command line forgets the file's parameters.
func TestOverridesOfChoices(t *testing.T) {
	s := parse(t, head+"base: {optimizer: {momentum: 0.5}}\n", "base.optimizer=adam")
	if got := s.Cells[0].Config.Optimizer.Name; got != "adam" {
		t.Errorf("got %s", got)
	}
}

// TestOverridesOfAxesWithDots: the longest name of an axis that fits is meant.
func TestOverridesOfAxesWithDots(t *testing.T) {
	const text = head + "grid: {optimizer: {a: {lr: 1}, b: {lr: 2}}, optimizer.momentum: {from: 0.1, to: 0.9, n: 2}}\n"
	if got := len(parse(t, text, "grid.optimizer.momentum.n=5").Cells); got != 10 {
		t.Errorf("%d cells, want 2 x 5", got)
	}
	if got := len(parse(t, text, "grid.optimizer.momentum=[0.5, 0.6, 0.7]").Cells); got != 6 {
		t.Errorf("%d cells, want 2 x 3", got)
	}
	if got := len(parse(t, text, "grid.optimizer.b.l2=1").Cells); got != 4 {
		t.Errorf("%d cells, want 2 x 2", got)
	}
}

// TestOverridesRemoveAxes: null takes an axis away.
func TestOverridesRemoveAxes(t *testing.T) {
	s := parse(t, head+"grid: {lr: [1, 2], l2: [0, 1]}\n", "grid.l2=null", "grid.l1=")
	if diff := cmp.Diff([]string{"lr=1", "lr=2"}, labels(s)); diff != "" {
		t.Error(diff)
	}
}

// TestOverriddenSeedsAreATry: fewer seeds than a claim needs are refused in a file, and taken from the command line.
func TestOverriddenSeedsAreATry(t *testing.T) {
	const text = head + "expect: [share(test_error < 0.1) > 0.5, sd(test_error) < 1, test_error reproduces 0.3]\n"
	if _, err := study.Parse("s.yaml", []byte(text+"seeds: 2\n"), nil); err == nil {
		t.Error("two seeds of the file are taken for claims that need more")
	}
	for _, set := range []string{"seeds=2", "seeds={data: 2}", "seeds.init=2"} {
		if s := parse(t, text+"seeds: {init: 20, order: [0]}\n", set); len(s.Expect) != 3 || len(s.Cells[0].Seeds) != 2 {
			t.Errorf("--set %s: %d claims, %d seeds", set, len(s.Expect), len(s.Cells[0].Seeds))
		}
	}
}

// TestOverridesOfValues: a value of a list or of an axis has no name of its own, and nothing stands behind a value.
func TestOverridesOfValues(t *testing.T) {
	for set, says := range map[string]string{
		"grid.lr.0=3":                  "the values of axis lr have no numbers: set it as a whole, as in grid.lr=[...]",
		"base.hidden.0=64":             "the values of hidden have no names of their own: set it as a whole, as in hidden=[64, 32]",
		"grid.lr=[3]; 4":               "the value ends before the text does",
		"base.optimizer={name: sgd} 3": "the value ends before the text does",
		"base.lr=1\n---\n2":            "the value ends before the text does",
	} {
		_, err := study.Parse("s.yaml", []byte(head+"grid: {lr: [1, 2]}\n"), []string{set})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("--set %s: %v, want %q", set, err, says)
		}
	}
}
