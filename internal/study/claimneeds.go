package study

import (
	"math"
	"slices"
)

// checkMeasured refuses a measure that one of its cells does not have.
func (c *claimParser) checkMeasured(t *claimTerm, s *Study) {
	m, _ := measureOf(spelled(t.Measure))
	name := t.spelled()
	for _, cell := range t.cells {
		config := &cell.Config
		of := s.of(cell)
		layers := len(config.Hidden) + 1
		switch why := config.lacks(t.Measure); {
		case why != "":
			c.fault(t.start, "there is no %s%s: %s", name, of, why)
		case t.Best && len(t.cells) > 1 && config.lacks(s.Select) != "":
			c.fault(t.start, "best is chosen by %s, which there is not%s: %s", s.Select, of, config.lacks(s.Select))
		case t.Epoch >= 0 && config.measured(t.Epoch) != "":
			c.fault(t.start, "there is no %s at epoch %d%s: %s", name, t.Epoch, of, config.measured(t.Epoch))
		case m.Weights && s.Keep.Weights == "none":
			c.fault(t.start, "%s is of kept weights, and none are kept; say keep: {weights: final}", name)
		case m.Weights && t.Layer == layers:
			c.fault(t.start, "layer %d%s has the outputs; the hidden units are those of the layers before it", t.Layer, of)
		case m.Weights && t.Layer < layers && config.Hidden[t.Layer-1] < 2:
			c.fault(t.start, "layer %d%s has one unit, which is like no other", t.Layer, of)
		case m.Layered && !m.Weights && !config.Log.Layers:
			c.fault(t.start, "there is no %s%s: log.layers is false", name, of)
		case t.Layer > layers:
			c.fault(t.start, "there is no layer %d%s, which has %d of weights", t.Layer, of, layers)
		case t.Epoch == 0 && (t.Measure == "gradient" || t.Measure == "update"):
			c.fault(t.start, "there is no %s at epoch 0, before the first step", name)
		}
		if t.kind().ofPairs() && !c.failed {
			c.ofPairs(t, cell, s)
		}
		if c.failed {
			return
		}
	}
}

// ofPairs refuses what two runs of a cell do not have.
func (c *claimParser) ofPairs(t *claimTerm, cell *Cell, s *Study) {
	of := s.of(cell)
	switch kind := t.kind(); {
	case kind == disagreements && cell.Config.Data.Regression():
		c.fault(t.start, "there is no disagreement%s: %s is a regression, whose answers are never equal", of, cell.Config.Data.Set)
	case kind == disagreements:
	case s.Keep.Weights == "none":
		c.fault(t.start, "%s is of kept weights, and none are kept; say keep: {weights: final}", t.Stat)
	case t.Aligned && len(cell.Config.Hidden) == 0:
		c.fault(t.start, "there are no hidden units to align%s", of)
	case kind == barriers && s.Until != nil:
		c.fault(t.start, "barrier is measured by the report, and seeds that go on until claims are decided ask in the night; "+
			"give seeds a number")
	}
}

// of names a cell in a message, where there are several.
func (s *Study) of(c *Cell) string {
	if len(s.Cells) < 2 {
		return ""
	}
	return " of cell " + c.Label
}

// Least of what a statistic needs to have an interval.
const (
	minSpread      = 3 // runs of sd
	minTrend       = 6 // units of trend
	minTrendPlaces = 3
	minSets        = 3 // training sets of bias and variance
	minReproduced  = 5 // units
	minPaired      = 5 // runs whose pairs are compared
)

// enough refuses a statistic of fewer runs than it needs to say anything. Seeds of
// the command line are a try of a study: its claims stand, undecided.
func (c *claimParser) enough(t *claimTerm, s *Study) {
	if t.Stat == "trend" {
		c.ordered(t)
	}
	if c.seedsTried {
		return
	}
	for _, cell := range t.cells {
		runs := len(cell.Seeds)
		sets, units := 0, runs
		if t.Stat == "trend" || t.kind() == decompositions || c.Relation == "reproduces" {
			if sets = cell.trainingSets(); sets > 1 {
				units = sets
			}
		}
		name := "the cell"
		if len(s.Cells) > 1 {
			name = "cell " + cell.Label
		}
		switch {
		case c.failed:
			return
		case t.Stat == "sd" && runs < minSpread:
			c.fault(t.start, "sd is over the seeds of a cell, at least %d; %s has %d", minSpread, name, runs)
		case t.Stat == "trend" && units < minTrend:
			c.fault(t.start, "trend is over the seeds of a cell, at least %d units; %s has %d", minTrend, name, units)
		case t.kind() == decompositions && sets < minSets:
			c.fault(t.start, "%s is over training sets, at least %d; seeds of data make them, as in seeds: {data: 30, init: 2, "+
				"nested: true}; %s has %d", t.Stat, minSets, name, sets)
		case (t.Stat == "variance_data" || t.Stat == "variance_init") && runs < 2*sets:
			c.fault(t.start, "%s needs two runs of every training set, as in seeds: {data: 30, init: 2, nested: true}; %s has "+
				"%d of %d sets", t.Stat, name, runs, sets)
		case t.kind().ofPairs() && runs < minPaired:
			c.fault(t.start, "%s is over the pairs of a cell's runs, at least %d of them; %s has %d", t.Stat, minPaired, name, runs)
		case t.kind().ofPairs() && cell.trainingSets() > 1 && runs > cell.trainingSets():
			c.fault(t.start, "%s compares runs that are all alike, and some pairs of %s share a training set; give each run a data "+
				"seed of its own, or all the same", t.Stat, name)
		case t.Stat == "share":
			c.decidable(t, runs, name)
		case c.Relation == "reproduces" && units < minReproduced:
			c.fault(t.start, "reproduces asks where one more run would lie, which takes at least %d units; %s has %d",
				minReproduced, name, units)
		}
	}
}

// trainingSets counts the cell's data seeds.
func (c *Cell) trainingSets() int {
	sets := map[uint64]bool{}
	for _, s := range c.Seeds {
		sets[s.Data] = true
	}
	return len(sets)
}

// ordered refuses a trend along an axis of words, or of two places.
func (c *claimParser) ordered(t *claimTerm) {
	var labels []string
	for _, cell := range t.cells {
		if math.IsNaN(cell.on(t.Axis)) {
			c.fault(t.along.atName, "trend goes along numbers, and axis %s has %q", t.Axis, cell.label(t.Axis))
			return
		}
		if l := cell.label(t.Axis); !slices.Contains(labels, l) && len(labels) < minTrendPlaces {
			labels = append(labels, l)
		}
	}
	if len(labels) < minTrendPlaces {
		c.fault(t.along.atName, "a trend takes at least %d values of an axis; there are %d of %s", minTrendPlaces, len(labels),
			t.Axis)
	}
}

// decidable refuses a share of so few runs that even all of them, or none, would
// leave the claim undecided: the end of Wilson's interval is n/(n+z²) then, and the
// two-sided mid-p value of the binomial distribution boundⁿ.
func (c *claimParser) decidable(t *claimTerm, runs int, name string) {
	relation, bound, ok := c.bounded()
	if relation == "<" {
		bound = 1 - bound
	}
	if !ok || relation != "<" && relation != ">" {
		return
	}
	const z = 1.959963984540054 // of 95 %
	least := math.Floor(max(bound*z*z/(1-bound), math.Log(0.05)/math.Log(bound))) + 1
	if float64(runs) < least {
		c.fault(t.start, "even if all runs agree, it takes %v of them to tell; %s has %d", least, name, runs)
	}
}
