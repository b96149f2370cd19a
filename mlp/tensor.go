package mlp

import (
	"fmt"
	"strings"

	"nightshift/mlp/internal/kernel"
)

// view is a named part of a network's parameters or buffers.
type view[F kernel.Float] struct {
	name   string
	shape  []int
	data   []F
	buffer bool // a running statistic, which no gradient changes
}

// views lists everything that makes a network what it is, layer by layer; the
// parameters among them stand in the order of the flat vector.
func (n *net[F]) views() []view[F] {
	var list []view[F]
	for i, l := range n.layers {
		add := func(module, name string, data []F, shape ...int) {
			running := module == "norms" && strings.HasPrefix(name, "running")
			list = append(list, view[F]{fmt.Sprintf("%s.%d.%s", module, i, name), shape, data, running})
		}
		add("layers", "weight", l.w, l.out, l.in)
		add("layers", "bias", l.b, l.out)
		if l.batchNorm != nil {
			add("norms", "weight", l.batchNorm.gamma, l.out)
			add("norms", "bias", l.batchNorm.beta, l.out)
			add("norms", "running_mean", l.batchNorm.mean, l.out)
			add("norms", "running_var", l.batchNorm.variance, l.out)
		}
		if l.alpha != nil {
			add("activations", "weight", l.alpha, 1)
		}
	}
	return list
}

// tensors copies the views.
func (n *net[F]) tensors() []Tensor {
	var list []Tensor
	for _, v := range n.views() {
		t := Tensor{Name: v.name, Shape: v.shape, Data: make([]float64, len(v.data))}
		convert(t.Data, v.data)
		list = append(list, t)
	}
	return list
}

// predict returns the logits [rows, out] of examples in evaluation mode.
func (n *net[F]) predict(e Examples) []float32 {
	logits := make([]float32, e.N*n.out)
	x := func(lo, hi int) kernel.Rows[F] { return n.all(precise[F](e.X[lo*n.in : hi*n.in])) }
	if e.Bytes != nil {
		d := newDecoder[F](e.Bytes)
		x = func(lo, hi int) kernel.Rows[F] { return n.batch.decode(d, n.consecutive(lo, hi-lo)) }
		if d.zeros != nil {
			n.toInputMajor()
			x = func(lo, hi int) kernel.Rows[F] {
				return kernel.Rows[F]{Width: n.in, Index: n.consecutive(lo, hi-lo), Zeros: d.zeros}
			}
		}
	}
	for lo := 0; lo < e.N; lo += evaluationRows {
		hi := min(lo+evaluationRows, e.N)
		rows := x(lo, hi)
		if n.piecewise != nil && rows.Zeros == nil {
			n.piecewise.predict(logits[lo*n.out:hi*n.out], rows)
			continue
		}
		n.grow(hi - lo)
		n.forward(rows, false, nil)
		convert(logits[lo*n.out:hi*n.out], n.logits()[:(hi-lo)*n.out])
	}
	return logits
}
