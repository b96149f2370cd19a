package mlp

import (
	"math"

	"nightshift/internal/metric"
	"nightshift/mlp/internal/kernel"
)

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

// improved says whether the epoch is the best so far, and keeps its network if so.
func (s *stopper[F]) improved(epoch int, valid Metrics, n *net[F]) bool {
	m, ok := metric.Named(s.Metric)
	if !ok || epoch == 0 {
		return false
	}
	v := metric.Metrics[float64](valid).At(m)
	if !(v < s.lowest-s.MinDelta) {
		return false
	}
	s.best, s.lowest = epoch, v
	s.theta = append(s.theta[:0], n.theta...)
	s.buffers = append(s.buffers[:0], n.buffers...)
	return true
}

func (s *stopper[F]) exhausted(epoch int) bool { return epoch-s.best >= s.Patience && epoch > 0 }

// restore brings the best network back, if there is one.
func (s *stopper[F]) restore(n *net[F]) {
	if s.best > 0 {
		copy(n.theta, s.theta)
		copy(n.buffers, s.buffers)
	}
}
