package verdict

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/networks"
)

// Stage is how far a claim has come while seeds are added until it is decided.
type Stage int

// The stages.
const (
	Open        Stage = iota // more seeds may decide it
	Decided                  // it holds or does not hold, and stays so
	Undecidable              // no number of seeds up to the most is likely to decide it
)

// ClaimState is how far a claim has come, and the cells that it needs more seeds of
// as long as it is open.
type ClaimState struct {
	Stage
	Cells []string // by their identities, those that best chooses among included
}

// Planned gives the results of a study as it is planned, none of which is known yet:
// Learn brings them in. The study may be unknown to the database.
func Planned(ctx context.Context, db *store.DB, s *study.Study, runs []study.Run) (*Results, error) {
	r := &Results{
		Study:    store.Study{Study: s.Name, YAML: s.YAML, Select: s.Select, Set: s.Set},
		Networks: networks.NewSource(db, dataset.NewFiles(nil)), db: db, layersOf: map[string][]store.Layer{}, wrongOf: map[string][]uint64{},
		growing: true,
	}
	byCell, configs := map[string]*Cell{}, map[string]json.RawMessage{}
	for i := range runs {
		p := &runs[i]
		c := byCell[p.Cell]
		if c == nil {
			c = &Cell{Label: p.Label, Axes: p.Axes, Config: p.Config}
			byCell[p.Cell] = c
			r.Cells = append(r.Cells, c)
			config, err := json.Marshal(p.Config)
			if err != nil {
				return nil, fmt.Errorf("configuration of %s: %w", p.Label, err)
			}
			configs[p.Cell] = config
		}
		one := Run{Run: store.Run{ID: p.ID, Cell: p.Cell, Label: p.Label, Status: store.Pending, Config: configs[p.Cell],
			SeedData: p.Seeds.Data, SeedInit: p.Seeds.Init, SeedOrder: p.Seeds.Order}, planned: i}
		c.Runs = append(c.Runs, one)
		r.Runs = append(r.Runs, one)
	}
	for _, c := range r.Cells {
		c.sort()
	}
	distinguish(r.Cells)
	if db == nil {
		r.versions = []version{}
		return r, nil
	}
	return r, r.readSpent(ctx)
}

// Learn reads how some runs ended, which does not change any more.
func (r *Results) Learn(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := r.db.RunsWith(ctx, ids)
	if err != nil {
		return err
	}
	r.measured = false
	ended := map[string]store.Run{}
	for _, row := range rows {
		ended[row.ID] = row
	}
	data := map[string]store.Dataset{}
	for _, c := range r.Cells {
		for i := range c.Runs {
			if row, ok := ended[c.Runs[i].ID]; ok {
				c.Runs[i].Run = row
			}
		}
		id := c.Runs[0].Data
		if id == "" || c.Data.ID != "" {
			continue
		}
		if _, known := data[id]; !known {
			if data[id], err = r.dataset(ctx, id); err != nil {
				return err
			}
		}
		c.Data = data[id]
	}
	for i := range r.Runs {
		if row, ok := ended[r.Runs[i].ID]; ok {
			r.Runs[i].Run = row
		}
	}
	return nil
}

// readLearned reads the epochs of the runs of cells that were learnt since.
func (r *Results) readLearned(ctx context.Context) (err error) {
	for _, c := range r.Cells {
		for i := range c.Runs {
			if one := &c.Runs[i]; one.Measured == nil && one.Status != store.Pending {
				if one.Measured, err = r.db.Epochs(ctx, one.ID); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Progress says how far the claims of a study are after some rounds of seeds. What
// more seeds cannot mend, such as a run that has failed, makes a claim undecidable.
func (r *Results) Progress(ctx context.Context, s *study.Study, rounds int) ([]ClaimState, error) {
	p := r.plan(s, rounds)
	p.bare = true
	verdicts, err := r.verdicts(ctx, s, p)
	if err != nil {
		return nil, err
	}
	states := make([]ClaimState, len(verdicts))
	for i, v := range verdicts {
		states[i].Cells = r.cellsOf(s, s.Expect[i])
		switch {
		case v.Outcome != Undecided:
			states[i].Stage = Decided
		case v.Futile:
			states[i].Stage = Undecidable
		}
	}
	return states, nil
}

// cellsOf lists the cells that a claim speaks of.
func (r *Results) cellsOf(s *study.Study, e study.Expectation) (ids []string) {
	for _, one := range s.Instances(e) {
		for _, t := range slices.Concat(one.Lhs.Terms, one.Rhs.Terms) {
			for _, c := range r.matching(t) {
				ids = append(ids, c.Runs[0].Cell)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
