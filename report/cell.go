package report

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// cell is one combination of the axes with its runs, ordered by their seeds.
type cell struct {
	label  string
	axes   []study.AxisValue
	config study.Config
	data   store.Dataset
	runs   []run
}

type run struct {
	store.Run
	epochs []store.Epoch
}

// ended says what ended the run before its training did.
func (r run) ended() figure.Ended {
	switch r.Status {
	case store.Diverged:
		return figure.Diverged
	case store.Pruned:
		return figure.Pruned
	}
	return ""
}

func (r run) seeds() study.Seeds {
	return study.Seeds{Data: r.SeedData, Init: r.SeedInit, Order: r.SeedOrder}
}

// finished are the runs that ended with a result that has a mean.
func (c *cell) finished() []run { return c.with(store.Done) }

func (c *cell) with(status store.Status) []run {
	var some []run
	for _, r := range c.runs {
		if r.Status == status {
			some = append(some, r)
		}
	}
	return some
}

func (c *cell) regression() bool { return c.data.Regression }

// seedName names a run's place among the repeats, by the seeds that differ in its cell.
func (c *cell) seedName(r run) string {
	if c.oneSeed(r) {
		return "seed " + c.seedNumbers(r)
	}
	return strings.Join(c.varied(), "/") + " seed " + c.seedNumbers(r)
}

// oneSeed says that one number tells the run from the others: nothing differs,
// or initial weights and order go together.
func (c *cell) oneSeed(r run) bool {
	v := c.varied()
	return len(v) == 0 || len(v) == 2 && v[0] == "init" && r.SeedInit == r.SeedOrder
}

// seedNumbers is what seedName names, without the words: 3, or 3/0 where two
// streams differ.
func (c *cell) seedNumbers(r run) string {
	if c.oneSeed(r) {
		return fmt.Sprint(r.SeedInit)
	}
	var numbers []string
	for _, stream := range c.varied() {
		seed := map[string]uint64{"data": r.SeedData, "init": r.SeedInit, "order": r.SeedOrder}[stream]
		numbers = append(numbers, fmt.Sprint(seed))
	}
	return strings.Join(numbers, "/")
}

// varied lists the seed streams that differ between the cell's runs.
func (c *cell) varied() []string {
	var names []string
	differ := func(name string, seed func(run) uint64) {
		if slices.ContainsFunc(c.runs, func(r run) bool { return seed(r) != seed(c.runs[0]) }) {
			names = append(names, name)
		}
	}
	differ("data", func(r run) uint64 { return r.SeedData })
	differ("init", func(r run) uint64 { return r.SeedInit })
	differ("order", func(r run) uint64 { return r.SeedOrder })
	return names
}
