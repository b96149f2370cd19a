package night

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Stored is a study of a database, with its runs counted by status.
type Stored struct {
	store.Study
	Runs   int
	Status map[store.Status]int
}

// Open says whether the study has runs that were planned and are not over.
func (s Stored) Open() bool {
	return s.Status[store.Pending]+s.Status[store.Interrupted]+s.Status[store.Running] > 0
}

// ReadStored lists the studies of a database, and looks closely at some of them:
// those are the snapshot's. Now and lease are as in Read.
func ReadStored(ctx context.Context, db *store.DB, closely func(Stored) bool, now time.Time, lease time.Duration) (*Snapshot,
	[]Stored, error) {
	s, err := readStates(ctx, db, now, lease)
	if err != nil {
		return nil, nil, err
	}
	studies, err := db.Studies(ctx)
	if err != nil {
		return nil, nil, err
	}
	list := make([]Stored, 0, len(studies))
	for _, of := range studies {
		members, err := db.StudyRuns(ctx, of.Study)
		if err != nil {
			return nil, nil, err
		}
		n := Stored{of, len(members), map[store.Status]int{}}
		for _, m := range members {
			n.Status[s.Status(m.RunID)]++
		}
		list = append(list, n)
		if closely(n) {
			if err := s.readStudy(ctx, db, of, members); err != nil {
				return nil, nil, err
			}
		}
	}
	return s, list, s.read(ctx, db)
}

// readStudy adds a study as it is stored, and the rows of its runs. What another
// version has written may not be a study to this one: then it has runs only, and
// where it is a configuration that cannot be read, runs of no epochs.
func (s *Snapshot) readStudy(ctx context.Context, db *store.DB, of store.Study, members []store.StudyRun) error {
	parsed, err := study.Parse(of.Study, []byte(of.YAML), of.Set)
	if err != nil {
		parsed = &study.Study{Name: of.Study, Keep: study.Keep{Weights: "none"}}
	}
	rows, err := db.Runs(ctx, of.Study)
	if err != nil {
		return err
	}
	former := map[string]bool{}
	for _, m := range members {
		former[m.RunID] = m.Former
	}
	rows = slices.DeleteFunc(rows, func(r store.Run) bool { return former[r.ID] }) // they are over, and compete with none
	axes := map[string][]study.AxisValue{}
	if parsed.Until != nil { // whose claims are looked at
		for _, m := range members {
			var of []study.AxisValue
			if err := json.Unmarshal(m.Axes, &of); err != nil {
				return fmt.Errorf("axes of run %.12s: %w", m.RunID, err)
			}
			axes[m.RunID] = of
		}
	}
	st := Study{Study: parsed, Runs: make([]study.Run, len(rows))}
	configs, before := map[string]study.Config{}, map[string]int{}
	for i, r := range rows {
		s.rows[r.ID] = r
		c, ok := configs[r.Cell]
		if !ok {
			if c, err = study.ReadConfig(r.Config); err != nil {
				c = study.Config{Config: mlp.Default()}
				c.Epochs = 0 // nobody knows how many
			}
			configs[r.Cell] = c
		}
		st.Runs[i] = study.Run{ID: r.ID, Cell: r.Cell, Label: r.Label, Config: c, Fingerprint: r.Data,
			Seeds: study.Seeds{Data: r.SeedData, Init: r.SeedInit, Order: r.SeedOrder}}
		if parsed.Until != nil {
			st.Runs[i].Round = parsed.Until.Round(before[r.Cell])
			st.Runs[i].Axes = axes[r.ID]
		}
		before[r.Cell]++
	}
	s.Studies = append(s.Studies, st)
	return nil
}

// Row is that of a run of a study which was looked at closely; false for others.
func (s *Snapshot) Row(id string) (store.Run, bool) { r, ok := s.rows[id]; return r, ok }
