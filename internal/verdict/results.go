package verdict

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/networks"
)

// Results is what a database has of one study: its runs by cells. What takes long
// to read, such as layers and test outputs, it reads when it is asked for, once.
type Results struct {
	Study store.Study
	Runs  []*Run // of the cells, in the order in which they were planned
	Cells []*Cell

	Networks *networks.Source // of kept networks and their examples; as it is read, it finds the data that the program makes

	// MostEpochs are in memory at once. Those of a study that has no more are read together, else cell by cell.
	MostEpochs int

	db       *store.DB
	measured bool                     // epochs of all runs have been read
	epochs   int                      // of all runs at most; 0 before they are counted
	held     []*Cell                  // whose epochs are in memory where those of all are too many, the ones read last behind
	growing  bool                     // runs are brought in by Learn, and their epochs are read one by one
	layersOf map[string][]store.Layer // of the runs that were asked for last
	layers   int                      // of all these
	wrongOf  map[string][]uint64      // test examples that a run got wrong, packed; nil where it has left no outputs
	tables   map[string]pairTable     // measures of pairs that were asked for
	versions []version                // of the study, read when they are asked for
	progress *plan                    // of the study whose Progress is asked for
	brought  map[string]store.Result  // how runs ended, as the process says that has trained them
	places   map[string]runPlace      // of the runs that are planned
	lossesOf map[lossKey][]float64    // by run; kept while runs are brought in by Learn
	numberOf map[lossKey]store.Number // of the outputs of runs, likewise
	changed  changes
	given    given
}

// Read reads the results of a study, without the epochs of its runs. Its error
// says so where the database holds no such study. Rows that are not what was written
// are left out, and Changes says so.
func Read(ctx context.Context, db *store.DB, name string) (*Results, error) {
	return ReadCells(ctx, db, name, nil)
}

// ReadCells reads those of some cells, by their identities; nil is all.
func ReadCells(ctx context.Context, db *store.DB, name string, cells []string) (*Results, error) {
	found, err := db.Inspect(ctx, name, cells)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("the database holds no study %q", name)
	}
	if err != nil {
		return nil, err
	}
	r := &Results{Study: found.Study, Networks: networks.NewSource(db, dataset.NewFiles(nil)), MostEpochs: heldEpochs, db: db,
		layersOf: map[string][]store.Layer{}, wrongOf: map[string][]uint64{}}
	r.changed.says = found.Says
	if err := r.group(ctx, found.Runs, found.Members); err != nil {
		return nil, err
	}
	r.readGiven()
	return r, nil
}

// group makes cells of runs.
func (r *Results) group(ctx context.Context, runs []store.Run, members []store.StudyRun) error {
	membership := map[string]store.StudyRun{}
	for _, m := range members {
		membership[m.RunID] = m
	}
	byCell, data, size := map[string]*Cell{}, map[string]store.Dataset{}, map[string]int{}
	for i := range runs {
		size[runs[i].Cell]++
	}
	for i := range runs {
		stored := &runs[i]
		c := byCell[stored.Cell]
		if c == nil {
			var err error
			if c, err = r.newCell(ctx, *stored, membership[stored.ID], data); err != nil {
				return err
			}
			c.Former, c.Runs = true, make([]Run, 0, size[stored.Cell])
			byCell[stored.Cell] = c
			r.Cells = append(r.Cells, c)
		}
		c.Former = c.Former && membership[stored.ID].Former
		c.Runs = append(c.Runs, Run{Run: *stored, planned: i})
	}
	r.order(len(runs))
	distinguish(r.Cells)
	return nil
}

// order sorts the runs of cells, of which there are n together, and puts them in the study's order.
func (r *Results) order(n int) {
	r.Runs = make([]*Run, n)
	for _, c := range r.Cells {
		c.sort()
		for i := range c.Runs {
			r.Runs[c.Runs[i].planned] = &c.Runs[i]
		}
	}
}

// Update reads how far the runs have come since; what they have left before stays
// read.
func (r *Results) Update(ctx context.Context) error {
	runs, err := r.db.Runs(ctx, r.Study.Study)
	if err != nil {
		return err
	}
	now := map[string]store.Run{}
	for _, one := range runs {
		now[one.ID] = one
	}
	for _, one := range r.Runs {
		is := now[one.ID]
		if is.Status != one.Status {
			delete(r.layersOf, one.ID)
			delete(r.wrongOf, one.ID)
		}
		one.Run = is
	}
	for _, c := range r.Cells {
		if c.Data.Spec == nil {
			if c.Data, err = r.dataset(ctx, c.Runs[0].Data); err != nil {
				return err
			}
		}
	}
	r.forgetAll()
	r.measured, r.epochs = false, 0
	return nil
}

// newCell makes a cell of its first run. Data sets are read once.
func (r *Results) newCell(ctx context.Context, stored store.Run, m store.StudyRun, data map[string]store.Dataset) (*Cell, error) {
	config, err := study.ReadConfig(stored.Config)
	if err != nil {
		return nil, fmt.Errorf("run %.12s: %w", stored.ID, err)
	}
	c := &Cell{Label: m.CellLabel, Config: config}
	if len(m.Axes) > 0 {
		if err := json.Unmarshal(m.Axes, &c.Axes); err != nil {
			return nil, fmt.Errorf("axes of run %.12s: %w", stored.ID, err)
		}
	}
	if c.Label == "" {
		c.Label = "base"
	}
	if _, known := data[stored.Data]; !known {
		if data[stored.Data], err = r.dataset(ctx, stored.Data); err != nil {
			return nil, err
		}
	}
	c.Data = data[stored.Data]
	return c, nil
}

// distinguish numbers cells that have the same label.
func distinguish(cells []*Cell) {
	seen := map[string]int{}
	for _, c := range cells {
		label := c.Label
		if seen[label]++; seen[label] > 1 {
			c.Label = fmt.Sprintf("%s (%d)", label, seen[label])
		}
	}
}

// Layers gives what was measured of a run's layers, by epoch and layer.
func (r *Results) Layers(ctx context.Context, one Run) ([]store.Layer, error) {
	if known, ok := r.layersOf[one.ID]; ok {
		return known, nil
	}
	layers, err := r.db.Layers(ctx, one.ID)
	if err != nil {
		layers, err = nil, r.changed.leaveOut(err)
	}
	if err != nil {
		return nil, err
	}
	if r.layers += len(layers); r.layers > 2*r.MostEpochs {
		clear(r.layersOf)
		r.layers = len(layers)
	}
	r.layersOf[one.ID] = layers
	return layers, nil
}
