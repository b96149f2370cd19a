package mlp

import (
	"sync"

	"nightshift/mlp/internal/kernel"
)

// prepared is the inputs of a data set as the kernels read them: of train,
// valid and test, in the precision of the network.
type prepared struct {
	single func() [3]kernel.Rows[float32]
	double func() [3]kernel.Rows[float64]
}

// Prepare returns data whose trainings share what they make of the inputs: a
// copy in float64, and one without zeros where there are many. The first
// training that needs one makes it. Data that are not prepared are good, too,
// but every training makes its own.
func Prepare(data Data) Data {
	splits := [3]Examples{data.Train, data.Valid, data.Test}
	data.prepared = &prepared{
		single: sync.OnceValue(func() [3]kernel.Rows[float32] { return inputs[float32](splits, data.In) }),
		double: sync.OnceValue(func() [3]kernel.Rows[float64] { return inputs[float64](splits, data.In) }),
	}
	return data
}

func inputs[F kernel.Float](splits [3]Examples, in int) (rows [3]kernel.Rows[F]) {
	for i, e := range splits {
		x := precise[F](e.X)
		rows[i] = kernel.Rows[F]{Data: x, Width: in, Zeros: kernel.Compress(x, in)}
	}
	return rows
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
func inputsOf[F kernel.Float](p *prepared) [3]kernel.Rows[F] {
	if f, ok := any(p.single).(func() [3]kernel.Rows[F]); ok {
		return f()
	}
	return any(p.double).(func() [3]kernel.Rows[F])()
}
