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
		Networks: networks.NewSource(db, dataset.NewFiles(nil)), MostEpochs: heldEpochs, db: db, layersOf: map[string][]store.Layer{},
		wrongOf:  map[string][]uint64{},
		lossesOf: map[lossKey][]float64{}, numberOf: map[lossKey]store.Number{}, growing: true,
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
	}
	r.order(len(runs))
	distinguish(r.Cells)
	if db == nil {
		r.versions = []version{}
		return r, nil
	}
	return r, r.readSpent(ctx)
}

// Bring takes how a run ended from the process that has trained it, so that Learn need not
// read it. It is what the database has or is about to have.
func (r *Results) Bring(result store.Result) {
	if r.brought == nil {
		r.brought = map[string]store.Result{}
	}
	r.brought[result.Run.ID] = result
}

// Learn reads how some runs ended, which does not change any more.
func (r *Results) Learn(ctx context.Context, ids []string) error {
	var unread []string
	ended := map[string]store.Run{}
	for _, id := range ids {
		if one, ok := r.brought[id]; ok {
			ended[id] = one.Run
		} else {
			unread = append(unread, id)
		}
	}
	if len(unread) > 0 {
		rows, err := r.db.RunsWith(ctx, unread)
		if err != nil {
			return err
		}
		for _, row := range rows {
			ended[row.ID] = row
		}
	}
	data := map[string]store.Dataset{}
	for id, row := range ended {
		at := r.placeOf(id)
		if at.cell == nil {
			continue
		}
		at.cell.Runs[at.of].Run = row
		if err := r.learnData(ctx, at.cell, row.Data, data); err != nil {
			return err
		}
		if outputs := r.brought[id].Outputs; outputs != nil {
			r.wrongOf[id] = wrongOf(at.cell.Data, outputs)
		}
		r.measured = false
	}
	return nil
}

// learnData reads what is known of the data of a cell, once.
func (r *Results) learnData(ctx context.Context, c *Cell, id string, read map[string]store.Dataset) (err error) {
	if id == "" || c.Data.ID != "" {
		return nil
	}
	if _, known := read[id]; !known {
		if read[id], err = r.dataset(ctx, id); err != nil {
			return err
		}
	}
	c.Data = read[id]
	return nil
}

// runPlace is where a run is: of a cell.
type runPlace struct {
	cell *Cell
	of   int
}

// placeOf finds a run that was planned.
func (r *Results) placeOf(id string) runPlace {
	if r.places == nil {
		r.places = map[string]runPlace{}
		for _, c := range r.Cells {
			for i, one := range c.Runs {
				r.places[one.ID] = runPlace{cell: c, of: i}
			}
		}
	}
	return r.places[id]
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
	if r.progress == nil {
		r.progress = r.plan(s, rounds)
		r.progress.outcomesOnly = true
	}
	r.progress.most = rounds
	verdicts, err := r.verdicts(ctx, s, r.progress)
	if err != nil {
		return nil, err
	}
	clear(r.brought) // what is needed of these is kept
	states := make([]ClaimState, len(verdicts))
	for i, v := range verdicts {
		states[i].Cells = r.progress.cellsOf(i)
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
func (p *plan) cellsOf(claim int) (ids []string) {
	for _, at := range p.places[claim] {
		for _, c := range at.cells {
			ids = append(ids, c.Runs[0].Cell)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
