package bench

import (
	"context"
	"fmt"
	"time"

	"nightshift/mlp"
)

const loggedWork = "W7-logged"

// loggedWorkload is a training as a study has it by default: every epoch, and the untrained
// network before them, is measured on the training and the test split, layers included.
type loggedWorkload struct {
	network stepWorkload
	test    int // examples
	epochs  int
}

var logged = loggedWorkload{
	network: stepWorkload{loggedWork, []int{784, 100, 10}, 100, "sigmoid", 60_000, true}, test: 10_000, epochs: 10,
}

// measure times whole trainings on one thread, reading the data aside, in turns with their steps
// alone: what is left is the evaluation.
func (w loggedWorkload) measure(ctx context.Context, b Bench) error {
	training, test, from := w.network.data(w.network.examples, w.test, b.dirs())
	data := mlp.Data{In: w.network.sizes[0], Out: w.network.sizes[2], Train: training, Test: test}
	c := w.network.config()
	c.Epochs = w.epochs
	var whole, steps time.Duration
	for range b.Repeat {
		took, err := least(1, func() error { return trainLogged(ctx, c, data) })
		if err != nil {
			return fmt.Errorf("%s: %w", loggedWork, err)
		}
		alone, err := least(1, func() error { return trainUnlogged(ctx, c, data) })
		if err != nil {
			return fmt.Errorf("%s: %w", loggedWork, err)
		}
		if whole == 0 {
			whole, steps = took, alone
		}
		whole, steps = min(whole, took), min(steps, alone)
	}
	s := whole.Seconds()
	l := line{
		Work: loggedWork, Kernel: mlp.Kernel(), Data: from, Threads: 1, Seconds: s,
		ExamplesPer: float64(training.N*w.epochs) / s, Evaluation: 1 - steps.Seconds()/s, PeakMB: peakMB(nil),
	}
	if b.limits != nil {
		l.LimitShare = b.limits.share(w.demand(nonzero(training, data.In), training.N), w.network.held(), whole)
	}
	return b.print(l)
}

// demand is that of all steps and evaluations.
func (w loggedWorkload) demand(nonzero float64, examples int) demand {
	steps := w.network.step(nonzero).times(float64(w.epochs * examples / w.network.batch))
	return steps.plus(w.network.evaluation(examples+w.test, nonzero).times(float64(w.epochs + 1)))
}

func trainLogged(ctx context.Context, c mlp.Config, data mlp.Data) error {
	t, err := mlp.Start(c, data, mlp.Seeds{})
	for ok := err == nil; ok; {
		_, ok, err = t.Next(ctx)
	}
	return err
}

func trainUnlogged(ctx context.Context, c mlp.Config, data mlp.Data) error {
	t, err := mlp.StartStepper(c, data, mlp.Seeds{})
	if err != nil {
		return err
	}
	for range c.Epochs {
		if err := t.Steps(ctx); err != nil {
			return err
		}
	}
	return nil
}
