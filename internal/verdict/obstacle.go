package verdict

import (
	"context"
	"fmt"
	"math"
	"strings"

	"nightshift/internal/number"
)

// obstacle says why operands cannot be compared; "" if they can.
func obstacle(operands []Operand) string {
	for _, o := range operands {
		if o.problem != "" {
			return o.problem
		}
	}
	if len(operands) == 2 && operands[0].same(operands[1]) && operands[0].factor() == -operands[1].factor() {
		return "both sides are the same"
	}
	for _, o := range operands {
		if len(o.lacking) > 0 {
			runs, finished, label := 0, 0, o.Axis
			for _, c := range o.cells() {
				runs += len(c.Runs)
				finished += len(c.Finished())
				label = c.Label
			}
			if o.along != nil {
				label = "all cells along " + o.Axis
			}
			if finished == 0 && o.along == nil {
				return fmt.Sprintf("no run of %s has finished (%s)", label, strings.Join(o.lacking, ", "))
			}
			return fmt.Sprintf("of the %s of %s, %s: what the others show need not hold for all",
				number.Count(runs, "run"), label, strings.Join(o.lacking, ", "))
		}
	}
	return ""
}

// describe gives each operand its own estimate, for words and tables.
func (r *Results) describe(ctx context.Context, operands []Operand) error {
	for i, o := range operands {
		if o.problem != "" {
			continue
		}
		o.Number, o.Right = 1, false
		alone := []Operand{o}
		of, _ := r.formOf(claim{}, alone)
		e, err := of(ctx, alone)
		if err != nil {
			return err
		}
		operands[i].Own = e.Estimate
	}
	return nil
}

// wide says that the margin of an equality is too wide to mean one.
func (c claim) wide(operands []Operand) string {
	if c.Relation != "=" || c.Because != "" {
		return ""
	}
	left, right := c.Lhs.Constant, c.Rhs.Constant
	for _, o := range operands {
		if o.isShare() || o.Stat != "" {
			return ""
		}
		if o.Right {
			right += o.Number * o.Own.Mean
		} else {
			left += o.Number * o.Own.Mean
		}
	}
	if larger := max(math.Abs(left), math.Abs(right)); c.Margin > larger/4 {
		return fmt.Sprintf("its margin %s is wider than a quarter of the larger side, %s: a claim of equality that wide says "+
			`within ... because "..."`, digits(c.Margin), digits(larger))
	}
	return ""
}
