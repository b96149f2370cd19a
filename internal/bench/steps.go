package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// stepWorkload is a network whose training steps are timed.
type stepWorkload struct {
	name       string
	sizes      []int // inputs, hidden layers, outputs
	batch      int
	activation string
	examples   int
	mnist      bool // inputs as MNIST has them, otherwise without zeros
}

var stepWorkloads = []stepWorkload{
	{"W1-lecture", []int{784, 100, 10}, 100, "sigmoid", 60_000, true},
	{"W1-dense", []int{784, 100, 10}, 100, "sigmoid", 60_000, false},
	{"W2-scratch", []int{784, 50, 10}, 100, "sigmoid", 60_000, true},
	{"W2-dense", []int{784, 50, 10}, 100, "sigmoid", 60_000, false},
	{"W3-deep", []int{784, 512, 512, 10}, 128, "relu", 60_000, false},
	{"W4-wide", []int{784, 1024, 1024, 10}, 256, "relu", 60_000, false},
	{"W5-xor", []int{2, 50, 2}, 750, "relu", 750, false},
	{"W5-digits", []int{64, 32, 10}, 32, "relu", 1_797, false},
}

const (
	mnistZeros  = 0.81 // share of MNIST's pixels that are 0
	passFLOP    = 1e10 // about so much work is a pass over the examples
	passSteps   = 200  // a time is taken over at least so many steps,
	passSeconds = 0.5  // or for at least so long
)

func (w stepWorkload) measure(ctx context.Context, b Bench) error {
	flop := w.flop()
	steps := min(w.examples/w.batch, max(1, int(passFLOP/flop)))
	in, out := w.sizes[0], w.sizes[len(w.sizes)-1]
	data, _, from := w.data(steps*w.batch, 1, b.dirs())
	training, err := mlp.StartStepper(w.config(), mlp.Data{In: in, Out: out, Train: data}, mlp.Seeds{})
	if err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	// The first epoch warms up and says how many make a time worth taking.
	start := time.Now()
	if err := training.Steps(ctx); err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	epochs := max(1, min(passSteps/steps, int(passSeconds/time.Since(start).Seconds())))
	best, err := least(b.Repeat, func() error {
		for range epochs {
			if err := training.Steps(ctx); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	step := best.Seconds() / float64(epochs*steps)
	l := line{
		Work: w.name, Kernel: mlp.Kernel(), Data: from, Threads: 1,
		StepMicros: step * 1e6, ExamplesPer: float64(w.batch) / step, GFLOPS: flop / step / 1e9, PeakMB: peakMB(nil),
	}
	if b.limits != nil {
		l.LimitShare = b.limits.share(w.step(nonzero(data, in)).times(float64(epochs*steps)), w.held(), best)
	}
	return b.print(l)
}

// flop is the work of a step: three products for each layer, but no gradient of
// the inputs. Zeros count as if they were multiplied.
func (w stepWorkload) flop() float64 {
	sum := 0
	for i, n := range w.sizes[1:] {
		sum += 6 * w.batch * w.sizes[i] * n
	}
	return float64(sum - 2*w.batch*w.sizes[0]*w.sizes[1])
}

// config is the network with every other key at its default.
func (w stepWorkload) config() mlp.Config {
	c := mlp.Default()
	c.Hidden, c.Activation.Name, c.Batch = w.sizes[1:len(w.sizes)-1], w.activation, w.batch
	return c
}

// data gives n examples to train on and some to test, and says where they are from.
func (w stepWorkload) data(n, test int, dirs []string) (training, testing mlp.Examples, from string) {
	if w.mnist {
		spec, _ := dataset.Default("mnist")
		spec.Train, spec.Valid, spec.Test = dataset.Amount(n), 0, dataset.Amount(test)
		if d, err := dataset.NewFiles(dirs).Load(spec, 0); err == nil {
			examples := func(s dataset.Split) mlp.Examples {
				return mlp.Examples{N: s.N, Bytes: (*mlp.Bytes)(s.Bytes), Labels: s.Labels}
			}
			return examples(d.Train), examples(d.Test), "mnist"
		}
	}
	from = "random, no zeros"
	if w.mnist {
		from = fmt.Sprintf("random, %.0f %% zeros", 100*mnistZeros)
	}
	r := rand.New(rand.NewPCG(1, 1))
	return w.random(n, r), w.random(test, r), from
}

// random invents examples: pixels of which as many are 0 as of MNIST's, or numbers without zeros.
func (w stepWorkload) random(n int, r *rand.Rand) mlp.Examples {
	in, out := w.sizes[0], w.sizes[len(w.sizes)-1]
	e := mlp.Examples{N: n, Labels: make([]int32, n)}
	if w.mnist {
		e.Bytes = randomPixels(n, in, r)
	} else {
		e.X = make([]float32, n*in)
		for i := range e.X {
			e.X[i] = 1 - r.Float32() // never 0
		}
	}
	for i := range e.Labels {
		e.Labels[i] = int32(r.IntN(out))
	}
	return e
}

func randomPixels(n, in int, r *rand.Rand) *mlp.Bytes {
	b := &mlp.Bytes{Rows: make([]int32, n), Start: []int{0}, Shift: make([]float64, in), Factor: make([]float64, in)}
	for j := range b.Factor {
		b.Factor[j] = 1. / 255
	}
	for i := range b.Rows {
		b.Rows[i] = int32(i)
		for j := range in {
			if r.Float64() >= mnistZeros {
				b.Columns, b.Values = append(b.Columns, uint16(j)), append(b.Values, byte(1+r.IntN(255)))
			}
		}
		b.Start = append(b.Start, len(b.Values))
	}
	return b
}

// least is the shortest time that f takes.
func least(repeat int, f func() error) (time.Duration, error) {
	var best time.Duration
	for i := range repeat {
		start := time.Now()
		if err := f(); err != nil {
			return 0, err
		}
		if took := time.Since(start); i == 0 || took < best {
			best = took
		}
	}
	return best, nil
}

// measureProducts times matrix products of the shapes of W1, W3 and W4.
func measureProducts(ctx context.Context, b Bench) error {
	const calls = 20
	for _, s := range [][3]int{{100, 100, 784}, {100, 784, 100}, {128, 512, 512}, {256, 1024, 1024}} {
		m, n, k := s[0], s[1], s[2]
		multiply := mlp.Product(m, n, k, rand.New(rand.NewPCG(1, 1)))
		multiply()
		best, err := least(b.Repeat, func() error {
			for range calls {
				multiply()
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
		l := line{Work: "gemm", Kernel: mlp.Kernel(), M: m, N: n, K: k, Threads: 1}
		l.GFLOPS = 2 * float64(m*n*k) * calls / best.Seconds() / 1e9
		if b.limits != nil {
			l.LimitShare = l.GFLOPS / b.limits.gflops
		}
		if err := b.print(l); err != nil {
			return err
		}
	}
	return nil
}
