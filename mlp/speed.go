package mlp

import (
	"context"
	"errors"
	"math/rand/v2"

	"nightshift/mlp/internal/kernel"
)

// Stepper is a training whose steps can be timed by themselves.
type Stepper interface {
	Training
	// Steps takes the steps of one epoch and nothing else: shuffle, gather,
	// forward, loss, backward, update. The learning rate is the configured one.
	Steps(ctx context.Context) error
}

// StartStepper is Start for a training of which nothing is measured.
func StartStepper(c Config, data Data, seeds Seeds) (Stepper, error) {
	c.Log.Layers = false // or the last step of every epoch would be measured
	t, err := Start(c, data, seeds)
	if err != nil {
		return nil, err
	}
	return t.(Stepper), nil
}

// Steps implements Stepper.
func (t *training[F]) Steps(ctx context.Context) error {
	diverged, err := t.train(ctx, t.config.LR)
	if diverged {
		return errors.New("the training has diverged; the speed of its steps means nothing")
	}
	return err
}

// MultiplyAdds does nothing but multiply and add float32 in registers, many times, and returns how many operations that
// were: the most that this processor's kernels could reach on one thread.
func MultiplyAdds(rounds int) (operations float64) { return kernel.MultiplyAdds(rounds) }

// Read reads memory as fast as the kernels can and returns how many bytes that were.
func Read(x []float32) (bytes int) { return kernel.Read(x) }

// Write overwrites memory as fast as the kernels can and returns how many bytes that were.
func Write(x []float32) (bytes int) { return kernel.Write(x) }

// Product makes random float32 matrices x [m, k] and w [n, k]. Each call of
// multiply computes x·wᵀ with the product that layers of weights use.
func Product(m, n, k int, r *rand.Rand) (multiply func()) {
	random := func(size int) []float32 {
		v := make([]float32, size)
		for i := range v {
			v[i] = r.Float32()
		}
		return v
	}
	x, w, z := random(m*k), random(n*k), make([]float32, m*n)
	p := kernel.New[float32]()
	rows := kernel.Rows[float32]{Data: x, Width: k}
	return func() { p.XWt(z, rows, w, nil, n) }
}
