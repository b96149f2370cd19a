package mlp

import (
	"math"
	"unsafe"

	"nightshift/mlp/internal/kernel"
)

// Shape is what the cost of a training depends on in its data.
type Shape struct {
	In, Out            int
	Train, Valid, Test int     // examples
	Nonzero            float64 // share of the inputs that are not 0; 1 where it is not known
	Bytes              bool    // the inputs are kept as bytes
}

// Cost counts the operations of a training. An operation of each kind takes
// about the same time in every network, so that a time for each kind makes a
// forecast of the counts.
type Cost struct {
	Parameters int // that the network learns
	Batch      int // examples of a step, the last of an epoch aside

	Step       ExampleCost // of an example in a step: forward, loss, backward
	Evaluation ExampleCost // of an example that is evaluated: forward, metrics

	// Operations on each parameter, in units of reading one number and writing another.
	Draw    float64 // when the network is made
	Update  float64 // in a step
	Measure float64 // when norms and distances are measured

	Observed int // activations of an example whose statistics are taken; 0 where none are

	Memory int64 // bytes of a training, besides what it shares with others
	Saving int64 // bytes that are needed besides while its state or its weights are written down
	Inputs int64 // bytes of the data set, which trainings share
}

// ExampleCost counts what one example takes.
type ExampleCost struct {
	Products    float64 // multiply-adds in matrix products; in float64 each counts as 2, for half as many fit into a register
	Activations float64 // hidden activations, once for each pass over them
	Outputs     float64 // outputs turned into a loss or metrics, once for each pass over them
}

// What operations take in units of others, as measured on x86-64 with AVX-512.
const (
	drawnNumber   = 10  // updates: a normal random number
	measuredNorms = 4   // updates: the norms and distances of a parameter
	metricPasses  = 4   // losses: all metrics of an output
	normPasses    = 4   // activations: batch normalisation, forth and back
	dropPasses    = 4   // activations: dropout, forth and back
	foundNumber   = 100 // multiply-adds: an input that has to be found among zeros, besides those with its weights
	plainUpdate   = 3   // slots: an update that is a loop in Go
)

// Cost counts the operations of a training on data of a shape.
func (c Config) Cost(s Shape) Cost {
	cost := Cost{
		Parameters: c.Parameters(s.In, s.Out),
		Batch:      c.batch(s.Train),
		Draw:       drawnNumber,
		Update:     2 + c.updatePasses(),
		Measure:    measuredNorms,
	}
	first, rest, units := c.weights(s.In, s.Out)
	inputs := func(skips bool) float64 { // multiply-adds of the first layer
		if skips && kernel.SkipsZeros(s.In, s.Nonzero) {
			return s.Nonzero * (float64(first) + foundNumber*float64(s.In))
		}
		return float64(first)
	}
	precision := float64(c.FloatBytes()) / 4
	passes := 2.0
	if c.BatchNorm {
		passes += normPasses
	}
	if c.Dropout.Hidden > 0 {
		passes += dropPasses
	}
	cost.Step = ExampleCost{
		Products:    precision * (2*inputs(c.skipsZeros()) + 3*float64(rest)),
		Activations: passes * float64(units),
		Outputs:     float64(s.Out),
	}
	cost.Evaluation = ExampleCost{
		Products:    precision * (inputs(true) + float64(rest)),
		Activations: float64(units),
		Outputs:     metricPasses * float64(s.Out),
	}
	if c.Log.Layers {
		cost.Observed = units + s.Out
	}
	cost.Memory, cost.Saving, cost.Inputs = c.memory(s, cost), c.savingBytes(cost), c.inputBytes(s)
	return cost
}

// Measurements counts the epochs from 1 to the given one after which everything
// is measured. Early stopping measures every epoch that is an improvement, and
// each is taken to be one.
func (c Config) Measurements(epoch int) int {
	if c.EarlyStop.Patience > 0 {
		return epoch
	}
	n := epoch / c.Log.every()
	if epoch == c.Epochs && epoch%c.Log.every() != 0 {
		n++
	}
	return n
}

// every is the number of epochs between measurements.
func (l Log) every() int { return max(1, l.Every) }

// batch is the number of examples of a step.
func (c Config) batch(examples int) int {
	if c.Batch == 0 {
		return max(1, examples)
	}
	return max(1, min(c.Batch, examples))
}

