package networks

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"nightshift/internal/panics"
	"nightshift/mlp"
)

// Sample is some examples that networks are measured on, with a name: train, test.
type Sample struct {
	Name string
	mlp.Examples
}

// probe measures points of a space. It belongs to one goroutine.
type probe struct {
	space   *Space
	network *mlp.Network
	mixed   []float64 // sums of the point that is measured
}

func (s *Space) probe() (*probe, error) {
	n, err := mlp.NewNetwork(s.Config, s.In, s.Out, mlp.Seeds{})
	if err != nil {
		return nil, err
	}
	return &probe{space: s, network: n}, nil
}

// sums are those of the first layer at a point, for a sample.
func (p *probe) sums(at Point, e mlp.Examples) []float64 {
	copy(p.network.Parameters(), at)
	return p.network.Sums(e)
}

// measure takes the metrics at a point whose sums are known. Batch normalisation uses
// the statistics of the sample, since no training ended there.
func (p *probe) measure(at Point, e mlp.Examples, sums []float64) mlp.Metrics {
	copy(p.network.Parameters(), at)
	return p.network.MetricsOfSums(e, sums, p.space.Config.BatchNorm)
}

// plane is a point with directions from it, and what the first layer sums up along
// them, of one sample.
type plane struct {
	origin     Point
	directions []Point
	sums       [][]float64 // of the origin, then of the directions
}

// plane sums up what is needed to measure anywhere in a plane.
func (p *probe) plane(origin Point, directions []Point, e mlp.Examples) plane {
	all := plane{origin: origin, directions: directions}
	for _, at := range append([]Point{origin}, directions...) {
		all.sums = append(all.sums, p.sums(at, e))
	}
	return all
}

// at measures the origin plus shares of the directions.
func (p *probe) at(in plane, e mlp.Examples, shares ...float64) mlp.Metrics {
	p.mixed = append(p.mixed[:0], in.sums[0]...)
	theta := p.network.Parameters()
	copy(theta, in.origin)
	for d, share := range shares {
		for k, v := range in.directions[d] {
			theta[k] += share * v
		}
		for k, v := range in.sums[1+d] {
			p.mixed[k] += share * v
		}
	}
	return p.network.MetricsOfSums(e, p.mixed, p.space.Config.BatchNorm)
}

// Progress is told how many of the pieces of some work are done.
type Progress func(done, total int)

// each does pieces of work on all cores, each worker with a probe of its own. It
// stops at the first error, and when the context ends.
func (s *Space) each(ctx context.Context, pieces int, progress Progress, work func(p *probe, i int) error) error {
	workers := min(runtime.GOMAXPROCS(0), pieces)
	errs := make([]error, workers)
	var next, done atomic.Int64
	var told sync.Mutex
	var group panics.Group
	for w := range workers {
		group.Go(func() {
			p, err := s.probe()
			for err == nil {
				i := int(next.Add(1)) - 1
				if i >= pieces {
					return
				}
				if err = ctx.Err(); err == nil {
					err = work(p, i)
				}
				if n := int(done.Add(1)); progress != nil {
					told.Lock()
					progress(n, pieces)
					told.Unlock()
				}
			}
			errs[w] = err
			next.Store(int64(pieces))
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
