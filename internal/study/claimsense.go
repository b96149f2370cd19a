package study

import "math"

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
			c.fault(c.atBy, "%v is more than a quarter of %v, and to be equal within that says little; narrow it, or say why, "+
				`as in within %v because "..."`, c.Margin, size, c.Margin)
		}
	}
}
