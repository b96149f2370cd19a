package runner

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/array"
	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// kept says which of a run's weights its studies keep.
type Retention struct {
	Final, initial bool
	every          []int    // distances between epochs
	best           []string // metrics such as valid_error
}

func (k *Retention) Add(s *study.Study) {
	switch s.Keep.Weights {
	case "init+final":
		k.initial, k.Final = true, true
	case "final":
		k.Final = true
	case "every":
		k.every, k.Final = append(k.every, s.Keep.Every), true
	case "best":
		if !slices.Contains(k.best, s.Select) {
			k.best = append(k.best, s.Select)
		}
	}
}

// on says whether the weights of an epoch are kept whatever its metrics.
func (k Retention) On(epoch int) bool {
	return k.initial && epoch == 0 || slices.ContainsFunc(k.every, func(n int) bool { return epoch%n == 0 })
}

// lowest follows a validation metric to its best epoch, as early stopping does:
// epoch 0 is no candidate.
type Lowest struct {
	Metric   string // such as valid_error
	MinDelta float64
	Epoch    int // 0 for none yet
	value    float64
}

// validMetric gives a validation metric, with or without valid_ before its name.
func ValidMetric(e store.Epoch, name string) store.Number {
	m, ok := metric.Named(strings.TrimPrefix(name, "valid_"))
	if !ok {
		return store.Number{}
	}
	return e.Valid.At(m)
}

// see says whether the epoch is the best so far.
func (l *Lowest) See(e store.Epoch) bool {
	v := ValidMetric(e, l.Metric)
	if e.Epoch == 0 || !v.Valid || math.IsNaN(v.V) || math.IsInf(v.V, 1) || l.Epoch > 0 && v.V >= l.value-l.MinDelta {
		return false
	}
	l.Epoch, l.value = e.Epoch, v.V
	return true
}

// FinalEpoch is the epoch whose weights a finished training has left behind:
// the last one, or with early stopping the best. It is false for a run without
// final weights.
func FinalEpoch(c mlp.Config, r store.Run, measured []store.Epoch) (epoch int, ok bool) {
	if r.Status != store.Done {
		return 0, false
	}
	if c.EarlyStop.Patience == 0 {
		return r.Epochs, true
	}
	best := Lowest{Metric: c.EarlyStop.Metric, MinDelta: c.EarlyStop.MinDelta}
	for _, e := range measured {
		best.See(e)
	}
	if best.Epoch == 0 {
		return r.Epochs, true
	}
	return best.Epoch, true
}

// epochs lists the epochs whose weights are kept of a run with a result. Those
// that a diverged run ends with are not, nor are those of the epoch in which an
// early stop went back to its best one.
func (k Retention) Epochs(c mlp.Config, r store.Run, measured []store.Epoch) []int {
	var list []int
	final, done := FinalEpoch(c, r, measured)
	if k.Final && done {
		list = append(list, final)
	}
	for e := range r.Epochs + 1 {
		if k.On(e) && usable(e, final, done, r) {
			list = append(list, e)
		}
	}
	for _, name := range k.best {
		best := Lowest{Metric: name}
		for _, e := range measured {
			if usable(e.Epoch, final, done, r) {
				best.See(e)
			}
		}
		if best.Epoch > 0 {
			list = append(list, best.Epoch)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// usable says whether the network had the weights of an epoch when it was over,
// or when the run was pruned.
func usable(epoch, final int, done bool, r store.Run) bool {
	return epoch < r.Epochs || done && epoch == final || r.Status == store.Pruned && epoch == r.Epochs
}

// keeper takes snapshots of the weights while a run is trained.
type snapshots struct {
	Retention
	precision string
	best      []Lowest // of each metric of best
	taken     map[int]store.Snapshot
	stored    map[int]bool // epochs whose snapshots are in the store
}

func newSnapshots(k Retention, precision string) *snapshots {
	w := &snapshots{Retention: k, precision: precision, taken: map[int]store.Snapshot{}, stored: map[int]bool{}}
	for _, name := range k.best {
		w.best = append(w.best, Lowest{Metric: name})
	}
	return w
}

// see takes a snapshot of an epoch that may be kept; row is what was measured.
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

// drop forgets the weights of an epoch that is not the best any more.
func (w *snapshots) drop(epoch int) {
	if !w.On(epoch) && !slices.ContainsFunc(w.best, func(l Lowest) bool { return l.Epoch == epoch }) {
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

// keep says that snapshots are in the store now.
func (w *snapshots) markStored(list []store.Snapshot) {
	for _, s := range list {
		w.stored[s.Epoch] = true
	}
}

// recall brings a new keeper to where one was after the epoch of a checkpoint,
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
		best := slices.ContainsFunc(w.best, func(l Lowest) bool { return l.Epoch > 0 && l.Epoch == e })
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
