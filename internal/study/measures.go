package study

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/metric"
)

// Measure describes what a claim can be about.
type Measure struct {
	Name, Doc string // as claims spell it
	Layered   bool   // of one layer
	Whole     bool   // of the whole training rather than an epoch
	Weights   bool   // of the final weights, which have to be kept
	metric    string // what Term.Measure has, which is the name in columns and JSON
}

// activationSD is how claims spell the layer measure sd, since sd(...) is the
// spread over seeds.
const activationSD = "activation_sd"

// measures are the metrics of each split, what is known of a whole training, and
// the measures that every layer has.
var measures = func() []Measure {
	var list []Measure
	for _, split := range metric.Splits() {
		for _, m := range metric.All() {
			list = append(list, Measure{Name: m.Of(split), Doc: m.Doc, metric: m.Of(split)})
		}
	}
	for _, d := range metric.AllDerived() {
		list = append(list, Measure{Name: d.Measure(), Doc: d.Doc, Whole: true, metric: d.Measure()})
	}
	list = append(list,
		Measure{Name: "diverged", Doc: "fraction of the runs that diverged", Whole: true, metric: "diverged"},
		Measure{Name: "epochs", Doc: "epochs that were trained, which early stopping makes fewer", Whole: true, metric: "epochs"},
	)
	for _, m := range metric.Layers() {
		name := m.Name
		if name == "sd" {
			name = activationSD
		}
		if m.Activation == "" {
			list = append(list, Measure{Name: name, Doc: m.Doc, Layered: true, metric: m.Name})
		}
	}
	return append(list, Measure{Name: UnitCorrelation, Layered: true, Whole: true, Weights: true, metric: UnitCorrelation,
		Doc: "mean cosine between the final weights that come into two units of a hidden layer: 1 where nothing has broken " +
			"their symmetry"})
}()

// UnitCorrelation is the measure of how alike the units of a hidden layer are.
const UnitCorrelation = "correlation_of_units"

// Measures lists what claims can be about.
func Measures() []Measure { return slices.Clone(measures) }

func measureOf(name string) (Measure, bool) {
	i := slices.IndexFunc(measures, func(m Measure) bool { return m.Name == name })
	if i < 0 {
		return Measure{}, false
	}
	return measures[i], true
}

// spelled is how claims spell the measure that a term has.
func spelled(metric string) string {
	i := slices.IndexFunc(measures, func(m Measure) bool { return m.metric == metric })
	if i < 0 {
		return metric
	}
	return measures[i].Name
}

// defaultSelection is the metric that configurations of classifiers are chosen by
// where the study names none.
const defaultSelection = "valid_error"

// selections are the metrics that configurations may be chosen by, the usual one
// first.
var selections = func() []string {
	list := []string{defaultSelection}
	for _, m := range metric.All() {
		if name := m.Of("valid"); name != defaultSelection {
			list = append(list, name)
		}
	}
	return list
}()

// Selections lists the metrics that configurations may be chosen by.
func Selections() []string { return slices.Clone(selections) }

// lacks says why a cell has no such metric of a split; "" if it has.
func (c *Config) lacks(name string) string {
	split, m, found := metric.Parse(name)
	d, computed := metric.DerivedNamed(name)
	switch {
	case computed && c.Data.Regression() && !d.Regression:
		return fmt.Sprintf("%s is a regression, which has no %s but %s", c.Data.Set, d.Name, ofRegressions())
	case computed && d.Regression && !c.Data.Regression():
		return fmt.Sprintf("%s is of a regression, and %s has classes", d.Name, c.Data.Set)
	case !found:
	case c.Data.Regression() && !m.Regression:
		return fmt.Sprintf("%s is a regression, which has no %s but %s", c.Data.Set, m.Name, ofRegressions())
	case split == "valid" && c.Data.Valid == 0:
		return "data.valid is 0, so there is no validation split"
	}
	return ""
}

// ofRegressions names the metrics that a regression has.
func ofRegressions() string {
	var names []string
	for _, m := range metric.All() {
		if m.Regression {
			names = append(names, m.Name)
		}
	}
	return strings.Join(names, " and ")
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
