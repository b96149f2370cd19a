package mlp

import (
	"math"

	"nightshift/mlp/internal/kernel"
)

// metrics that an early stop can watch: the smaller, the better.
var metrics = []struct {
	name    string
	of      func(Metrics) float64
	classes bool // has a meaning for classification only
}{
	{name: "loss", of: func(m Metrics) float64 { return m.Loss }},
	{name: "error", of: func(m Metrics) float64 { return m.Error }, classes: true},
	{name: "mse", of: func(m Metrics) float64 { return m.MSE }},
	{name: "nll", of: func(m Metrics) float64 { return m.NLL }, classes: true},
	{name: "brier", of: func(m Metrics) float64 { return m.Brier }, classes: true},
}

// stopper watches a validation metric and remembers the best network. The
// untrained network is not a candidate.
type stopper[F kernel.Float] struct {
	EarlyStop
	best           int     // epoch of the smallest metric; 0 for none yet
	lowest         float64 // that metric
	theta, buffers []F     // the network of that epoch
}

func newStopper[F kernel.Float](e EarlyStop) stopper[F] {
	return stopper[F]{EarlyStop: e, lowest: math.Inf(1)}
}

// see reports whether the epoch is the best so far, and keeps its network then.
func (s *stopper[F]) see(epoch int, valid Metrics, n *net[F]) bool {
	if epoch == 0 {
		return false
	}
	for _, m := range metrics {
		if m.name != s.Metric {
			continue
		}
		if v := m.of(valid); v < s.lowest-s.MinDelta {
			s.best, s.lowest = epoch, v
			s.theta = append(s.theta[:0], n.theta...)
			s.buffers = append(s.buffers[:0], n.buffers...)
			return true
		}
	}
	return false
}

func (s *stopper[F]) exhausted(epoch int) bool { return epoch-s.best >= s.Patience && epoch > 0 }

// restore brings the best network back, if there is one.
func (s *stopper[F]) restore(n *net[F]) {
	if s.best > 0 {
		copy(n.theta, s.theta)
		copy(n.buffers, s.buffers)
	}
}
