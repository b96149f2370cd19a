package study

import "math"

// Shape is what the time and memory of a training depend on in its data.
type Shape struct {
	In, Out            int
	Train, Valid, Test int     // examples
	Nonzero            float64 // share of the inputs that are not 0; 1 where it is not known
}

// The kinds of work of which a training's time is made, by their index in Work.
const (
	Setups   = iota // trainings begun: memory, and a place in the store
	Steps           // updates, whatever the size of the network and the batch
	Products        // multiply-adds in matrix products, counted twice in float64
	Units           // hidden activations computed, once more for the way back, for normalisation and for dropout
	Updates         // parameters drawn, changed or measured, once more for each state of the optimiser
	Answers         // outputs turned into a loss or metrics
	Watched         // activations looked at for what is measured of layers
	Kinds
)

// Work counts what a training does. With a time for each kind, its scalar
// product is the training's time. More of anything never is less work of any kind.
type Work [Kinds]float64

// Plus adds up.
func (w Work) Plus(v Work) Work {
	for k := range w {
		w[k] += v[k]
	}
	return w
}

// Times is so many times the work.
func (w Work) Times(f float64) Work {
	for k := range w {
		w[k] *= f
	}
	return w
}

// Seconds is the time of the work at so many seconds for one of each kind.
func (w Work) Seconds(each [Kinds]float64) float64 {
	s := 0.0
	for k := range w {
		s += w[k] * each[k]
	}
	return s
}

// sparse is the share of inputs other than 0 up to which products leave the
// zeros out, and small the size of batches from which steps do.
const (
	sparse = 0.25
	small  = 16
)

// Work counts what a training of the configuration does from after the epoch
// `from` until after the epoch `to`. From 0 on, it includes making the network
// and measuring it untrained. With early stopping every epoch is taken to be an
// improvement, which has all its splits measured.
func (c Config) Work(s Shape, from, to int) Work {
	size := c.size(s)
	epochs := float64(max(0, to-from))
	train, out := float64(s.Train), float64(s.Out)
	steps := epochs * math.Ceil(train/float64(c.examplesOfStep(s)))

	evaluated := float64(c.Measurements(to)-c.Measurements(from))*float64(s.Train+s.Valid+s.Test) + float64(s.Test)
	watched := float64(c.Measurements(to) - c.Measurements(from))
	if from == 0 {
		evaluated += float64(s.Train + s.Valid + s.Test) // epoch 0
		watched++
	}

	var w Work
	if from == 0 {
		w[Setups] = 1
	}
	w[Steps] = steps
	w[Products] = size.precision * (epochs*train*(2*size.first*size.density(c.examplesOfStep(s))+3*size.rest) +
		evaluated*(size.first*size.density(math.MaxInt)+size.rest))
	w[Units] = size.units * (epochs*train*size.passes + evaluated)
	w[Updates] = size.parameters * (steps*(2+size.slots) + 4*watched)
	if from == 0 {
		w[Updates] += drawing * size.parameters
	}
	w[Answers] = out * (epochs*train + 4*evaluated)
	if c.Log.Layers {
		w[Watched] = watched * train * (size.units + out)
	}
	return w
}

// network is the size of a network in the terms of its cost.
type network struct {
	first, rest float64 // weights behind the inputs, weights of the other layers
	units       float64 // hidden
	parameters  float64
	passes      float64 // over the hidden activations in a step
	slots       float64 // of the optimiser for each parameter
	precision   float64 // 2 for float64, of which half as many fit into a register
	nonzero     float64
}

// LeavesZerosOut says whether products skip inputs that are 0.
func LeavesZerosOut(s Shape) bool { return s.Nonzero <= sparse }

// density is the share of the first layer's products that is computed.
func (n network) density(batch int) float64 {
	if n.nonzero <= sparse && batch >= small {
		// Finding an entry costs more than leaving one out saves.
		return min(1, 3*n.nonzero)
	}
	return 1
}

// drawing a normal number costs as much as so many updates.
const drawing = 10

func (c Config) size(s Shape) network {
	n := network{passes: 2, precision: 1, nonzero: s.Nonzero, slots: slots[c.Optimizer.Name]}
	in := s.In
	for i, h := range c.Hidden {
		if i == 0 {
			n.first = float64(in) * float64(h)
		} else {
			n.rest += float64(in) * float64(h)
		}
		n.units += float64(h)
		in = h
	}
	if len(c.Hidden) == 0 {
		n.first = float64(in) * float64(s.Out)
	} else {
		n.rest += float64(in) * float64(s.Out)
	}
	n.parameters = n.first + n.rest + n.units + float64(s.Out)
	if c.Optimizer.Params["momentum"] > 0 {
		n.slots++
	}
	if c.BatchNorm {
		n.passes += 4
	}
	if c.Dropout.Hidden > 0 {
		n.passes += 4
	}
	if c.Precision == "float64" {
		n.precision = 2
	}
	return n
}

// slots counts what an optimiser keeps of each parameter, momentum aside.
var slots = map[string]float64{"rmsprop": 1, "adagrad": 4, "adam": 2, "adamw": 2}

func (c Config) examplesOfStep(s Shape) int {
	if c.Batch == 0 {
		return max(1, s.Train)
	}
	return max(1, min(c.Batch, s.Train))
}

// Measurements counts the epochs from 1 to the given one that are measured.
func (c Config) Measurements(epoch int) int {
	if c.EarlyStop.Patience > 0 {
		return epoch
	}
	every := max(1, c.Log.Every)
	n := epoch / every
	if epoch == c.Epochs && epoch%every != 0 {
		n++
	}
	return n
}
