package study

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"nightshift/internal/nearest"
	"nightshift/internal/study/source"
)

// claimParser reads an expectation from the text of a scalar:
//
//	[everywhere] SUM < SUM, SUM > SUM, SUM = SUM within NUMBER [because "TEXT"] or TERM reproduces NUMBER
//
// where a SUM is of terms and numbers, and a TERM a measure or another statistic
// with a factor (0.5 *) before it. Its cells are looked for later.
type claimParser struct {
	*decoder
	from   *source.Node
	text   string
	at     int  // offset of what comes next
	failed bool // a mistake was reported
	Expectation
	sides [2][]*claimTerm // of the left and the right side
	atSum [2]int          // offsets of the sides
	atEnd int             // offset of the relation
	atBy  int             // offset of the margin

	figure bool // the text is the measure of a figure, whose layer may stand elsewhere
}

func (c *claimParser) fault(offset int, format string, args ...any) {
	if !c.failed { // what comes after the first is a consequence
		c.Add(c.from.Inside(offset), format, args...)
	}
	c.failed = true
}

const claimExample = "as in test_error(lr=0.1) < test_error(lr=1)"

func (c *claimParser) read() {
	if at := c.space(); word.FindString(c.text[at:]) == "everywhere" {
		c.Everywhere = true
		c.at += len("everywhere")
	}
	c.Lhs.Constant = c.sum(0)
	c.relation()
	c.Rhs.Constant = c.sum(1)
	c.within()
	if at := c.space(); at < len(c.text) && strings.HasPrefix(c.text[at:], "*") {
		c.fault(at, "a factor stands before its measure, as in 0.5 * test_error")
	} else if at < len(c.text) && c.text[at] == '%' {
		c.fault(at, "shares are written from 0 to 1, as in 0.05 for 5 %%")
	} else if at < len(c.text) {
		c.fault(at, "%q follows a claim that ends before it", c.text[at:])
	}
	if len(c.sides[0])+len(c.sides[1]) == 0 {
		c.fault(0, "a claim is about a measure, %s", claimExample)
	}
}

// space goes to the next word.
func (c *claimParser) space() int {
	c.at += len(c.text[c.at:]) - len(strings.TrimLeft(c.text[c.at:], " \t\n"))
	return c.at
}

// skip goes over a sign or word if it comes next.
func (c *claimParser) skip(text string) bool {
	found := strings.HasPrefix(c.text[c.space():], text)
	if found {
		c.at += len(text)
	}
	return found
}

var relations = regexp.MustCompile(`^([<>=!≤≥≠~]+|reproduces\b)`)

func (c *claimParser) relation() {
	at := c.space()
	c.atEnd = at
	c.Relation = relations.FindString(c.text[at:])
	c.at += len(c.Relation)
	switch c.Relation {
	case "<", ">", "=", "reproduces":
	case "":
		hint := nearest.Suggest(word.FindString(c.text[at:]), []string{"reproduces"})
		if strings.HasPrefix(c.text[at:], "*") {
			hint = "; a factor stands before its measure, as in 0.5 * test_error"
		}
		c.fault(at, "the sides of a claim have <, >, = or reproduces between them, %s; found %s%s", claimExample,
			quoteFound(c.text[at:]), hint)
	case "<=", ">=", "≤", "≥":
		c.fault(at, "%s says no more of means than < or > does; write one of these", c.Relation)
	default:
		c.fault(at, "%q is no relation; a claim has <, >, = or reproduces", c.Relation)
	}
}

// quoteFound describes what was found in a text where something else was meant.
func quoteFound(text string) string {
	if text == "" {
		return "the end"
	}
	return strconv.Quote(text)
}

// within reads the margin of = and the reason for it.
func (c *claimParser) within() {
	at := c.space()
	c.atBy = at
	within := c.skip("within")
	switch {
	case c.failed:
		return
	case within && c.Relation != "=":
		c.fault(at, "within goes with =, as in train_loss = 0.69 within 0.01")
	case !within && c.Relation == "=":
		c.fault(at, "no two measures are equal to the last digit: say how near, as in train_loss = 0.69 within 0.01")
	case within:
		at := c.space()
		v, ok := c.number()
		if !ok || v <= 0 {
			c.fault(at, "within is followed by a number above 0; found %s", quoteFound(c.text[at:]))
		}
		c.Margin = v
	}
	if at := c.space(); c.skip("because") {
		if c.Relation != "=" {
			c.fault(at, `because gives the reason for the margin of =, as in train_loss = 0.69 within 0.3 because "..."`)
		}
		c.because()
	}
}

// because reads the reason for a margin.
func (c *claimParser) because() {
	at := c.space()
	rest := c.text[at:]
	if rest == "" || rest[0] != '"' && rest[0] != '\'' {
		c.fault(at, `because is followed by a reason in quotes, as in because "..."; found %s`, quoteFound(rest))
		return
	}
	end := strings.IndexByte(rest[1:], rest[0])
	if end < 0 {
		c.fault(at, "the quotes around the reason are not closed")
		return
	}
	c.at += end + 2
	if c.Because = strings.TrimSpace(rest[1 : 1+end]); c.Because == "" {
		c.fault(at, "the reason is empty; say why so wide a margin is meant")
	}
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

// sum reads a side, 0 or 1, and gives its constant.
func (c *claimParser) sum(side int) (constant float64) {
	sign := 1.0
	c.atSum[side] = c.space()
	for !c.failed {
		at := c.space()
		number, t := c.summand()
		if t != nil {
			t.Number *= sign
			c.sides[side] = append(c.sides[side], t)
		}
		if constant += sign * number; math.IsInf(constant, 0) {
			c.fault(at, "the sum is too large a number")
		}
		switch {
		case c.skip("+"):
			sign = 1
		case c.skip("-"):
			sign = -1
		default:
			return constant + 0
		}
	}
	return 0
}

// summand reads a number, or a term with its factor.
func (c *claimParser) summand() (float64, *claimTerm) {
	sign := 1.0
	at := c.space()
	number, found := c.number()
	if !found && c.skip("-") {
		sign = -1
		number, found = c.number()
	}
	if found && !c.skip("*") {
		return sign * number, nil
	}
	if !found {
		number = 1
	}
	if found && number == 0 {
		c.fault(at, "a factor of 0 leaves nothing of what it stands before")
	}
	t := &claimTerm{Term: Term{Number: sign * number, Epoch: -1}}
	if !c.failed {
		c.term(t)
	}
	return 0, t
}
