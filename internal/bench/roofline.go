package bench

import (
	"context"
	"fmt"
	"time"

	"nightshift/mlp"
)

// limits are what one thread of this machine can do at most.
type limits struct {
	gflops float64
	levels []level
}

// level is a part of the memory: a cache, or what is behind them.
type level struct {
	name        string
	kb          int     // read and written again and again
	read, write float64 // GB/s
}

// memoryLevels have sizes that fit into the caches of processors of the last ten years, one after the other.
var memoryLevels = []level{{name: "L1", kb: 24}, {name: "L2", kb: 192}, {name: "L3", kb: 4 << 10},
	{name: "memory", kb: 256 << 10}}

const (
	limitRounds = 200_000  // of multiply-adds in a time
	limitBytes  = 32 << 20 // read or written in a time, at least
	limitTimes  = 15       // of which the least counts
)

// measureLimits takes a second or two.
func measureLimits(ctx context.Context) (limits, error) {
	var l limits
	var operations float64
	took, err := least(limitTimes, func() error {
		operations = mlp.MultiplyAdds(limitRounds)
		return ctx.Err()
	})
	if err != nil {
		return l, err
	}
	l.gflops = operations / took.Seconds() / 1e9
	for _, m := range memoryLevels {
		x := make([]float32, m.kb<<10/4)
		for i := range x {
			x[i] = 1
		}
		if m.read, err = bandwidth(ctx, x, mlp.Read); err != nil {
			return l, err
		}
		if m.write, err = bandwidth(ctx, x, mlp.Write); err != nil {
			return l, err
		}
		l.levels = append(l.levels, m)
	}
	return l, nil
}

// bandwidth is in GB/s.
func bandwidth(ctx context.Context, x []float32, move func([]float32) int) (float64, error) {
	bytes := 0
	took, err := least(limitTimes, func() error {
		for bytes = 0; bytes < limitBytes; {
			bytes += move(x)
		}
		return ctx.Err()
	})
	return float64(bytes) / took.Seconds() / 1e9, err
}

// Roofline prints what this machine can do at most, and of workloads, all on one thread if none is named, how much of
// that they reach.
func (b Bench) Roofline(ctx context.Context, names []string) error {
	l, err := measureLimits(ctx)
	if err != nil {
		return err
	}
	if err := b.print(line{Work: "multiply-adds", Kernel: mlp.Kernel(), Threads: 1, GFLOPS: l.gflops}); err != nil {
		return err
	}
	for _, m := range l.levels {
		what := fmt.Sprintf("%d KB, %s", m.kb, m.name)
		if err := b.print(line{Work: "memory", Kernel: mlp.Kernel(), Data: what, Threads: 1, ReadGB: m.read,
			WriteGB: m.write}); err != nil {
			return err
		}
	}
	b.limits = &l
	if len(names) == 0 {
		names = append(limitedNames(), "gemm")
	}
	for _, name := range names {
		if err := b.measure(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// limitedNames lists the workloads of which the roofline says how much of the limit they reach.
func limitedNames() []string {
	var names []string
	for _, w := range stepWorkloads {
		names = append(names, w.name)
	}
	return append(names, loggedWork)
}

// demand is what work cannot do without: floating-point operations, and bytes that are read and written.
type demand struct{ flop, read, written float64 }

func (d demand) times(n float64) demand { return demand{n * d.flop, n * d.read, n * d.written} }

func (d demand) plus(e demand) demand {
	return demand{d.flop + e.flop, d.read + e.read, d.written + e.written}
}

// share is how much of a time work would take at the limit: products at the peak of multiply-adds, or weights and
// activations between the first-level cache and the one that holds so many bytes of them, whichever takes longer.
func (l *limits) share(d demand, held float64, took time.Duration) float64 {
	m := l.levels[len(l.levels)-1]
	for i := len(l.levels) - 1; i > 0; i-- {
		if held <= 4*1024*float64(l.levels[i].kb) { // the caches are larger than what was read to measure them
			m = l.levels[i]
		}
	}
	return max(d.flop/l.gflops, d.read/m.read+d.written/m.write) / 1e9 / took.Seconds()
}

// step is what a step cannot do without. Of the inputs, a share is not 0.
func (w stepWorkload) step(nonzero float64) demand {
	var d demand
	batch := float64(w.batch)
	for i, out := range w.sizes[1:] {
		weights := float64(w.sizes[i] * out)
		passes := 3.0
		if i == 0 {
			passes = 2 * nonzero
		}
		d.flop += 2 * batch * passes * weights
		// Weights are read forwards, and read and written by the update; those behind the first layer are read
		// backwards, too. Activations are written and read forwards and backwards.
		d.read += 4 * (2*weights + 2*batch*float64(out))
		d.written += 4 * (weights + 2*batch*float64(out))
		if i > 0 {
			d.read += 4 * weights
		}
	}
	return d
}

// evaluation is what the evaluation of so many examples cannot do without, the batch being what is in the cache at once.
func (w stepWorkload) evaluation(examples int, nonzero float64) demand {
	var d demand
	for i, out := range w.sizes[1:] {
		share := 1.0
		if i == 0 {
			share = nonzero
		}
		d.flop += 2 * float64(examples) * share * float64(w.sizes[i]*out)
		d.read += 4 * float64(examples*out)
		d.written += 4 * float64(examples*out)
	}
	return d
}

// held is the bytes of the weights.
func (w stepWorkload) held() float64 {
	n := 0
	for i, out := range w.sizes[1:] {
		n += w.sizes[i] * out
	}
	return 4 * float64(n)
}

// nonzero is the share of the inputs of examples that are not 0.
func nonzero(e mlp.Examples, in int) float64 {
	if e.Bytes != nil && e.Bytes.Start != nil {
		n := 0
		for _, r := range e.Bytes.Rows {
			n += e.Bytes.Start[r+1] - e.Bytes.Start[r]
		}
		return float64(n) / float64(e.N*in)
	}
	n := 0
	for _, v := range e.X {
		if v != 0 {
			n++
		}
	}
	return float64(n) / float64(len(e.X))
}
