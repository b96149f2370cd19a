package runner

import (
	"cmp"
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"nightshift/internal/dataset"
	"nightshift/internal/study"
	"nightshift/mlp"
)

const (
	probed     = 5                      // cells at most, from the cheapest to the dearest
	probeTime  = 200 * time.Millisecond // for each
	pieceEpoch = 0.02                   // seconds of an epoch, at the usual speed
)

// probe trains pieces of some of the jobs' cells, each on all cores at once as
// the night will, and returns what they took.
func (m *Model) probe(ctx context.Context, jobs []job) ([]timing, error) {
	cells := map[string]job{}
	for _, j := range jobs {
		if _, ok := cells[j.run.Cell]; !ok {
			cells[j.run.Cell] = j
		}
	}
	var order []string
	for cell := range cells {
		order = append(order, cell)
	}
	cost := func(cell string) float64 { return m.remainingWork(cells[cell]).Seconds(usual) }
	slices.SortFunc(order, func(a, b string) int { return cmp.Or(cmp.Compare(cost(a), cost(b)), cmp.Compare(a, b)) })
	var timings []timing
	n := min(probed, len(order))
	for i := range n {
		j := cells[order[i*(len(order)-1)/max(1, n-1)]]
		timings = append(timings, pieceOf(j, m.shapes[j.run.Data]).train(ctx)...)
	}
	return timings, ctx.Err()
}

// piece is a small part of the work of a cell, on random data of its shape.
type piece struct {
	cell   string
	config study.Config
	shape  study.Shape
}

// pieceOf takes as many examples as an epoch has time for, at least a step's
// unless there are very many.
func pieceOf(j job, s study.Shape) piece {
	const most = 4096
	c := j.run.Config
	c.EarlyStop.Patience = 0
	c.LR = 1e-6 // random data would teach nothing, and must not diverge
	epoch := c.Work(s, 1, 2).Seconds(usual)
	n := min(s.Train, most, max(c.Batch, int(pieceEpoch/epoch*float64(s.Train))))
	s.Valid = min(s.Valid, most, s.Valid*n/s.Train)
	s.Test = min(s.Test, most, s.Test*n/s.Train)
	s.Train = n
	return piece{j.run.Cell, c, s}
}

// train trains the piece on every core for as long as a probe lasts. What
// cannot be trained has no timings: the night will say why.
func (p piece) train(ctx context.Context) []timing {
	data := p.data()
	timings := make([]timing, runtime.GOMAXPROCS(0))
	var cores sync.WaitGroup
	for i := range timings {
		cores.Go(func() { timings[i] = p.trainOnce(ctx, data) })
	}
	cores.Wait()
	return slices.DeleteFunc(timings, func(t timing) bool { return t.seconds == 0 })
}

func (p piece) trainOnce(ctx context.Context, data mlp.Data) timing {
	startedAt := time.Now()
	training, err := mlp.Start(p.config.Config, data, mlp.Seeds{})
	for err == nil {
		var e mlp.Epoch
		e, _, err = training.Next(ctx)
		if took := time.Since(startedAt); err == nil && (e.Last || e.Epoch > 0 && took > probeTime) {
			return timing{p.cell, p.config.Work(p.shape, 0, e.Epoch), took.Seconds()}
		}
	}
	return timing{}
}

// data are random numbers.
func (p piece) data() mlp.Data {
	r := rand.New(rand.NewPCG(1, 2))
	set, _ := dataset.Lookup(p.config.Data.Set)
	split := func(n int) mlp.Examples {
		e := mlp.Examples{N: n, X: make([]float32, n*p.shape.In)}
		for i := range e.X {
			if r.Float64() < p.shape.Nonzero {
				e.X[i] = r.Float32()
			}
		}
		for range n {
			if set.Regression {
				for range p.shape.Out {
					e.Targets = append(e.Targets, r.Float32())
				}
			} else {
				e.Labels = append(e.Labels, int32(r.IntN(p.shape.Out)))
			}
		}
		return e
	}
	return mlp.Prepare(mlp.Data{In: p.shape.In, Out: p.shape.Out, Train: split(p.shape.Train), Valid: split(p.shape.Valid), Test: split(p.shape.Test)})
}
