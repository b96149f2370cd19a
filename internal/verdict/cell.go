package verdict

import (
	"cmp"
	"slices"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Cell is one combination of the axes with its runs, ordered by their seeds.
type Cell struct {
	Label  string // no other cell of the study has the same
	Axes   []study.AxisValue
	Config study.Config
	Data   store.Dataset // without an ID where it is not known, as before any run has started
	Runs   []Run
	Former bool // the newest version of the study has no run of it: it is shown, and no claim speaks of it

	measured  bool   // epochs of its runs are in memory; where those of all are, this is not said
	configKey string // read when it is asked for
	order     []*Run // runs in the study's order, made when it is asked for
}

// Run is a run with what was measured after its epochs.
type Run struct {
	store.Run
	Measured []store.Epoch // nil before Results.ReadEpochs of its cell

	planned int // its place in the study's order
}

// Seeds are those of the run's three streams.
func (r Run) Seeds() study.Seeds {
	return study.Seeds{Data: r.SeedData, Init: r.SeedInit, Order: r.SeedOrder}
}

// Finished are the runs that ended with a result that has a mean.
func (c *Cell) Finished() []Run { return c.With(store.Done) }

// With gives the runs of a status, which nobody changes: where these are all, they are not copied.
func (c *Cell) With(status store.Status) []Run {
	n := 0
	for i := range c.Runs {
		if c.Runs[i].Status == status {
			n++
		}
	}
	switch n {
	case 0:
		return nil
	case len(c.Runs):
		return slices.Clip(c.Runs)
	}
	some := make([]Run, 0, n)
	for i := range c.Runs {
		if c.Runs[i].Status == status {
			some = append(some, c.Runs[i])
		}
	}
	return some
}

// Regression says whether the cell learns numbers, not classes.
func (c *Cell) Regression() bool { return c.Data.Regression }

// Examples is the number of examples of a split, train, valid or test; 0 where it is not known.
func (c *Cell) Examples(split string) int {
	tests := len(c.Data.TestLabels)
	if c.Regression() {
		tests = len(c.Data.TestTargets) / max(1, c.Data.Out)
	}
	training, validation := c.Config.Data.Sizes(tests)
	switch split {
	case "train":
		return training
	case "valid":
		return validation
	}
	return tests
}

// Varied lists the seed streams that differ between the cell's runs.
func (c *Cell) Varied() []string {
	var names []string
	differ := func(name string, seed func(*Run) uint64) {
		for i := range c.Runs {
			if seed(&c.Runs[i]) != seed(&c.Runs[0]) {
				names = append(names, name)
				return
			}
		}
	}
	differ("data", func(r *Run) uint64 { return r.SeedData })
	differ("init", func(r *Run) uint64 { return r.SeedInit })
	differ("order", func(r *Run) uint64 { return r.SeedOrder })
	return names
}

// Planned are the runs in the study's order, which is that of units at looks.
func (c *Cell) Planned() []Run {
	var runs []Run
	for _, one := range c.planned() {
		runs = append(runs, *one)
	}
	return runs
}

// planned are the same runs where they are.
func (c *Cell) planned() []*Run {
	if len(c.order) != len(c.Runs) {
		c.order = make([]*Run, len(c.Runs))
		for i := range c.Runs {
			c.order[i] = &c.Runs[i]
		}
		slices.SortFunc(c.order, func(a, b *Run) int { return cmp.Compare(a.planned, b.planned) })
	}
	return c.order
}

// sort orders the runs by their seeds.
func (c *Cell) sort() {
	slices.SortStableFunc(c.Runs, func(a, b Run) int {
		return cmp.Or(cmp.Compare(a.SeedData, b.SeedData), cmp.Compare(a.SeedInit, b.SeedInit),
			cmp.Compare(a.SeedOrder, b.SeedOrder))
	})
}