// weights counts the weights behind the inputs, those of the other layers, and
// the hidden units.
func (c Config) weights(in, out int) (first, rest, units int) {
	for i, width := range append(c.Hidden[:len(c.Hidden):len(c.Hidden)], out) {
		if i == 0 {
			first = in * width
		} else {
			rest += in * width
		}
		if i < len(c.Hidden) {
			units += width
		}
		in = width
	}
	return first, rest, units
}

// updatePasses counts, for each parameter, the numbers beside it and its
// gradient that an update reads and writes.
func (c Config) updatePasses() float64 {
	r, _ := find(rules[float32](), c.Optimizer.Name, rule[float32].option)
	passes := float64(r.kept(c.Optimizer.Params))
	if !r.vectorised {
		passes += plainUpdate
	}
	return passes
}

// memory is that of the vectors as long as the parameters (parameters, gradient,
// those before the training and before a step, the optimiser's), of those that
// belong to the first layer once more where zeros are left out, of the
// activations of a batch (z, a, d, mask, normalised) and of the examples' order
// and outputs. Where a training is in pieces it has no room for a batch.
func (c Config) memory(s Shape, cost Cost) int64 {
	r, _ := find(rules[float32](), c.Optimizer.Name, rule[float32].option)
	rows := max(c.batch(s.Train), min(evaluationRows, s.Train))
	_, _, units := c.weights(s.In, s.Out)
	kept := r.kept(c.Optimizer.Params)
	vectors, outputs := float64(4+kept), float64(rows)*float64(units+s.Out)
	numbers := vectors*float64(cost.Parameters) + 5*outputs
	if c.skipsZeros() && kernel.SkipsZeros(s.In, s.Nonzero) {
		first, _, _ := c.weights(s.In, s.Out)
		numbers += float64(2+kept) * float64(first)
	}
	if c.Dropout.Input > 0 || s.Bytes {
		numbers += float64(rows) * float64(s.In)
	}
	return byteCount(numbers*float64(c.FloatBytes()) + 8*float64(s.Train) + 4*float64(s.Test)*float64(s.Out))
}

// savingBytes is the memory of copies of the parameters and of what the optimiser keeps: as State packs and encodes
// them, and as a database takes them; the weights as float64 are fewer.
func (c Config) savingBytes(cost Cost) int64 {
	const copies = 5 // as measured
	return byteCount(copies * c.stateBytes(cost.Parameters))
}

// StateBytes is the size of the state of a training without early stopping, but for some hundred bytes.
func (c Config) StateBytes(parameters int) int64 { return byteCount(c.stateBytes(parameters)) }

func (c Config) stateBytes(parameters int) float64 {
	r, _ := find(rules[float32](), c.Optimizer.Name, rule[float32].option)
	return float64(1+r.kept(c.Optimizer.Params)) * float64(parameters) * float64(c.FloatBytes())
}

// byteCount is a number of bytes, however many they are.
func byteCount(n float64) int64 { return int64(min(n, math.MaxInt64/16)) }

// inputBytes is the memory of a data set: inputs in float32, labels or targets,
// and what Prepare makes of the inputs. Inputs that are kept as bytes are made
// into numbers only for steps on all of them with their zeros, and into bands where many are 0.
// Few inputs are kept by unit, too.
func (c Config) inputBytes(s Shape) int64 {
	examples := float64(s.Train) + float64(s.Valid) + float64(s.Test)
	inputs := examples * float64(s.In)
	n := 4*inputs + 4*examples*float64(1+s.Out)
	skips := kernel.SkipsZeros(s.In, s.Nonzero)
	if s.Bytes && skips {
		n += kernel.BandBytes(examples, float64(s.In), s.Nonzero)
	}
	if inputs <= mostByUnit {
		n += 4 * inputs
	}
	if s.Bytes && (c.batch(s.Train) < s.Train || skips && c.skipsZeros()) {
		return byteCount(n - 3*inputs)
	}
	entry := float64(kernel.EntryBytes[float32]())
	if c.Precision == "float64" {
		n += 8 * inputs
		entry = float64(kernel.EntryBytes[float64]())
	}
	if skips {
		n += inputs * s.Nonzero * entry
	}
	return byteCount(n)
}

// FloatBytes is the size of a number in the network's precision.
func (c Config) FloatBytes() int {
	if c.Precision == "float64" {
		return int(unsafe.Sizeof(float64(0)))
	}
	return int(unsafe.Sizeof(float32(0)))
}
