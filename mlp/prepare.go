package mlp

import (
	"sync"

	"nightshift/mlp/internal/kernel"
)

// prepared is the inputs of a data set as the kernels read them: of train,
// valid and test, in the precision of the network.
type prepared struct {
	single func() [3]*inputs[float32]
	double func() [3]*inputs[float64]
}

// inputs are those of a split. They are shared by trainings and never written to.
type inputs[F kernel.Float] struct {
	n, in int
	bytes *decoder[F]           // nil where the inputs are floats
	whole func() kernel.Rows[F] // all of them as numbers, which the first call makes
	units func() []F            // as unitwise reads them, [pieces, in, pieceRows], made by the first call; nil where they are many
}

// mostByUnit is how many numbers of inputs are kept by unit, too: as many as are read again from a cache.
const mostByUnit = 1 << 20

// Prepare returns data whose trainings share what they make of the inputs: a copy
// in float64, and one without zeros where there are many. The first training
// that needs one makes it. Data that are not prepared are good, too,
// but every training makes its own.
func Prepare(data Data) Data {
	splits := [3]Examples{data.Train, data.Valid, data.Test}
	data.prepared = &prepared{
		single: sync.OnceValue(func() [3]*inputs[float32] { return allInputs[float32](splits, data.In) }),
		double: sync.OnceValue(func() [3]*inputs[float64] { return allInputs[float64](splits, data.In) }),
	}
	return data
}

func allInputs[F kernel.Float](splits [3]Examples, in int) (all [3]*inputs[F]) {
	for i, e := range splits {
		all[i] = newInputs[F](e, in)
	}
	return all
}

func newInputs[F kernel.Float](e Examples, in int) *inputs[F] {
	x := &inputs[F]{n: e.N, in: in}
	if e.Bytes != nil && e.N > 0 {
		x.bytes = newDecoder[F](e.Bytes)
	}
	x.whole = sync.OnceValue(func() kernel.Rows[F] {
		numbers := wholeOf[F](e, in)
		return kernel.Rows[F]{Data: numbers, Width: in, Zeros: kernel.Compress(numbers, in)}
	})
	x.units = sync.OnceValue(x.byUnit)
	return x
}

// byUnit turns the inputs, piece by piece.
func (x *inputs[F]) byUnit() []F {
	if x.n*x.in > mostByUnit {
		return nil
	}
	all, at, index := kernel.Aligned[F](up(x.n, pieceRows)*x.in), make([]int, pieceRows), make([]int, pieceRows)
	var b batch[F]
	for lo := 0; lo < x.n; lo += pieceRows {
		for r := range index {
			index[r] = min(lo+r, x.n-1)
		}
		rows := x.rows(index, false, &b)
		kernel.OffsetsOf(at, rows, 0)
		kernel.Transpose(all[lo*x.in:], pieceRows, rows.Data, at, x.in)
	}
	return all
}

// rows are the inputs of the examples in index, nil for all, without zeros if
// skips says so and there are enough. They are valid until the next use of the
// batch.
func (x *inputs[F]) rows(index []int, skips bool, b *batch[F]) kernel.Rows[F] {
	if x.bytes != nil && x.bytes.zeros != nil && skips {
		return kernel.Rows[F]{Width: x.in, Index: index, Zeros: x.bytes.zeros}
	}
	if x.bytes != nil && index != nil {
		return b.decode(x.bytes, index)
	}
	rows := x.whole()
	rows.Index = index
	if !skips {
		rows.Zeros = nil
	}
	return rows
}

// skipsZeros says whether there are enough zeros for leaving them out.
func (x *inputs[F]) skipsZeros() bool {
	if x.bytes != nil {
		return x.bytes.zeros != nil
	}
	return x.whole().Zeros != nil
}

// wholeOf are the inputs of all examples as numbers.
func wholeOf[F kernel.Float](e Examples, in int) []F {
	if e.Bytes == nil || e.N == 0 {
		return precise[F](e.X)
	}
	d, x := newDecoder[F](e.Bytes), make([]F, e.N*in)
	for i := range e.N {
		d.row(x[i*in:(i+1)*in], i)
	}
	return x
}

// precise returns x itself where it has the right type, otherwise a copy.
func precise[F kernel.Float](x []float32) []F {
	if same, ok := any(x).([]F); ok {
		return same
	}
	v := make([]F, len(x))
	convert(v, x)
	return v
}

// inputsOf returns what is prepared in a precision.
func inputsOf[F kernel.Float](p *prepared) [3]*inputs[F] {
	if f, ok := any(p.single).(func() [3]*inputs[F]); ok {
		return f()
	}
	return any(p.double).(func() [3]*inputs[F])()
}
