package night

import (
	"iter"
	"math"
	"slices"
	"strings"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Retention says which of a run's weights its studies keep.
type Retention struct {
	Final, initial bool
	every          []int    // distances between epochs
	Best           []string // metrics such as valid_error, whose best epochs are kept
}

// Add adds what a study keeps.
func (k *Retention) Add(s *study.Study) {
	switch s.Keep.Weights {
	case "init+final":
		k.initial, k.Final = true, true
	case "final":
		k.Final = true
	case "every":
		k.every, k.Final = append(k.every, s.Keep.Every), true
	case "best":
		if !slices.Contains(k.Best, s.Select) {
			k.Best = append(k.Best, s.Select)
		}
	}
}

// FinalOnly says whether no weights are kept but those that a run ends with.
func (k Retention) FinalOnly() bool { return !k.initial && k.every == nil && k.Best == nil }

// Any says whether any weights are kept.
func (k Retention) Any() bool { return k.Final || !k.FinalOnly() }

// On says whether the weights of an epoch are kept whatever its metrics.
func (k Retention) On(epoch int) bool {
	return k.initial && epoch == 0 || slices.ContainsFunc(k.every, func(n int) bool { return epoch%n == 0 })
}

// fixed are the epochs up to the last that are kept whatever their metrics, some of them more than once.
func (k Retention) fixed(last int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if k.initial && !yield(0) {
			return
		}
		for _, n := range k.every {
			for e := 0; e <= last; e += n {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// Most is how many epochs at most are kept of a run until an epoch, which may be its end.
func (k Retention) Most(until int, end bool) float64 {
	n := 0.0
	if k.Final && end {
		n++
	}
	if k.initial {
		n++
	}
	for _, every := range k.every {
		n += float64(1 + until/every)
	}
	return min(n, float64(until)+1) + float64(len(k.Best))
}

// Lowest follows a validation metric to its best epoch, as early stopping does:
// epoch 0 is no candidate.
type Lowest struct {
	Metric   string // such as valid_error
	MinDelta float64
	Epoch    int // 0 for none yet
	value    float64
}

// validMetric gives a validation metric, with or without valid_ before its name.
func validMetric(e store.Epoch, name string) store.Number {
	m, ok := metric.Named(strings.TrimPrefix(name, "valid_"))
	if !ok {
		return store.Number{}
	}
	return e.Valid.At(m)
}

// See says whether the epoch is the best so far.
func (l *Lowest) See(e store.Epoch) bool {
	v := validMetric(e, l.Metric)
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

// Epochs lists the epochs whose weights are kept of a run with a result. Those
// that a diverged run ends with are not, nor are those of the epoch in which an
// early stop went back to its best one.
func (k Retention) Epochs(c mlp.Config, r store.Run, measured []store.Epoch) []int {
	var list []int
	final, done := FinalEpoch(c, r, measured)
	if k.Final && done {
		list = append(list, final)
	}
	for e := range k.fixed(r.Epochs) {
		if usable(e, final, done, r) {
			list = append(list, e)
		}
	}
	for _, name := range k.Best {
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

// measures says whether the choice of epochs depends on what was measured.
func (k Retention) measures(c mlp.Config) bool {
	return k.Best != nil || k.Final && c.EarlyStop.Patience > 0
}

// lacks says whether a result is without any of the weights that are kept, given
// the epochs whose weights there are.
func (k Retention) lacks(c mlp.Config, row store.Run, measured []store.Epoch, have []int) bool {
	return slices.ContainsFunc(k.Epochs(c, row, measured), func(e int) bool { return !slices.Contains(have, e) })
}

// retentions gives what the studies together keep of each run that any of them
// keeps weights of: those that it wants, or without wants all.
func retentions(studies []Study, wants func(study, id string) bool) map[string]Retention {
	all := map[string]Retention{}
	for _, s := range studies {
		if s.Keep.Weights == "none" {
			continue
		}
		for i := range s.Runs {
			if wants != nil && !wants(s.Name, s.Runs[i].ID) {
				continue
			}
			k := all[s.Runs[i].ID]
			k.Add(s.Study)
			all[s.Runs[i].ID] = k
		}
	}
	return all
}
