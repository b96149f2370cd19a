package mlp

import (
	"fmt"
	"slices"

	"nightshift/internal/stream"
	"nightshift/mlp/internal/kernel"
)

// Network is a network in float64 whose objective and gradient can be asked
// for at any parameters: for gradient checks, loss surfaces and matching of
// units. It never drops units. It belongs to one goroutine.
type Network struct {
	net *net[float64]
}

// NewNetwork makes the network with which a training of the configuration
// would start, whatever the configuration's precision. The error says what is
// wrong with the configuration.
func NewNetwork(c Config, in, out int, seeds Seeds) (*Network, error) {
	if p := c.Problems(out, false); len(p) > 0 && len(c.Problems(out, true)) > 0 {
		return nil, problems(p).err()
	}
	if in < 1 || out < 1 {
		return nil, fmt.Errorf("a network with %d inputs and %d outputs is asked for; it needs at least one of each", in, out)
	}
	n := newNet[float64](c, in, out)
	n.initialise(stream.New("init", seeds.Init), stream.New("bias", seeds.Init))
	return &Network{n}, nil
}

// Parameters is the flat vector of the parameters: for each layer its weights
// [out, in] and biases, then scale and shift of its batch normalisation, then
// the slope of its PReLU. Writing to it changes the network.
func (n *Network) Parameters() []float64 { return n.net.theta }

// Gradient returns the objective for the examples and its gradient with
// respect to Parameters, which is overwritten by the next call. With
// batchStats, batch normalisation uses the statistics of the examples as it
// does while training, otherwise the running ones.
func (n *Network) Gradient(e Examples, batchStats bool) (objective float64, gradient []float64) {
	x, rows := n.forward(e, batchStats)
	n.net.lossGradient(&e, rows)
	n.net.backward(x)
	return n.net.loss(&e, rows) + n.net.penalty(), n.net.gradient
}

// Objective returns what Gradient is the gradient of.
func (n *Network) Objective(e Examples, batchStats bool) float64 {
	_, rows := n.forward(e, batchStats)
	return n.net.loss(&e, rows) + n.net.penalty()
}

// forward returns the examples' inputs and their indices.
func (n *Network) forward(e Examples, batchStats bool) (x kernel.Rows[float64], rows []int) {
	n.net.grow(e.N)
	rows = make([]int, e.N)
	for i := range rows {
		rows[i] = i
	}
	x = n.net.all(wholeOf[float64](e, n.net.in))
	n.net.forward(x, batchStats, nil)
	return x, rows
}

// Pieces tells, after Gradient or Objective, on which side of the kinks of the
// objective the network was: between them it is smooth. A difference quotient
// over two points with different pieces says nothing about the gradient.
func (n *Network) Pieces(e Examples) []byte {
	var pieces []byte
	side := func(v, kink float64) byte {
		if v > kink {
			return 1
		}
		return 0
	}
	for _, l := range n.net.layers[:len(n.net.layers)-1] {
		for _, kink := range n.net.activation.kinks {
			for _, z := range l.z[:e.N*l.out] {
				pieces = append(pieces, side(z, kink))
			}
		}
	}
	if n.net.objective.Loss == "hinge" {
		for i := range e.N {
			z := n.net.logits()[i*n.net.out : (i+1)*n.net.out]
			for _, v := range z {
				pieces = append(pieces, side(1+v-z[e.Labels[i]], 0))
			}
		}
	}
	if n.net.config.L1 > 0 {
		for _, l := range n.net.layers {
			for _, w := range l.w {
				pieces = append(pieces, side(w, 0))
			}
		}
	}
	return pieces
}

// Metrics measures the network on examples in evaluation mode.
func (n *Network) Metrics(e Examples) Metrics {
	return n.net.evaluate(&e, newInputs[float64](e, n.net.in), nil)
}

// Sums returns W x + b of the first layer for every example, [n, units], which is
// most of the work where there are many inputs. It is linear in the parameters of
// that layer: between two networks, or in a plane through three, the sums are those
// of the corners, mixed.
func (n *Network) Sums(e Examples) []float64 {
	n.net.grow(e.N)
	n.net.first(n.net.all(wholeOf[float64](e, n.net.in)), false)
	first := n.net.layers[0]
	return slices.Clone(first.z[:e.N*first.out])
}

// MetricsOfSums measures the network as Metrics does, given what the first layer
// sums up of the examples. With batchStats, batch normalisation uses the statistics
// of the examples instead of the running ones, which a network that was not trained
// does not have.
func (n *Network) MetricsOfSums(e Examples, sums []float64, batchStats bool) Metrics {
	most := evaluationRows
	if batchStats {
		most = max(1, e.N)
	}
	first := &n.net.layers[0]
	return n.net.measure(&e, most, nil, func(lo, rows int) {
		copy(first.z[:rows*first.out], sums[lo*first.out:])
		n.net.forwardFromFirst(rows, batchStats, nil)
	})
}

// Logits returns the outputs [N, out] before their activation for the inputs of
// examples, in evaluation mode.
func (n *Network) Logits(e Examples) []float32 { return n.net.predict(e) }

// Weights returns a copy of the parameters and buffers.
func (n *Network) Weights() []Tensor { return n.net.tensors() }

// SetWeights overwrites the parameters and buffers. The tensors have to be all
// of those that Weights returns, in any order.
func (n *Network) SetWeights(tensors []Tensor) error {
	named := map[string]Tensor{}
	for _, t := range tensors {
		named[t.Name] = t
	}
	views := n.net.views()
	for _, v := range views {
		t, ok := named[v.name]
		if !ok {
			return fmt.Errorf("weights of this configuration need the tensor %s", v.name)
		}
		if !slices.Equal(t.Shape, v.shape) || len(t.Data) != len(v.data) {
			return fmt.Errorf("tensor %s has shape %v, this configuration needs %v", v.name, t.Shape, v.shape)
		}
	}
	if len(named) != len(views) {
		return fmt.Errorf("%d tensors are given, this configuration has %d", len(named), len(views))
	}
	for _, v := range views {
		copy(v.data, named[v.name].Data)
	}
	return nil
}
