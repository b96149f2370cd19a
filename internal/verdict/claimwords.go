package verdict

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// claimWords say a claim in words: "test error at lr=1 is below 0.5 × test error at
// lr=0.1". Cells are named where the claim is about one place.
func claimWords(e study.Expectation, operands []Operand) string {
	cells := make([]*Cell, len(e.Lhs.Terms)+len(e.Rhs.Terms))
	if !e.Everywhere {
		for i, o := range operands {
			cells[i] = o.Cell
		}
	}
	s := scale{1, ""}
	if len(operands) > 0 {
		s = scaleOf(operands[:1])
	}
	text := sideWords(e.Lhs, s, cells) + relationWords[e.Relation] + sideWords(e.Rhs, s, cells[len(e.Lhs.Terms):])
	if e.Relation == "=" {
		text += " within " + s.writeDifference(e.Margin*s.factor)
	}
	if e.Everywhere {
		text = "everywhere, " + text
	}
	if e.Because != "" {
		text += ", because " + e.Because
	}
	return text
}

var relationWords = map[string]string{"<": " is below ", ">": " is above ", "=": " equals ", "reproduces": " reproduces "}

// sideWords say a side of a claim, whose terms are of these cells.
func sideWords(x study.Expr, s scale, cells []*Cell) string {
	text := ""
	for i, t := range x.Terms {
		factor := t.Number
		switch {
		case i > 0 && factor < 0:
			text, factor = text+" minus ", -factor
		case i > 0:
			text += " plus "
		case factor < 0:
			text, factor = "minus ", -factor
		}
		text += factorWords(factor) + TermWords(t, cells[i])
	}
	switch c := x.Constant * s.factor; {
	case text == "":
		text = number.Written(c) + s.unit
	case c > 0:
		text += " plus " + s.writeDifference(c)
	case c < 0:
		text += " minus " + s.writeDifference(-c)
	}
	return text
}

// factorWords is the factor of a term, "0.5 × "; nothing for 1.
func factorWords(factor float64) string {
	if factor == 1 {
		return ""
	}
	return number.Written(factor) + " × "
}

// TermWords names a term of a claim and where it is measured: at its cell, or, where
// that is nil, at the places that the claim gives.
func TermWords(t study.Term, c *Cell) string {
	name := statWords(t)
	if t.Stat == "sd" && c != nil {
		name = strings.Replace(name, "single runs", c.spreadOver(), 1)
	}
	if t.Epoch >= 0 {
		name += fmt.Sprintf(" at epoch %d", t.Epoch)
	}
	var places []string
	for _, p := range t.Where {
		places = append(places, p.String())
	}
	where := strings.Join(places, ", ")
	switch {
	case t.Best && c != nil:
		return fmt.Sprintf("%s at the best on validation (%s)", name, c.Label)
	case t.Best && where != "":
		return fmt.Sprintf("%s at the best of %s", name, where)
	case t.Best:
		return name + " at the best on validation"
	case c != nil && len(c.Axes) > 0:
		where = c.PlaceWords()
	}
	if where == "" {
		return name
	}
	return name + " at " + where
}

// spreadOver names what an SD over the units of the cell is of: where these have several runs each, of their means.
func (c *Cell) spreadOver() string {
	var runs []stat.Run
	for _, one := range c.Finished() {
		runs = append(runs, stat.Run{Seeds: stat.Seeds(one.Seeds()), Digest: one.Digest})
	}
	d := stat.Classify(runs)
	switch several := slices.ContainsFunc(d.Sets, func(set []int) bool { return len(set) > 1 }); {
	case several && slices.Contains(d.Streams, "data"):
		return "means of training sets"
	case several:
		return "means of units"
	}
	return "single runs"
}

// PlaceWords are the label of the cell as it stands in a sentence: rows of a paired axis have names of the study's own choice,
// such as both or from N(0, 1), that say nothing without that of the axis. Those of outputs and losses do.
func (c *Cell) PlaceWords() string {
	if len(c.Axes) == 0 {
		return c.Label
	}
	first := c.Axes[0]
	if first.Value != nil || first.Axis == "pair" || !strings.HasPrefix(c.Label, first.Label) {
		return c.Label
	}
	return study.ShortName(first.Axis) + "=" + c.Label
}

// statWords name what a term is of its measure.
func statWords(t study.Term) string {
	name, s := measureWords(t)
	switch t.Stat {
	case "share":
		side := map[string]string{"<": "below", ">": "above"}[t.Relation]
		return fmt.Sprintf("the share of runs with %s %s %s", name, side, number.Written(t.Bound*s.factor)+s.unit)
	case "sd":
		return "the SD of single runs in " + name
	case "trend":
		return fmt.Sprintf("the trend of %s along %s", name, t.Axis)
	case "bias2":
		return "bias²"
	case "variance":
		return "the variance of single networks"
	case "variance_data":
		return "the variance that training sets bring"
	case "variance_init":
		return "the variance that initial weights bring"
	case "disagreement":
		return "the share of test examples that two runs answer differently"
	case "distance_between":
		return "the distance between the weights of two runs" + alignedWords(t)
	case "barrier":
		return "the barrier in the training loss between two runs" + alignedWords(t)
	}
	return name
}

// alignedWords say that hidden units were matched.
func alignedWords(t study.Term) string {
	if t.Aligned {
		return " with aligned units"
	}
	return ""
}

// measureWords name the measure of a term, and the scale of its values.
func measureWords(t study.Term) (string, scale) {
	if l, ok := metric.LayerNamed(t.Measure); ok {
		return fmt.Sprintf("%s of layer %d", l.Title, t.Layer), scaleWhere(l.Percent)
	}
	if split, m, ok := metric.Parse(t.Measure); ok {
		long := map[string]string{"train": "training", "valid": "validation", "test": "test"}[split]
		return long + " " + m.Title, scaleWhere(m.Percent)
	}
	if d, ok := metric.DerivedNamed(t.Measure); ok {
		return "test " + d.Title, scaleWhere(d.Percent)
	}
	switch t.Measure {
	case "diverged":
		return "the share of diverged runs", scaleWhere(true)
	case "epochs":
		return "the number of epochs", scaleWhere(false)
	case study.UnitCorrelation:
		return fmt.Sprintf("the mean cosine of the units of layer %d", t.Layer), scaleWhere(false)
	}
	return t.Measure, scaleWhere(false)
}
