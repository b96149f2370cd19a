package study_test

import (
	"slices"
	"strings"
	"testing"

	"nightshift/internal/study"
)

func TestCompleteOverride(t *testing.T) {
	for _, c := range []struct{ text, has, lacks string }{
		{"", "base.lr=", "lr="},
		{"base.opt", "base.optimizer=", "grid.optimizer="},
		{"grid.wid", "grid.width=", "base.width="},
		{"data.s", "data.set=", "base.data.set="},
		{"base.activation=", "base.activation=relu", "base.activation=xor"},
		{"base.activation=le", "base.activation=leaky_relu", "base.activation=relu"},
		{"grid.optimizer=", "grid.optimizer=[sgd", "grid.optimizer=sgd"},
		{"data.set=m", "data.set=moons", "data.set=xor"},
		{"report.figures=", "report.figures=[curves", "report.figures=[plot"},
	} {
		list := study.CompleteOverride(c.text)
		if !slices.Contains(list, c.has) || slices.Contains(list, c.lacks) {
			t.Errorf("%q: %q; wanted %s and not %s", c.text, list, c.has, c.lacks)
		}
	}
	if list := study.CompleteOverride("nothing.like=this"); list != nil {
		t.Errorf("what is no key has %q", list)
	}
}

// TestCompletedKeysAreKnown: each key that is offered is one that an override may name.
func TestCompletedKeysAreKnown(t *testing.T) {
	for _, k := range study.CompleteOverride("") {
		_, err := study.Parse("s.yaml", []byte("study: s\nbase: {epochs: 1}\n"), []string{k + "no-such-value"})
		if err != nil && strings.Contains(err.Error(), "unknown") && !strings.Contains(err.Error(), "no-such-value") {
			t.Errorf("%s is offered: %v", k, err)
		}
	}
}
