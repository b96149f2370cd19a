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
	db       *store.DB
	study    store.Study
	runs     []run // in the order in which they were planned
	cells    []*cell
	blocks   []*block
	expect   []study.Expectation
	wanted   []string // figures; nil for all
	nights   []store.Night
	warnings []string // about the study as a whole

	layersOf map[string][]store.Layer // of the runs that were asked for
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
	r := &results{db: db, study: studies[at], layersOf: map[string][]store.Layer{}}
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
	if r.nights, err = db.Nights(ctx, name); err != nil {
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
			return cmp.Or(cmp.Compare(a.SeedData, b.SeedData), cmp.Compare(a.SeedInit, b.SeedInit),
				cmp.Compare(a.SeedOrder, b.SeedOrder))
		})
	}
	distinguish(r.cells)
	r.blocks = blocks(r.cells)
	r.declared()
	return r, nil
}

// declared reads what the study file says of the report. A file that this
// version can no longer read still has its results shown.
func (r *results) declared() {
	s, err := study.Parse(r.study.Study, []byte(r.study.YAML), r.study.Set)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		r.warnings = append(r.warnings, "This version of nightshift cannot read the stored study file, so its expectations and "+
			"its choice of figures are not shown: "+first)
		return
	}
	r.expect, r.wanted = s.Expect, s.Figures
}

func newCell(ctx context.Context, db *store.DB, stored store.Run, m store.StudyRun) (*cell, error) {
	config, err := study.ReadConfig(stored.Config)
	if err != nil {
		return nil, fmt.Errorf("run %.12s: %w", stored.ID, err)
	}
	c := &cell{label: m.CellLabel, config: config}
	if len(m.Axes) > 0 {
		if err := json.Unmarshal(m.Axes, &c.axes); err != nil {
			return nil, fmt.Errorf("axes of run %.12s: %w", stored.ID, err)
		}
	}
	if c.label == "" {
		c.label = "base"
	}
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

// layers reads what was measured of a run's layers, once.
func (r *results) layers(ctx context.Context, one run) ([]store.Layer, error) {
	if known, ok := r.layersOf[one.ID]; ok {
		return known, nil
	}
	layers, err := r.db.Layers(ctx, one.ID)
	if err != nil {
		return nil, err
	}
	r.layersOf[one.ID] = layers
	return layers, nil
}
