package study

import (
	"math"
	"slices"
)

// sense refuses what no results could decide, whatever the cells are.
func (c *claimParser) sense() {
	terms := c.terms()
	first := terms[0]
	for _, t := range terms[1:] {
		if t.kind() != first.kind() {
			c.fault(t.start, "%s is %s and %s %s, which are neither added nor compared", first.spelledStat(), first.kind(),
				t.spelledStat(), t.kind())
			return
		}
	}
	switch {
	case c.Relation == "reproduces":
		c.reproducible()
	case first.kind() == spreads:
		c.comparable()
	case first.kind() == shares && len(terms) > 2:
		c.fault(terms[2].start, "a claim is about one share or two; this is the third")
	case first.Stat == "share":
		c.possible()
	}
	c.narrow()
}

// spelledStat is the name of a statistic, or of the measure whose mean it is.
func (t Term) spelledStat() string {
	if t.Stat != "" {
		return t.Stat
	}
	return t.spelled()
}

// reproducible refuses reproduces but for one measure and a number.
func (c *claimParser) reproducible() {
	const example = "as in test_error(lr=1) reproduces 0.0233"
	switch lhs := c.sides[0]; {
	case len(c.sides[1]) > 0:
		c.fault(c.sides[1][0].start, "on the right of reproduces stands a published number, %s", example)
	case len(lhs) > 1:
		c.fault(lhs[1].start, "on the left of reproduces stands one measure, %s", example)
	case c.Lhs.Constant != 0:
		c.fault(c.atSum[0], "on the left of reproduces stands one measure, %s", example)
	case lhs[0].kind() != means:
		c.fault(lhs[0].start, "a published run has no %s; reproduces is about a measure, %s", lhs[0].spelledStat(), example)
	}
}

// comparable refuses what is no ratio of spreads.
func (c *claimParser) comparable() {
	const example = "as in sd(test_error(lr=1)) < 2 * sd(test_error(lr=0.1))"
	if c.Relation == "=" {
		c.fault(c.atEnd, "spreads are compared as a ratio, by < or >, %s", example)
		return
	}
	for side, x := range []Expr{c.Lhs, c.Rhs} {
		terms := c.sides[side]
		one := len(terms) == 1 && x.Constant == 0 && terms[0].Number > 0
		if !one && !(len(terms) == 0 && x.Constant > 0) {
			c.fault(c.atSum[side], "spreads are compared as a ratio: a side is one sd with a factor above 0, or a number above 0, %s",
				example)
			return
		}
	}
}

// possible refuses a share that none can be below or above.
func (c *claimParser) possible() {
	relation, bound, ok := c.bounded()
	switch {
	case !ok:
	case bound < 0 || bound > 1:
		c.fault(c.sides[0][0].start, "a share lies between 0 and 1, so it is never near %v", bound)
	case relation == "<" && bound == 0:
		c.fault(c.atEnd, "no share is below 0")
	case relation == ">" && bound == 1:
		c.fault(c.atEnd, "no share is above 1")
	}
}

// bounded reads a claim about one statistic and a number as one about the
// statistic without its factor. It is false for other claims.
func (c *claimParser) bounded() (relation string, bound float64, ok bool) {
	terms := c.terms()
	if len(terms) != 1 {
		return "", 0, false
	}
	bound = (c.Rhs.Constant - c.Lhs.Constant) / terms[0].Number
	if len(c.sides[0]) == 0 {
		bound = -bound
	}
	relation = c.Relation
	if (terms[0].Number < 0) != (len(c.sides[0]) == 0) {
		switch relation {
		case "<":
			relation = ">"
		case ">":
			relation = "<"
		}
	}
	return relation, bound, true
}

// narrow refuses a margin so wide that to be equal says little, where a number
// tells how wide it is.
func (c *claimParser) narrow() {
	if c.Relation != "=" || c.Because != "" {
		return
	}
	for side, x := range []Expr{c.Lhs, c.Rhs} {
		if size := math.Abs(x.Constant); len(c.sides[side]) == 0 && size > 0 && c.Margin > size/4 {
			c.fault(c.atBy, `%v is more than a quarter of %v, and to be equal within that says little; narrow it, or say why, as in within %v because "..."`,
				c.Margin, size, c.Margin)
		}
	}
}

