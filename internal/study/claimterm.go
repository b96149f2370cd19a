package study

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/nearest"
	"nightshift/internal/study/source"
)

// claimTerm is a term as the file has it.
type claimTerm struct {
	Term
	start int        // offset of its measure
	args  []argument // places of its cells
	along argument   // the axis of a trend
	cells []*Cell    // that it matches
}

// argument is one of a measure, as the file has it.
type argument struct {
	name, value     string
	atName, atValue int // offsets
}

var word = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`)

// term reads a measure, or a statistic with the measure that it is of.
func (c *claimParser) term(t *claimTerm) {
	t.start = c.space()
	name := word.FindString(c.text[t.start:])
	s, known := statisticOf(name)
	if !known || name == "sd" && c.isLayerSD(t.start+len("sd")) {
		c.measure(t)
		return
	}
	t.Stat = name
	if s.alone {
		c.measure(t)
		return
	}
	c.at += len(name)
	open := c.space()
	if !c.skip("(") {
		of := ""
		if name == "sd" {
			of = "; the measure of a layer is " + activationSD + "(layer=1)"
		}
		c.fault(open, "%s is of a measure, as in %s%s", name, statisticExamples[name], of)
		return
	}
	t.start = c.space()
	c.measure(t)
	switch name {
	case "share":
		c.property(t)
	case "trend":
		c.along(t)
	}
	if at := c.space(); !c.failed && at == len(c.text) {
		c.unclosed(open, name)
	} else if !c.failed && !c.skip(")") {
		c.fault(at, "%s ends here, as in %s; found %s", name, statisticExamples[name], quoteFound(c.text[at:]))
	}
}

// statisticExamples are claims' ways to write the statistics of a measure.
var statisticExamples = map[string]string{
	"share": "share(test_error(lr=1) < 0.1)", "sd": "sd(test_error(lr=1))", "trend": "trend(test_error(lr=1), width)",
}

// isLayerSD says whether sd has arguments of its own, as it had when it was the
// name of the layer measure, rather than a measure in its parentheses.
func (c *claimParser) isLayerSD(at int) bool {
	rest := strings.TrimLeft(c.text[at:], " \t\n")
	i := strings.IndexAny(rest[min(1, len(rest)):], "=(),<>")
	return strings.HasPrefix(rest, "(") && i >= 0 && rest[1+i] == '='
}

// property reads what the runs are counted by.
func (c *claimParser) property(t *claimTerm) {
	at := c.space()
	if t.Relation = relations.FindString(c.text[at:]); t.Relation != "<" && t.Relation != ">" {
		c.fault(at, "share counts the runs whose measure lies below or above a number, as in %s; found %s",
			statisticExamples["share"], quoteFound(c.text[at:]))
		return
	}
	c.at++
	at = c.space()
	bound, found := c.number()
	if !found {
		c.fault(at, "the measure of share is compared with a number, as in %s; found %s", statisticExamples["share"],
			quoteFound(c.text[at:]))
	}
	t.Bound = bound
}

// along reads the axis of a trend.
func (c *claimParser) along(t *claimTerm) {
	if t.Best {
		c.fault(t.start, "trend takes the cells along its axis as they are; leave best out, as in %s", statisticExamples["trend"])
		return
	}
	at := c.space()
	if !c.skip(",") {
		c.fault(at, "trend goes along an axis, as in %s; found %s", statisticExamples["trend"], quoteFound(c.text[at:]))
		return
	}
	t.along.atName = c.space()
	name, closed := c.value()
	if t.along.name = name; !closed || name == "" {
		c.fault(t.along.atName, "trend goes along an axis, as in %s; found %s", statisticExamples["trend"],
			quoteFound(c.text[t.along.atName:]))
	}
}

func (c *claimParser) unclosed(open int, name string) {
	c.fault(open, "the parenthesis of %s is not closed; a claim with a comma stands on a line of its own or in quotes", name)
}

// measure reads what a term is of: best, a name, and its arguments.
func (c *claimParser) measure(t *claimTerm) {
	at := c.space()
	name := word.FindString(c.text[at:])
	c.at += len(name)
	if name == "best" {
		t.Best = true
		at = c.space()
		name = word.FindString(c.text[at:])
		c.at += len(name)
	}
	t.start = at
	s, statistic := statisticOf(name)
	if t.Best && statistic && s.alone && t.Stat == "" {
		t.Stat = name
	}
	if name == "sd" && c.isLayerSD(c.at) {
		name, statistic = activationSD, false
	}
	m, known := measureOf(name)
	t.Measure = m.metric
	switch {
	case statistic && s.alone && t.Stat == name:
		c.arguments(name, Measure{Whole: true}, t)
	case name == "":
		c.fault(at, "a measure is meant here, %s; found %s", claimExample, quoteFound(c.text[at:]))
	case statistic && t.Stat == "": // after best
		c.fault(at, "best stands before the measure, as in %s", strings.Replace(statisticExamples[name], "(", "(best ", 1))
	case statistic:
		c.fault(at, "%s is of a cell, and %s takes a measure that every run has, as in %s", name, t.Stat,
			statisticExamples[t.Stat])
	case !known:
		c.fault(at, "unknown measure %q%s", name, measureHint(name, t.Stat == ""))
	case name == "diverged" && t.Stat != "":
		c.fault(at, "diverged is a share of the runs already, and %s takes a measure that every run has, as in %s", t.Stat,
			statisticExamples[t.Stat])
	default:
		c.arguments(name, m, t)
		if m.Layered && t.Layer == 0 && !c.figure {
			c.fault(at, "%s is of a layer; say of which, as in %s(layer=1)", name, name)
		}
	}
}

// measureHint ends a message about an unknown measure, which may be a statistic
// where one could stand.
func measureHint(name string, orStatistic bool) string {
	if hint := meantMeasure(name); hint != "" {
		return hint
	}
	var known []string
	for _, m := range measures {
		known = append(known, m.Name)
	}
	if orStatistic {
		for _, s := range statistics {
			known = append(known, s.Name)
		}
	}
	if hint := nearest.Suggest(name, append(slices.Clone(known), "everywhere")); hint != "" {
		return hint
	}
	return "; there are " + source.Join(known)
}

// arguments reads those in parentheses, if there are any.
func (c *claimParser) arguments(of string, m Measure, t *claimTerm) {
	open := c.space()
	if !c.skip("(") {
		return
	}
	var seen []string
	for !c.failed {
		at := c.space()
		if c.skip(")") {
			return
		}
		if c.flag(of, t) {
			c.skip(",")
			continue
		}
		name, _, assigned := strings.Cut(c.text[at:], "=")
		name = strings.TrimSpace(name)
		if !assigned || strings.ContainsAny(name, "(),<>") || name == "" {
			c.fault(at, "an argument of %s is axis=value; found %s", of, quoteFound(c.text[at:]))
			return
		}
		c.at = at + strings.IndexByte(c.text[at:], '=') + 1
		a := argument{name: name, atName: at, atValue: c.space()}
		var closed bool
		if a.value, closed = c.value(); !closed {
			c.unclosed(open, of)
			return
		}
		if slices.Contains(seen, name) {
			c.fault(at, "%s is given twice", name)
		}
		seen = append(seen, name)
		c.setArgument(of, m, t, a)
		c.skip(",")
	}
}

// aligned is the word that has hidden units matched before two networks are compared.
const aligned = "aligned"

// flag reads that word, where it is no axis.
func (c *claimParser) flag(of string, t *claimTerm) bool {
	at := c.at
	if word.FindString(c.text[at:]) != aligned || strings.HasPrefix(strings.TrimLeft(c.text[at+len(aligned):], " \t\n"), "=") {
		return false
	}
	c.at += len(aligned)
	s, _ := statisticOf(t.Stat)
	switch {
	case !s.aligns:
		c.fault(at, "%s is of no two networks that could be aligned; barrier and distance_between are, as in barrier(aligned)", of)
	case t.Aligned:
		c.fault(at, "aligned is given twice")
	}
	t.Aligned = true
	return true
}

// value reads up to the comma or the parenthesis that ends an argument; labels
// may hold parentheses of their own, or stand in quotes.
func (c *claimParser) value() (string, bool) {
	start, depth := c.at, 0
	if q := c.text[start:]; q != "" && (q[0] == '"' || q[0] == '\'') {
		if end := strings.IndexByte(q[1:], q[0]); end >= 0 {
			c.at += end + 2
			c.space()
			return q[1 : 1+end], c.at < len(c.text) && (c.text[c.at] == ',' || c.text[c.at] == ')')
		}
	}
	for ; c.at < len(c.text); c.at++ {
		switch b := c.text[c.at]; {
		case depth == 0 && (b == ',' || b == ')'):
			return strings.TrimSpace(c.text[start:c.at]), true
		case b == '(':
			depth++
		case b == ')':
			depth--
		}
	}
	return "", false
}

// setArgument reads layer and epoch; what else there is are places of cells.
func (c *claimParser) setArgument(of string, m Measure, t *claimTerm, a argument) {
	n, err := strconv.Atoi(a.value)
	switch {
	case a.name == "layer" && !m.Layered:
		c.fault(a.atName, "%s is not of a layer", of)
	case a.name == "epoch" && m.Whole:
		c.fault(a.atName, "%s is of the whole training, not of an epoch", of)
	case a.name == "layer" && (err != nil || n < 1):
		c.fault(a.atValue, "layers are counted from 1; found %s", quoteFound(a.value))
	case a.name == "epoch" && (err != nil || n < 0):
		c.fault(a.atValue, "epoch is a whole number from 0; found %s", quoteFound(a.value))
	case a.name == "layer":
		t.Layer = n
	case a.name == "epoch":
		t.Epoch = n
	default:
		t.args = append(t.args, a)
	}
}
