package study

import (
	"fmt"
	"strconv"
	"strings"
)

// Expectation is a claim about the results, which holds, does not hold, or is
// undecided by the data.
type Expectation struct {
	Text       string // as written
	Lhs, Rhs   Expr
	Relation   string  // "<", ">", "=" for equal within Margin, or "reproduces" for a single published run
	Margin     float64 // of "="
	Because    string  // reason for a wide Margin; "" where none is given
	Everywhere bool    // it is claimed at every value of the axes that it leaves open: see Study.Instances
}

// Expr is a side of an expectation: a sum of terms and a constant. Without terms
// it is a number.
type Expr struct {
	Terms    []Term
	Constant float64
}

// Term is a factor times a statistic of one cell; that of a trend is of the cells
// along its axis.
type Term struct {
	Number   float64 // the factor with its sign: 1 where none is written, never 0
	Stat     string  // "" for the mean of the measure over the runs, or the name of one of Statistics
	Measure  string  // test_error, ..., diverged, or of a layer: gradient, sd, dead, ...; "" for statistics that take none
	Layer    int     // of a layer's measure, counted from 1
	Epoch    int     // at which it is measured; -1 for the end of the training
	Best     bool    // the cell with the lowest mean of Study.Select among those that match
	Where    []Place // that the cell has on its axes; Study.Matching finds it
	Relation string  // "<" or ">": the property that share counts is Measure Relation Bound
	Bound    float64
	Axis     string // that a trend goes along
	Aligned  bool   // two networks are compared with hidden units in the same order
}

// Place is a value of an axis by its label; "" is that of the cells that are on
// no place of it.
type Place struct{ Axis, Label string }

// String writes the claim as a study could have it.
func (e Expectation) String() string {
	text := fmt.Sprintf("%v %s %v", e.Lhs, e.Relation, e.Rhs)
	if e.Everywhere {
		text = "everywhere " + text
	}
	if e.Relation == "=" {
		text += " within " + decimalText(e.Margin)
	}
	if e.Because != "" {
		text += " because " + quoted(e.Because)
	}
	return text
}

// String writes the sum: its terms in their order, then the constant.
func (x Expr) String() string {
	var b strings.Builder
	for i, t := range x.Terms {
		if i > 0 && t.Number < 0 {
			b.WriteString(" - ")
			t.Number = -t.Number
		} else if i > 0 {
			b.WriteString(" + ")
		}
		b.WriteString(t.String())
	}
	switch {
	case len(x.Terms) == 0:
		b.WriteString(decimalText(x.Constant))
	case x.Constant < 0:
		b.WriteString(" - " + decimalText(-x.Constant))
	case x.Constant > 0:
		b.WriteString(" + " + decimalText(x.Constant))
	}
	return b.String()
}

// String writes the term as claims do.
func (t Term) String() string {
	text := t.Statistic()
	if t.Number != 1 {
		text = decimalText(t.Number) + " * " + text
	}
	return text
}

// Statistic writes the term without its factor.
func (t Term) Statistic() string {
	text := t.measure()
	switch t.Stat {
	case "share":
		return fmt.Sprintf("share(%s %s %s)", text, t.Relation, decimalText(t.Bound))
	case "sd":
		return "sd(" + text + ")"
	case "trend":
		return "trend(" + text + ", " + t.Axis + ")"
	}
	return text
}

// measure writes what the statistic is of, with its arguments.
func (t Term) measure() string {
	name := spelled(t.Measure)
	if t.Measure == "" {
		name = t.Stat
	}
	var args []string
	if t.Layer > 0 {
		args = append(args, fmt.Sprintf("layer=%d", t.Layer))
	}
	for _, p := range t.Where {
		if p.Label != "" {
			args = append(args, p.Axis+"="+quotedLabel(p.Label))
		}
	}
	if t.Epoch >= 0 {
		args = append(args, fmt.Sprintf("epoch=%d", t.Epoch))
	}
	if t.Aligned {
		args = append(args, aligned)
	}
	if len(args) > 0 {
		name += "(" + strings.Join(args, ", ") + ")"
	}
	if t.Best {
		name = "best " + name
	}
	return name
}

// String writes the place as claims do.
func (p Place) String() string { return fmt.Sprintf("%s=%s", p.Axis, p.Label) }

// quotedLabel puts a label in quotes where it would not be read back without.
func quotedLabel(label string) string {
	if strings.ContainsAny(label, `,()"'`) {
		return quoted(label)
	}
	return label
}

// quoted puts a text into the quotes that it does not have itself.
func quoted(text string) string {
	if strings.Contains(text, `"`) {
		return "'" + text + "'"
	}
	return `"` + text + `"`
}

// decimalText is a number with the fewest digits that give it back.
func decimalText(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
