package study

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/dataset"
)

// measure is what a claim can be about.
type measure struct {
	name, doc string
	layers    bool // of one layer
	whole     bool // of the whole training rather than an epoch
}

// measures lists what claims can be about; every metric is one of each split.
var measures = func() []measure {
	var list []measure
	for _, split := range splits {
		for _, m := range metrics {
			list = append(list, measure{name: split + "_" + m[0], doc: m[1]})
		}
	}
	return append(list,
		measure{"diverged", "fraction of the runs that diverged", false, true},
		measure{"epochs", "epochs that were trained, which early stopping makes fewer", false, true},
		measure{"weight", "norm of the weights", true, false},
		measure{"gradient", "norm of the gradient in the epoch's last step", true, false},
		measure{"update", "norm of the change in the epoch's last step", true, false},
		measure{"distance", "distance of the weights from their start", true, false},
		measure{"mean", "mean of the activations", true, false},
		measure{"sd", "standard deviation of the activations", true, false},
		measure{"saturated", "fraction of the activations where the slope is below 5 % of the steepest", true, false},
		measure{"dead", "fraction of the units with slope 0 on every training example", true, false},
	)
}()

var splits = []string{"train", "valid", "test"}

var metrics = [][2]string{
	{"loss", "the objective that was minimised"},
	{"error", "share of wrong answers, from 0 to 1"},
	{"mse", "mean squared error of the outputs"},
	{"nll", "negative log-likelihood of the right class"},
	{"brier", "Brier score"},
	{"ece", "expected calibration error"},
}

func measureOf(name string) (measure, bool) {
	i := slices.IndexFunc(measures, func(m measure) bool { return m.name == name })
	if i < 0 {
		return measure{}, false
	}
	return measures[i], true
}

// lacks says why a cell has no such metric of a split; "" if it has.
func (c *Config) lacks(metric string) string {
	split, m, found := strings.Cut(metric, "_")
	info, _ := dataset.Lookup(c.Data.Set)
	switch {
	case !found || !slices.Contains(splits, split):
	case info.Regression && m != "loss" && m != "mse":
		return fmt.Sprintf("%s is a regression, which has no %s but loss and mse", c.Data.Set, m)
	case split == "valid" && c.Data.Valid == 0:
		return "data.valid is 0, so there is no validation split"
	}
	return ""
}

// measured says why a cell does not measure anything after an epoch; "" if it
// does. Runs that stop early may not come so far.
func (c *Config) measured(epoch int) string {
	switch every := max(1, c.Log.Every); {
	case epoch > c.Epochs:
		return fmt.Sprintf("its training ends with epoch %d", c.Epochs)
	case epoch%every != 0 && epoch != c.Epochs:
		return fmt.Sprintf("epoch %d is not measured with log.every: %d", epoch, every)
	}
	return ""
}
