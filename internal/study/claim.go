package study

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"nightshift/internal/study/source"
)

// claimParser reads an expectation from the text of a scalar:
//
//	TERM < TERM, TERM > TERM or TERM = TERM within NUMBER
//
// where a TERM is a number, or MEASURE(axis=value, epoch=N, layer=L) with best
// and a factor (0.5 *) before it. Its cells are looked for later.
type claimParser struct {
	*decoder
	from   *source.Node
	text   string
	at     int  // offset of what comes next
	failed bool // a mistake was reported
	Expectation
	places [2][]argument // of the left and the right term
	starts [2]int        // offsets of their measures
}

// argument is one of a measure, as the file has it.
type argument struct {
	name, value     string
	atName, atValue int // offsets
}

func (c *claimParser) fault(offset int, format string, args ...any) {
	if !c.failed { // what comes after the first is a consequence
		c.Add(c.from.Inside(offset), format, args...)
	}
	c.failed = true
}

const claimExample = "as in test_error(lr=0.1) < test_error(lr=1)"

func (c *claimParser) read() {
	c.Lhs = c.term(0)
	c.relation()
	c.Rhs = c.term(1)
	at := c.space()
	within := strings.HasPrefix(c.text[c.at:], "within")
	switch {
	case c.failed:
	case within && c.Relation != "=":
		c.fault(at, "within goes with =, as in train_loss = 0.69 within 0.01")
	case within:
		c.at += len("within")
		c.margin()
	case c.Relation == "=":
		c.fault(at, "no two measures are equal to the last digit: say how near, as in train_loss = 0.69 within 0.01")
	}
	if at := c.space(); at < len(c.text) {
		c.fault(at, "%q follows a claim that ends before it", c.text[at:])
	}
	if c.Lhs.Measure == "" && c.Rhs.Measure == "" {
		c.fault(0, "a claim is about a measure, %s", claimExample)
	}
}

// space goes to the next word.
func (c *claimParser) space() int {
	c.at += len(c.text[c.at:]) - len(strings.TrimLeft(c.text[c.at:], " \t\n"))
	return c.at
}

var relations = regexp.MustCompile(`^[<>=!≤≥≠~]+`)

func (c *claimParser) relation() {
	at := c.space()
	c.Relation = relations.FindString(c.text[at:])
	c.at += len(c.Relation)
	switch c.Relation {
	case "<", ">", "=":
	case "":
		c.fault(at, "two terms have <, > or = between them, %s; found %s", claimExample, quoteFound(c.text[at:]))
	case "<=", ">=", "≤", "≥":
		c.fault(at, "%s says no more of means than < or > does; write one of these", c.Relation)
	default:
		c.fault(at, "%q is no relation; a claim has <, > or =", c.Relation)
	}
}

// quoteFound describes what was found in a text where something else was meant.
func quoteFound(text string) string {
	if text == "" {
		return "the end"
	}
	return strconv.Quote(text)
}

// NumberPattern matches a number of a claim.
const NumberPattern = `[+-]?(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?`

var numberText = regexp.MustCompile("^" + NumberPattern)

// number reads one, and says whether there is one.
func (c *claimParser) number() (float64, bool) {
	text := numberText.FindString(c.text[c.space():])
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	if text != "" && err != nil {
		c.fault(c.at, "%s is too large a number", text)
	}
	c.at += len(text)
	return v + 0, text != ""
}

func (c *claimParser) margin() {
	at := c.space()
	v, ok := c.number()
	if !ok || v <= 0 {
		c.fault(at, "within is followed by a number above 0; found %s", quoteFound(c.text[at:]))
	}
	c.Margin = v
}

var word = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`)

// term reads the left (0) or the right side (1).
func (c *claimParser) term(side int) Term {
	t := Term{Number: 1, Epoch: -1}
	number, found := c.number()
	if found {
		t.Number = number
		if at := c.space(); !strings.HasPrefix(c.text[at:], "*") {
			return t
		}
		c.at++
	}
	at := c.space()
	t.Measure = word.FindString(c.text[at:])
	c.at += len(t.Measure)
	if t.Measure == "best" {
		t.Best = true
		at = c.space()
		t.Measure = word.FindString(c.text[at:])
		c.at += len(t.Measure)
	}
	c.starts[side] = at
	switch m, known := measureOf(t.Measure); {
	case t.Measure == "":
		c.fault(at, "a measure is meant here, %s; found %s", claimExample, quoteFound(c.text[at:]))
	case !known:
		c.fault(at, "unknown measure %q%s", t.Measure, c.measureHint(t.Measure))
	default:
		c.arguments(side, &t)
		if m.Layered && t.Layer == 0 {
			c.fault(at, "%s is of a layer; say of which, as in %s(layer=1)", t.Measure, t.Measure)
		}
	}
	return t
}

func (c *claimParser) measureHint(name string) string {
	var known []string
	for _, m := range measures {
		known = append(known, m.Name)
	}
	if hint := source.Suggest(name, known); hint != "" {
		return hint
	}
	return "; there are " + source.Join(known)
}

// arguments reads those in parentheses, if there are any.
func (c *claimParser) arguments(side int, t *Term) {
	open := c.space()
	if !strings.HasPrefix(c.text[open:], "(") {
		return
	}
	c.at++
	seen := map[string]bool{}
	for !c.failed {
		at := c.space()
		if strings.HasPrefix(c.text[at:], ")") {
			c.at++
			return
		}
		name, _, assigned := strings.Cut(c.text[at:], "=")
		name = strings.TrimSpace(name)
		if !assigned || strings.ContainsAny(name, "(),<>") || name == "" {
			c.fault(at, "an argument of %s is axis=value; found %s", t.Measure, quoteFound(c.text[at:]))
			return
		}
		c.at = at + strings.IndexByte(c.text[at:], '=') + 1
		w := argument{name: name, atName: at, atValue: c.space()}
		var closed bool
		if w.value, closed = c.value(); !closed {
			c.fault(open, "the parenthesis of %s is not closed; a claim with a comma stands on a line of its own or in quotes",
				t.Measure)
			return
		}
		if seen[name] {
			c.fault(at, "%s is given twice", name)
		}
		seen[name] = true
		c.setArgument(side, t, w)
		if strings.HasPrefix(c.text[c.at:], ",") {
			c.at++
		}
	}
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

func (c *claimParser) setArgument(side int, t *Term, w argument) {
	m, _ := measureOf(t.Measure)
	n, err := strconv.Atoi(w.value)
	switch {
	case w.name == "layer" && !m.Layered:
		c.fault(w.atName, "%s is not of a layer", t.Measure)
	case w.name == "epoch" && m.Whole:
		c.fault(w.atName, "%s is of the whole training, not of an epoch", t.Measure)
	case w.name == "layer" && (err != nil || n < 1):
		c.fault(w.atValue, "layers are counted from 1; found %s", quoteFound(w.value))
	case w.name == "epoch" && (err != nil || n < 0):
		c.fault(w.atValue, "epoch is a whole number from 0; found %s", quoteFound(w.value))
	case w.name == "layer":
		t.Layer = n
	case w.name == "epoch":
		t.Epoch = n
	default:
		c.places[side] = append(c.places[side], w)
	}
}

// String writes the place as claims do.
func (p Place) String() string { return fmt.Sprintf("%s=%s", p.Axis, p.Label) }
