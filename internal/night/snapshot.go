package night

import (
	"context"
	"time"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// Snapshot is what a database says of some studies at one moment.
type Snapshot struct {
	Studies []Study
	Owners  []Owner          // processes that are registered, the dead ones included
	By      store.Provenance // of the program and machine that go on with what others have begun

	alive       map[string]bool // owners by their identity
	states      map[string]store.State
	checkpoints map[string]int                      // epoch of each run's checkpoint
	atRungs     map[string]map[string]store.AtRungs // of the runs of studies that prune, by study and run
	rows        map[string]store.Run                // of failed runs, and of results in studies that keep weights
	weights     map[string][]int                    // epochs whose weights are stored, by run
	measured    map[string][]store.Epoch            // of rows, where the weights that are kept depend on it
	extensions  map[string]Extension                // finished runs with fewer epochs, by the run that is not
	trials      map[bool]map[string]*trial          // by study, and whether failures are tried again
}

// Read looks at what a database (nil for none yet) has of the studies at the
// time now. Lease is as in Owners.
func Read(ctx context.Context, db *store.DB, studies []Study, now time.Time, lease time.Duration) (*Snapshot, error) {
	if db == nil {
		s := &Snapshot{Studies: studies}
		return s, s.readTrials(ctx, nil)
	}
	s, err := readStates(ctx, db, now, lease)
	if err != nil {
		return nil, err
	}
	s.Studies = studies
	return s, s.read(ctx, db)
}

// readStates looks at the processes and at how far all runs are.
func readStates(ctx context.Context, db *store.DB, now time.Time, lease time.Duration) (*Snapshot, error) {
	s := &Snapshot{
		alive: map[string]bool{}, atRungs: map[string]map[string]store.AtRungs{},
		rows: map[string]store.Run{}, measured: map[string][]store.Epoch{},
	}
	var err error
	if s.Owners, err = Owners(ctx, db, now, lease); err != nil {
		return nil, err
	}
	for _, o := range s.Owners {
		s.alive[o.ID] = o.Alive
	}
	s.states, err = db.States(ctx)
	return s, err
}

// read looks at what more has to be known of the snapshot's studies.
func (s *Snapshot) read(ctx context.Context, db *store.DB) (err error) {
	if s.checkpoints, err = db.Checkpoints(ctx); err != nil {
		return err
	}
	for _, study := range s.Studies {
		if study.Prune == nil {
			continue
		}
		b := newBracket(study)
		var ids []string
		for _, runs := range b.cells {
			ids = append(ids, runs...)
		}
		if s.atRungs[b.study], err = b.atRungs(ctx, db, ids); err != nil {
			return err
		}
	}
	if err := s.readTrials(ctx, db); err != nil {
		return err
	}
	if err := s.readExtensions(ctx, db); err != nil {
		return err
	}
	if err := s.readRows(ctx, db); err != nil {
		return err
	}
	return s.readKept(ctx, db)
}

// readRows reads the rows that more has to be known of. Nearly all are found as
// members of the studies; one by one those that only other studies have had so far.
func (s *Snapshot) readRows(ctx context.Context, db *store.DB) error {
	wanted := map[string]bool{}
	for _, study := range s.Studies {
		for i := range study.Runs {
			id := study.Runs[i].ID
			if _, ok := s.rows[id]; ok {
				continue
			}
			switch s.states[id].Status {
			case store.Failed:
				wanted[id] = true
			case store.Done, store.Diverged:
				if study.Keep.Weights != "none" {
					wanted[id] = true
				}
			}
		}
	}
	for _, study := range s.Studies {
		if len(wanted) == 0 {
			return nil
		}
		rows, err := db.Runs(ctx, study.Name)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if wanted[r.ID] {
				s.rows[r.ID] = r
				delete(wanted, r.ID)
			}
		}
	}
	for id := range wanted {
		r, err := db.Run(ctx, id)
		if err != nil {
			return err
		}
		s.rows[id] = r
	}
	return nil
}

// readKept reads which weights there are of the results, and what the choice of
// those that are kept depends on.
func (s *Snapshot) readKept(ctx context.Context, db *store.DB) (err error) {
	keeps := retentions(s.Studies, nil)
	if len(s.rows) == 0 || len(keeps) == 0 {
		return nil
	}
	if s.weights, err = db.WeightEpochs(ctx); err != nil {
		return err
	}
	for _, study := range s.Studies {
		for i := range study.Runs {
			r := &study.Runs[i]
			row, ok := s.rows[r.ID]
			if !ok || s.measured[r.ID] != nil || !keeps[r.ID].measures(r.Config.Config) || !hasResult(row) {
				continue
			}
			if s.measured[r.ID], err = db.Epochs(ctx, r.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func hasResult(r store.Run) bool { return r.Status == store.Done || r.Status == store.Diverged }

// Known says whether the database has a row for a run.
func (s *Snapshot) Known(id string) bool { _, ok := s.states[id]; return ok }

// Status is that of a run: pending if it is not known, and interrupted if the
// process is dead that was training it.
func (s *Snapshot) Status(id string) store.Status {
	state, ok := s.states[id]
	switch {
	case !ok:
		return store.Pending
	case state.Status == store.Running && !s.alive[state.Holder]:
		return store.Interrupted
	}
	return state.Status
}

// Checkpoint is the epoch that a run can go on from; 0 where it has to start.
func (s *Snapshot) Checkpoint(id string) int { return s.checkpoints[id] }

// Reason is that of a run which was interrupted or is trained; "" for none.
func (s *Snapshot) Reason(id string) string { return s.states[id].Reason }

// Seconds is how long a run was trained, as far as it is recorded.
func (s *Snapshot) Seconds(id string) float64 { return s.states[id].Seconds }

// Lacks says whether a result is without any of the weights that are to be kept
// of it, as the database has them now.
func Lacks(ctx context.Context, db *store.DB, k Retention, c mlp.Config, row store.Run, have []int) (bool, error) {
	var measured []store.Epoch
	if k.measures(c) {
		var err error
		if measured, err = db.Epochs(ctx, row.ID); err != nil {
			return false, err
		}
	}
	return k.lacks(c, row, measured, have), nil
}
