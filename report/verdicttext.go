package report

import (
	"fmt"
	"math"

	"nightshift/internal/verdict"
)

// operandText words the value of a term by itself, without its factor.
func operandText(o verdict.Operand) string {
	if o.Cell == nil {
		return ""
	}
	name, m := verdict.TermWords(o.Term, o.Cell), quantity(o.Term)
	e := m.scaled(o.Own)
	switch {
	case math.IsNaN(e.Mean) && o.Cell.Open() > 0:
		return sentence(name) + ": nothing yet."
	case math.IsNaN(e.Mean):
		return sentence(name) + ": no run has a value."
	}
	return fmt.Sprintf("%s: %s over %s.", sentence(name), m.words(e), e.Unit)
}
