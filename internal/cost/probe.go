package cost

import (
	"cmp"
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"nightshift/internal/panics"
	"nightshift/internal/study"
	"nightshift/mlp"
)

const (
	probedCells = 5                      // at most, from the cheapest to the dearest
	probeTime   = 200 * time.Millisecond // of each
	probeEpoch  = 0.02                   // seconds of an epoch, at the reference speed
	probeMemory = 1e9                    // bytes that pieces take at once: to write more for the first time takes longer than a probe
	probeSplit  = 4096                   // examples of a split at most, unless a step has more
	probedLR    = 1e-6                   // random data teach nothing, and must not make a training diverge
)

// Probe trains pieces of some of the jobs' cells, each on all cores at once as
// a night will, and returns what they took. Where so many bytes are free (0 for nobody
// knows), a cell is trained on as many cores as there is memory for, or not at all; so is one whose networks are so large that
// a single step would take longer than a probe.
func Probe(ctx context.Context, jobs []Job, free int64) ([]Timing, error) {
	cells := map[string]Job{}
	for _, j := range jobs {
		if _, ok := cells[j.Run.Cell]; !ok {
			cells[j.Run.Cell] = j
		}
	}
	var order []string
	for cell := range cells {
		order = append(order, cell)
	}
	reference := func(cell string) float64 {
		j := cells[cell]
		return ReferenceSeconds(Training(j.Run.Config.Config, j.Shape, j.Reached, j.Run.Epochs))
	}
	slices.SortFunc(order, func(a, b string) int { return cmp.Or(cmp.Compare(reference(a), reference(b)), cmp.Compare(a, b)) })
	var timings []Timing
	n := min(probedCells, len(order))
	for i := range n {
		j := cells[order[i*(len(order)-1)/max(1, n-1)]]
		p := newPiece(j)
		timings = append(timings, p.train(ctx, p.cores(free))...)
	}
	return timings, ctx.Err()
}

// piece is a small part of the work of a cell, on random data of its shape.
type piece struct {
	cell   string
	config study.Config
	shape  mlp.Shape
}

// newPiece takes as many examples as an epoch has time for, at least a step's
// unless there are very many.
func newPiece(j Job) piece {
	c, s := j.Run.Config, j.Shape
	c.EarlyStop.Patience = 0
	c.LR = probedLR
	epoch := ReferenceSeconds(Training(c.Config, s, 1, 2))
	n := min(s.Train, probeSplit, max(c.Batch, int(probeEpoch/epoch*float64(s.Train))))
	s.Valid = min(s.Valid, probeSplit, s.Valid*n/s.Train)
	s.Test = min(s.Test, probeSplit, s.Test*n/s.Train)
	s.Train = n
	return piece{j.Run.Cell, c, s}
}

// cores is how many cores the piece can be trained on where so many bytes are free.
func (p piece) cores(free int64) int {
	if free == 0 || free > probeMemory {
		free = probeMemory
	}
	cost := p.config.Cost(p.shape)
	return int(max(0, min(int64(runtime.GOMAXPROCS(0)), (free-cost.Inputs)/max(1, cost.Memory))))
}

// train trains the piece on so many cores for as long as a probe lasts. What
// cannot be trained has no timings: the night will say why.
func (p piece) train(ctx context.Context, n int) []Timing {
	if n == 0 {
		return nil
	}
	data := p.data()
	timings := make([]Timing, n)
	var cores panics.Group
	for i := range timings {
		cores.Go(func() { timings[i] = p.trainOnce(ctx, data) })
	}
	cores.Wait()
	return slices.DeleteFunc(timings, func(t Timing) bool { return t.Seconds == 0 })
}

func (p piece) trainOnce(ctx context.Context, data mlp.Data) Timing {
	startedAt := time.Now()
	training, err := mlp.Start(p.config.Config, data, mlp.Seeds{})
	for err == nil {
		var e mlp.Epoch
		e, _, err = training.Next(ctx)
		if took := time.Since(startedAt); err == nil && (e.Last || e.Epoch > 0 && took > probeTime) {
			return Timing{p.cell, Training(p.config.Config, p.shape, 0, e.Epoch), took.Seconds()}
		}
	}
	return Timing{}
}

// data are random numbers.
func (p piece) data() mlp.Data {
	r := rand.New(rand.NewPCG(1, 2))
	split := func(n int) mlp.Examples {
		e := mlp.Examples{N: n, X: make([]float32, n*p.shape.In)}
		for i := range e.X {
			if r.Float64() < p.shape.Nonzero {
				e.X[i] = r.Float32()
			}
		}
		for range n {
			if p.config.Data.Regression() {
				for range p.shape.Out {
					e.Targets = append(e.Targets, r.Float32())
				}
			} else {
				e.Labels = append(e.Labels, int32(r.IntN(p.shape.Out)))
			}
		}
		return e
	}
	return mlp.Prepare(mlp.Data{
		In: p.shape.In, Out: p.shape.Out, Train: split(p.shape.Train), Valid: split(p.shape.Valid), Test: split(p.shape.Test),
	})
}
