package night

import (
	"context"
	"slices"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Extension is a finished run that differs from another, which is to be trained, by fewer epochs only.
type Extension struct {
	Run     string  // its identity
	Epoch   int     // that it ended with, and the other goes on from
	Seconds float64 // that it was trained
	Why     string  // why the other is trained from its start all the same; "" where it goes on
	by      store.Provenance
}

// mostShorter is how many numbers of epochs below its own, the nearest ones, a run is looked for with.
const mostShorter = 8

// readExtensions finds finished runs with fewer epochs of those that have not begun.
func (s *Snapshot) readExtensions(ctx context.Context, db *store.DB) error {
	var fresh []*study.Run
	for _, of := range s.Studies {
		for i := range of.Runs {
			r := &of.Runs[i]
			status := s.Status(r.ID)
			if s.checkpoints[r.ID] == 0 && r.Fingerprint != "" && status != store.Done && status != store.Diverged {
				fresh = append(fresh, r)
			}
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	epochs, err := db.TrainedEpochs(ctx)
	if err != nil {
		return err
	}
	finals, err := db.Finals(ctx)
	if err != nil {
		return err
	}
	type shorter struct {
		cell   string
		epochs int
	}
	cells := map[shorter]string{} // with so many epochs
	s.extensions = map[string]Extension{}
	for _, r := range fresh {
		below, _ := slices.BinarySearch(epochs, r.Epochs)
		for _, n := range slices.Backward(epochs[max(0, below-mostShorter):below]) {
			at := shorter{r.Cell, n}
			if cells[at] == "" {
				cells[at] = r.WithEpochs(n)
			}
			e := Extension{Run: r.Seeds.Of(cells[at]), Epoch: n}
			if s.Status(e.Run) != store.Done {
				continue
			}
			from, kept := finals[e.Run]
			e.Seconds, e.by = from.Seconds, from.By
			if err := r.Config.Extends(); err != nil {
				e.Why = err.Error()
			} else if !kept {
				e.Why = "their final states are not kept"
			}
			if known, ok := s.extensions[r.ID]; !ok || known.Why != "" {
				s.extensions[r.ID] = e
			}
		}
	}
	return nil
}

// SameBits says whether another program goes on from a checkpoint to the same bits: the same program does, on the same kind of
// machine.
func SameBits(a, b store.Provenance) bool {
	a.Host, b.Host = "", ""
	a.Repository, b.Repository = store.Repository{}, store.Repository{}
	return a == b
}

// Extension is the finished run with fewer epochs of one that is to be trained, if there is one. Runs that compete are trained
// from one rung to the next, from their start.
func (a *Agenda) Extension(id string) (Extension, bool) {
	e, ok := a.extensions[id]
	switch {
	case !ok || e.Why != "":
	case a.Halving.Competes(id):
		e.Why = "with prune they stop at rungs before"
	case !SameBits(e.by, a.By):
		e.Why = "the final states are of another program, processor or kernel"
	}
	return e, ok && (a.Need(id) == Missing || a.NeedLater(id) == Missing)
}

// Checkpoint is the epoch that a run can go on from: that of its own checkpoint, or of the end of a run with fewer epochs; 0
// where it has to start. A final state brings no weights of epochs before it back.
func (a *Agenda) Checkpoint(id string) int {
	own := a.Snapshot.Checkpoint(id)
	if e, ok := a.extensions[id]; ok && own == 0 {
		if e, ok = a.Extension(id); ok && e.Why == "" {
			return e.Epoch
		}
	}
	if a.backfill[id] && own == a.rows[id].Epochs && !a.retentions[id].FinalOnly() {
		return 0
	}
	return own
}
