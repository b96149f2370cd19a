// Package cost forecasts what runs take in time and memory.
//
// A training's work is counted by kind ([Training]; mlp says what a step and an
// evaluation cost). [Fit] finds the time of each kind on a machine from the
// timings that it is given, [Probe] makes timings where there are none, and
// [Speed.Forecast] schedules the jobs of a night on its workers. The package
// reads no database: timings, checkpoints and chances are handed in.
package cost

import (
	"math"

	"nightshift/mlp"
)

// The kinds of work of which a training's time is made, by their index in Work.
const (
	Setups      = iota // trainings started: memory, and a place in the store
	Steps              // updates, whatever the size of the network and the batch
	Products           // multiply-adds in matrix products
	Activations        // hidden activations, once for each pass over them
	Updates            // parameters drawn, changed or measured, once for each pass over them
	Outputs            // outputs turned into a loss or metrics, once for each pass over them
	Observed           // activations whose statistics are taken
	Kinds
)

// Work counts what a training does, by kind. With a time for each kind, its
// scalar product is the training's time.
type Work [Kinds]float64

// Plus is the sum.
func (w Work) Plus(v Work) Work {
	for k := range w {
		w[k] += v[k]
	}
	return w
}

// Times is a multiple of the work.
func (w Work) Times(f float64) Work {
	for k := range w {
		w[k] *= f
	}
	return w
}

// seconds is the time of the work at so many seconds for one of each kind.
func (w Work) seconds(each [Kinds]float64) float64 {
	s := 0.0
	for k := range w {
		s += w[k] * each[k]
	}
	return s
}

// Training counts the work of a training on data of a shape from after the epoch
// `from` until after the epoch `to`. From 0 on, it includes making the network
// and measuring it untrained. With early stopping every epoch is taken to be an
// improvement, which has all its splits measured.
func Training(c mlp.Config, s mlp.Shape, from, to int) Work {
	n := c.Cost(s)
	epochs, train, parameters := float64(max(0, to-from)), float64(s.Train), float64(n.Parameters)
	steps := epochs * math.Ceil(train/float64(n.Batch))
	trained := epochs * train

	measured := float64(c.Measurements(to) - c.Measurements(from))
	if from == 0 {
		measured++ // epoch 0
	}
	evaluated := measured*float64(s.Train+s.Valid+s.Test) + float64(s.Test)

	w := Work{
		Steps:       steps,
		Products:    trained*n.Step.Products + evaluated*n.Evaluation.Products,
		Activations: trained*n.Step.Activations + evaluated*n.Evaluation.Activations,
		Updates:     parameters * (steps*n.Update + measured*n.Measure),
		Outputs:     trained*n.Step.Outputs + evaluated*n.Evaluation.Outputs,
		Observed:    measured * train * float64(n.Observed),
	}
	if from == 0 {
		w[Setups] = 1
		w[Updates] += parameters * n.Draw
	}
	return w
}
