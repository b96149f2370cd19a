package report

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// results is everything of one study that figures are made from.
type results struct {
	db     *store.DB
	study  store.Study
	runs   []run // in the order in which they were planned
	cells  []*cell
	blocks []*block
}

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

// block is the part of a study whose cells can be compared in one figure: the
// same data set and the same axes.
type block struct {
	name  string // "" if it is the only one
	title string // " (name)" or ""
	cells []*cell
	axes  []axis // those that have more than one value
}

// axis is one dimension of a block with its values in the order written.
type axis struct {
	name   string
	labels []string
	values []float64 // of each label; nil if they are not numbers
}

func read(ctx context.Context, db *store.DB, name string) (*results, error) {
	studies, err := db.Studies(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(studies, func(s store.Study) bool { return s.Study == name })
	if at < 0 {
		return nil, fmt.Errorf("the database holds no study %q", name)
	}
	r := &results{db: db, study: studies[at]}
	members, err := db.StudyRuns(ctx, name)
	if err != nil {
		return nil, err
	}
	runs, err := db.Runs(ctx, name)
	if err != nil {
		return nil, err
	}
	epochs, err := db.StudyEpochs(ctx, name)
	if err != nil {
		return nil, err
	}
	membership := map[string]store.StudyRun{}
	for _, m := range members {
		membership[m.RunID] = m
	}
	byCell := map[string]*cell{}
	for _, stored := range runs {
		one := run{stored, epochs[stored.ID]}
		r.runs = append(r.runs, one)
		c := byCell[stored.Cell]
		if c == nil {
			if c, err = newCell(ctx, db, stored, membership[stored.ID]); err != nil {
				return nil, err
			}
			byCell[stored.Cell] = c
			r.cells = append(r.cells, c)
		}
		c.runs = append(c.runs, one)
	}
	for _, c := range r.cells {
		slices.SortStableFunc(c.runs, func(a, b run) int {
			return cmp.Or(cmp.Compare(a.SeedData, b.SeedData), cmp.Compare(a.SeedInit, b.SeedInit), cmp.Compare(a.SeedOrder, b.SeedOrder))
		})
	}
	distinguish(r.cells)
	r.blocks = blocks(r.cells)
	return r, nil
}

func newCell(ctx context.Context, db *store.DB, stored store.Run, m store.StudyRun) (*cell, error) {
	c := &cell{label: m.CellLabel}
	if err := json.Unmarshal(stored.Config, &c.config); err != nil {
		return nil, fmt.Errorf("configuration of run %.12s: %w", stored.ID, err)
	}
	if len(m.Axes) > 0 {
		if err := json.Unmarshal(m.Axes, &c.axes); err != nil {
			return nil, fmt.Errorf("axes of run %.12s: %w", stored.ID, err)
		}
	}
	if c.label == "" {
		c.label = "base"
	}
	var err error
	if c.data, err = db.Dataset(ctx, stored.Data); err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err // of a cell that no run has started of, the data may be unknown
	}
	return c, nil
}

// distinguish numbers cells that have the same label.
func distinguish(cells []*cell) {
	seen := map[string]int{}
	for _, c := range cells {
		label := c.label
		if seen[label]++; seen[label] > 1 {
			c.label = fmt.Sprintf("%s (%d)", label, seen[label])
		}
	}
}

func blocks(cells []*cell) []*block {
	byKey := map[string]*block{}
	var all []*block
	for _, c := range cells {
		key := fmt.Sprintf("%s %t", c.config.Data.Set, c.data.Regression)
		for _, a := range c.axes {
			key += "\n" + a.Axis
		}
		b := byKey[key]
		if b == nil {
			b = &block{}
			byKey[key] = b
			all = append(all, b)
		}
		b.cells = append(b.cells, c)
	}
	names := map[string]int{}
	for _, b := range all {
		for i, a := range b.cells[0].axes {
			if x := newAxis(b.cells, i, a.Axis); len(x.labels) > 1 {
				b.axes = append(b.axes, x)
			}
		}
		if len(all) > 1 {
			set := b.cells[0].config.Data.Set
			if names[set]++; names[set] > 1 {
				set = fmt.Sprintf("%s-%d", set, names[set])
			}
			b.name, b.title = set, " ("+set+")"
		}
	}
	return all
}

func newAxis(cells []*cell, at int, name string) axis {
	x := axis{name: name}
	numeric := true
	for _, c := range cells {
		v := c.axes[at]
		if slices.Contains(x.labels, v.Label) {
			continue
		}
		x.labels = append(x.labels, v.Label)
		number, ok := v.Value.(float64)
		numeric = numeric && ok
		x.values = append(x.values, number)
	}
	if !numeric {
		x.values = nil
	}
	return x
}

// on gives the index of the cell's label on the axis, or -1.
func (x axis) on(c *cell) int {
	return slices.Index(x.labels, c.on(x.name))
}

// on gives the cell's label on the axis of that name.
func (c *cell) on(name string) string {
	for _, a := range c.axes {
		if a.Axis == name {
			return a.Label
		}
	}
	return ""
}

// axis finds one of the block's axes by its name.
func (b *block) axis(names ...string) (axis, bool) {
	for _, x := range b.axes {
		if slices.Contains(names, x.name) {
			return x, true
		}
	}
	return axis{}, false
}

// group is a set of cells that share their place on some axes.
type group struct {
	label string // of the shared places; "" if there is but one group
	cells []*cell
}

// groups splits cells by their place on the axes that are not named in except.
func (b *block) groups(cells []*cell, except ...string) []group {
	var all []group
	at := map[string]int{}
	for _, c := range cells {
		label := b.where(c, except...)
		i, ok := at[label]
		if !ok {
			i = len(all)
			at[label] = i
			all = append(all, group{label: label})
		}
		all[i].cells = append(all[i].cells, c)
	}
	return all
}

// where words the cell's place on the axes that vary in the block, apart from
// those named.
func (b *block) where(c *cell, except ...string) string {
	var places []string
	for _, x := range b.axes {
		if !slices.Contains(except, x.name) {
			places = append(places, c.place(x.name))
		}
	}
	return strings.Join(places, ", ")
}

// place words the cell's position on one axis; the rows of a paired axis speak
// for themselves.
func (c *cell) place(name string) string {
	for _, a := range c.axes {
		if a.Axis == name {
			return words(a)
		}
	}
	return ""
}

func words(a study.AxisValue) string {
	if a.Value == nil {
		return a.Label
	}
	return a.Axis[strings.LastIndex(a.Axis, ".")+1:] + "=" + a.Label
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

// seeds names a run's place among the repeats, by the seeds that differ in its cell.
func (c *cell) seeds(r run) string {
	varied := c.varied()
	if len(varied) == 0 {
		return "seed " + fmt.Sprint(r.SeedInit)
	}
	if len(varied) == 2 && varied[0] == "init" && varied[1] == "order" && r.SeedInit == r.SeedOrder {
		return "seed " + fmt.Sprint(r.SeedInit)
	}
	var words []string
	for _, v := range varied {
		words = append(words, fmt.Sprintf("%s seed %d", v, map[string]uint64{"data": r.SeedData, "init": r.SeedInit, "order": r.SeedOrder}[v]))
	}
	return strings.Join(words, ", ")
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