// means refuses a measure that one of its cells does not have.
func (c *claimParser) means(t *claimTerm, cells []*Cell, s *Study) {
	m, _ := measureOf(spelled(t.Measure))
	name := t.spelled()
	for _, cell := range cells {
		config := &cell.Config
		of := s.of(cell)
		layers := len(config.Hidden) + 1
		switch why := config.lacks(t.Measure); {
		case why != "":
			c.fault(t.start, "there is no %s%s: %s", name, of, why)
		case t.Best && len(cells) > 1 && config.lacks(s.Select) != "":
			c.fault(t.start, "best is chosen by %s, which there is not%s: %s", s.Select, of, config.lacks(s.Select))
		case t.Epoch >= 0 && config.measured(t.Epoch) != "":
			c.fault(t.start, "there is no %s at epoch %d%s: %s", name, t.Epoch, of, config.measured(t.Epoch))
		case m.Layered && !config.Log.Layers:
			c.fault(t.start, "there is no %s%s: log.layers is false", name, of)
		case t.Layer > layers:
			c.fault(t.start, "there is no layer %d%s, which has %d of weights", t.Layer, of, layers)
		case t.Epoch == 0 && (t.Measure == "gradient" || t.Measure == "update"):
			c.fault(t.start, "there is no %s at epoch 0, before the first step", name)
		}
		if c.failed {
			return
		}
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
)

// enough refuses a statistic of fewer runs than it needs to say anything.
func (c *claimParser) enough(t *claimTerm, cells []*Cell, s *Study) {
	if t.Stat == "trend" {
		c.ordered(t, cells)
	}
	for _, cell := range cells {
		sets, runs := cell.trainingSets(), len(cell.Seeds)
		units := runs
		if sets > 1 {
			units = sets
		}
		of := s.of(cell)
		switch {
		case c.failed:
			return
		case t.Stat == "sd" && runs < minSpread:
			c.fault(t.start, "sd is over the seeds of a cell, at least %d; there are %d%s", minSpread, runs, of)
		case t.Stat == "trend" && units < minTrend:
			c.fault(t.start, "trend is over the seeds, at least %d units; there are %d%s", minTrend, units, of)
		case t.kind() == decompositions && sets < minSets:
			c.fault(t.start, "%s is over training sets, at least %d; seeds of data make them, as in seeds: {data: 30, init: 2, "+
				"nested: true}; there are %d%s", t.Stat, minSets, sets, of)
		case (t.Stat == "variance_data" || t.Stat == "variance_init") && runs < 2*sets:
			c.fault(t.start, "%s needs two runs of every training set, as in seeds: {data: 30, init: 2, nested: true}; there are "+
				"%d of %d sets%s", t.Stat, runs, sets, of)
		case t.Stat == "share":
			c.decidable(t, runs, of)
		case c.Relation == "reproduces" && units < minReproduced:
			c.fault(t.start, "reproduces asks where one more run would lie, which takes at least %d units; there are %d%s",
				minReproduced, units, of)
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
func (c *claimParser) ordered(t *claimTerm, cells []*Cell) {
	var labels []string
	for _, cell := range cells {
		if math.IsNaN(cell.on(t.Axis)) {
			c.fault(t.along.atName, "trend goes along numbers, and axis %s has %q", t.Axis, cell.label(t.Axis))
			return
		}
		if l := cell.label(t.Axis); !slices.Contains(labels, l) && len(labels) < minTrendPlaces {
			labels = append(labels, l)
		}
	}
	if len(labels) < minTrendPlaces {
		c.fault(t.along.atName, "a trend takes at least %d values of an axis; there are %d of %s", minTrendPlaces, len(labels), t.Axis)
	}
}

// decidable refuses a share of so few runs that even all of them, or none, would
// leave the claim undecided: the end of Wilson's interval is n/(n+z²) then.
func (c *claimParser) decidable(t *claimTerm, runs int, of string) {
	relation, bound, ok := c.bounded()
	if relation == "<" {
		bound = 1 - bound
	}
	if !ok || relation != "<" && relation != ">" {
		return
	}
	const z = 1.959963984540054 // of 95 %
	least := math.Floor(bound*z*z/(1-bound)) + 1
	if float64(runs) < least {
		c.fault(t.start, "even if all runs agree, it takes %v of them to tell; there are %d%s", least, runs, of)
	}
}
