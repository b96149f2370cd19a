package mlp

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A training that goes on from the end of a shorter one comes to the bits of one that had all epochs from its start.
func TestExtendedTrainingsHaveTheSameBits(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"plain":      func(*Config) {},
		"full batch": func(c *Config) { c.Batch = 0 },
		"dropout":    func(c *Config) { c.Dropout = Dropout{Input: 0.1, Hidden: 0.5} },
		"batch norm": func(c *Config) { c.BatchNorm, c.Precision = true, "float64" },
		"adam":       func(c *Config) { c.Optimizer, _ = choose(Optimizers(), "adam") },
		"schedule":   func(c *Config) { c.Schedule, _ = choose(Schedules(), "exponential") },
		"warm-up":    func(c *Config) { c.Schedule, _ = choose(Schedules(), "step"); c.Schedule.Params["warmup"] = 4 },
	} {
		t.Run(name, func(t *testing.T) {
			c, d, seeds := small(), blobs(), Seeds{Init: 3, Order: 5}
			c.Log.Layers = true
			change(&c)
			whole := start(t, c, d, seeds)
			want := finish(t, whole)
			shorter := c
			shorter.Epochs = c.Epochs - 2
			first := start(t, shorter, d, seeds)
			got := finish(t, first)
			got[len(got)-1].Last = false
			last, err := Extend(c, d, seeds, first.State())
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, finish(t, last)...)
			if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
				t.Error("epochs differ (-whole +extended):\n" + diff)
			}
			if !reflect.DeepEqual(whole.Weights(), last.Weights()) {
				t.Error("weights differ")
			}
		})
	}
}

// Schedules whose rates depend on the number of epochs are those that say so.
func TestExtendingSchedules(t *testing.T) {
	for _, s := range schedules {
		depends := false
		for epoch := range 5 {
			p := s.Default().Params
			depends = depends || s.factor(p, float64(epoch), 5) != s.factor(p, float64(epoch), 8)
		}
		c := small()
		c.Schedule = s.Default()
		if err := c.Extends(); depends != (err != nil) {
			t.Errorf("schedule %s depends on the number of epochs: %v, and its total has to say so; Extends: %v", s.Name, depends, err)
		}
	}
}

func TestExtendRefuses(t *testing.T) {
	c, d := small(), blobs()
	tr := start(t, c, d, Seeds{})
	finishEpoch(t, tr)
	unfinished := tr.State()
	finish(t, tr)
	longer, stopping := c, c
	longer.Epochs++
	stopping.Epochs, stopping.EarlyStop.Patience = longer.Epochs, 1
	for name, test := range map[string]struct {
		c    Config
		from []byte
	}{
		"not finished":     {longer, unfinished},
		"no more epochs":   {c, tr.State()},
		"early stopping":   {stopping, tr.State()},
		"not a checkpoint": {longer, []byte("checkpoint")},
	} {
		if _, err := Extend(test.c, d, Seeds{}, test.from); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Extend(longer, d, Seeds{}, tr.State()); err != nil {
		t.Error(err)
	}
}
