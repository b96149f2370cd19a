package report

import (
	"fmt"
	"strings"

	"nightshift/internal/number"
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

// lost counts the runs of the cell that are over and have no result at the end of the training. While there are any, the others
// speak for themselves only, so nothing is concluded from their mean.
func (c *cell) lost() int {
	return len(c.With(store.Diverged)) + len(c.With(store.Pruned)) + len(c.With(store.Failed))
}

// lostWords say what became of these: of 6 runs 1 diverged and 2 failed.
func (c *cell) lostWords() string {
	var words []string
	for _, s := range []struct {
		status       store.Status
		one, several string
	}{{store.Diverged, "diverged", "diverged"}, {store.Pruned, "was pruned", "were pruned"}, {store.Failed, "failed", "failed"}} {
		if n := len(c.With(s.status)); n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, verb(n, s.one, s.several)))
		}
	}
	return "of " + number.Count(len(c.Runs), "run") + " " + listed(words)
}

// emptyWords say why a cell has no value at the end of the training.
func emptyWords(c *cell) string {
	if c.lost() > 0 {
		return c.lostWords()
	}
	return "no finished run"
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
