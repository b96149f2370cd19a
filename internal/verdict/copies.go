package verdict

import (
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/store"
)

// Copies says whether two cells are the same networks to the bit, run by run: their
// configurations differ in what no training depends on, such as log.every. They count once
// wherever cells are ranked or counted, and neither is better than the other.
func (c *Cell) Copies(other *Cell) bool {
	if c == other || len(c.Runs) == 0 || len(c.Runs) != len(other.Runs) {
		return false
	}
	for i, one := range c.Runs {
		twin := other.Runs[i] // both are ordered by their seeds
		if one.Status != store.Done || twin.Status != store.Done || one.Digest == "" || one.Digest != twin.Digest ||
			one.Seeds() != twin.Seeds() {
			return false
		}
	}
	return true
}

// Distinct leaves out cells that are copies of one before.
func Distinct(cells []*Cell) (distinct []*Cell) {
	alike := map[string][]*Cell{} // by the digest that the first runs of copies share
	for _, c := range cells {
		if len(c.Runs) > 0 && c.Runs[0].Digest != "" {
			digest := c.Runs[0].Digest
			if slices.ContainsFunc(alike[digest], c.Copies) {
				continue
			}
			alike[digest] = append(alike[digest], c)
		}
		distinct = append(distinct, c)
	}
	return distinct
}

// CopiesWords say that so many cells are copies of others.
func CopiesWords(n int) string {
	if n == 1 {
		return "1 cell is the networks of another to the bit and counts once with it"
	}
	return number.Count(n, "cell") + " are the networks of others to the bit and count once with them"
}

// copied says whether the two terms of a claim are the same measure of the same networks.
func copied(operands []Operand) bool {
	if len(operands) != 2 || operands[0].Cell == nil || operands[1].Cell == nil {
		return false
	}
	twin := operands[1]
	twin.Cell = operands[0].Cell
	return operands[0].same(twin) && operands[0].factor() == -twin.factor() && operands[0].Cell.Copies(operands[1].Cell)
}
