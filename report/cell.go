package report

import (
	"fmt"
	"strings"

	"nightshift/internal/store"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
)

// cell is a cell of the results, as figures and tables show it.
type cell struct {
	*verdict.Cell
	tested estimate // the quality on test
	axes   []string // of the study
	means  map[meanOf]estimate
}

// meanOf is a measure of a split, whose mean is known once it was asked for.
type meanOf struct{ split, measure string }

type run = verdict.Run

// endedOf says what ended a run before its training did.
func endedOf(r run) figure.Ended {
	switch r.Status {
	case store.Diverged:
		return figure.Diverged
	case store.Pruned:
		return figure.Pruned
	}
	return ""
}

// seedName names a run's place among the repeats, by the seeds that differ in its cell.
func (c *cell) seedName(r run) string {
	if c.oneSeed(r) {
		return "seed " + c.seedNumbers(r)
	}
	return strings.Join(c.Varied(), "/") + " seed " + c.seedNumbers(r)
}

// oneSeed says that one number tells the run from the others: nothing differs,
// or initial weights and order go together.
func (c *cell) oneSeed(r run) bool {
	v := c.Varied()
	return len(v) == 0 || len(v) == 2 && v[0] == "init" && r.SeedInit == r.SeedOrder
}

// seedNumbers is what seedName names, without the words: 3, or 3/0 where two
// streams differ.
func (c *cell) seedNumbers(r run) string {
	if c.oneSeed(r) {
		return fmt.Sprint(r.SeedInit)
	}
	var numbers []string
	for _, stream := range c.Varied() {
		seed := map[string]uint64{"data": r.SeedData, "init": r.SeedInit, "order": r.SeedOrder}[stream]
		numbers = append(numbers, fmt.Sprint(seed))
	}
	return strings.Join(numbers, "/")
}
