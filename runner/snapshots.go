package runner

import (
	"fmt"
	"slices"

	"nightshift/internal/array"
	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/mlp"
)

// snapshots are those of the weights, taken while a run is trained.
type snapshots struct {
	night.Retention
	precision string
	best      []night.Lowest // of each metric of best
	taken     map[int]store.Snapshot
	stored    map[int]bool // epochs whose snapshots are in the store
}

func newSnapshots(k night.Retention, precision string) *snapshots {
	w := &snapshots{Retention: k, precision: precision, taken: map[int]store.Snapshot{}, stored: map[int]bool{}}
	for _, name := range k.Best {
		w.best = append(w.best, night.Lowest{Metric: name})
	}
	return w
}

// observe takes a snapshot of an epoch that may be kept; row is what was measured.
func (w *snapshots) observe(e mlp.Epoch, row store.Epoch, training mlp.Training) error {
	if e.Diverged || e.Last && e.Best > 0 && e.Best != e.Epoch {
		return nil // not numbers, or not the weights of this epoch any more
	}
	take := w.On(e.Epoch)
	for i := range w.best {
		before := w.best[i].Epoch
		if e.Measured && w.best[i].See(row) {
			take = true
			w.drop(before)
		}
	}
	if !take {
		return nil
	}
	return w.take(e.Epoch, training)
}

// drop removes the weights of an epoch that is not the best any more.
func (w *snapshots) drop(epoch int) {
	if !w.On(epoch) && !slices.ContainsFunc(w.best, func(l night.Lowest) bool { return l.Epoch == epoch }) {
		delete(w.taken, epoch)
	}
}

func (w *snapshots) take(epoch int, training mlp.Training) error {
	dtype := array.F32
	if w.precision == "float64" {
		dtype = array.F64
	}
	var tensors []array.Tensor
	for _, t := range training.Weights() {
		tensors = append(tensors, array.Tensor(t))
	}
	b, err := array.Safetensors(tensors, dtype)
	w.taken[epoch] = store.Snapshot{Epoch: epoch, Tensors: b}
	return err
}

// fresh gives the snapshots that are not in the store yet.
func (w *snapshots) fresh() []store.Snapshot {
	var list []store.Snapshot
	for e, s := range w.taken {
		if !w.stored[e] {
			list = append(list, s)
		}
	}
	return list
}

// markStored says that snapshots are in the store now.
func (w *snapshots) markStored(list []store.Snapshot) {
	for _, s := range list {
		w.stored[s.Epoch] = true
	}
}

// restore brings new snapshots to where they were after the epoch of a checkpoint,
// given what was measured and stored until then. It is false if weights are to
// be kept that were not.
func (w *snapshots) restore(epoch int, measured []store.Epoch, stored []store.Snapshot) bool {
	for _, s := range stored {
		w.taken[s.Epoch] = s
	}
	w.markStored(stored)
	for _, e := range measured {
		for i := range w.best {
			w.best[i].See(e)
		}
	}
	for e := range epoch + 1 {
		best := slices.ContainsFunc(w.best, func(l night.Lowest) bool { return l.Epoch > 0 && l.Epoch == e })
		if _, ok := w.taken[e]; !ok && (best || w.On(e)) {
			return false
		}
	}
	return true
}

// choose gives the snapshots of the epochs that are kept.
func (w *snapshots) choose(epochs []int) ([]store.Snapshot, error) {
	var list []store.Snapshot
	for _, e := range epochs {
		s, ok := w.taken[e]
		if !ok {
			return nil, fmt.Errorf("the weights of epoch %d are to be kept, but were not seen", e)
		}
		list = append(list, s)
	}
	return list, nil
}
