//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

var (
	fast32 = available(vectorised[float32]{
		lanes: lanes32, size: 4,
		multiply1: multiply1x32, multiply2: multiply2x32,
		copyPanel: copyPanel32, transposePanel: transposePanel32,
		gather: gather32,
		axpy:   axpy32, scale: scale32,
		momentum: momentum32, nesterov: nesterov32, rmsprop: rmsprop32, adam: adam32,
		relu: relu32, reluGrad: reluGrad32, sigmoidGrad: sigmoidGrad32, tanhGrad: tanhGrad32,
		exp: exp32, sigmoid: sigmoid32, tanh: tanh32,
		columnSums: columnSums32, squares: squares32,
	})
	fast64 = available(vectorised[float64]{
		lanes: lanes64, size: 8,
		multiply1: multiply1x64, multiply2: multiply2x64,
		copyPanel: copyPanel64, transposePanel: transposePanel64,
		gather: gather64,
		axpy:   axpy64, scale: scale64,
		momentum: momentum64, nesterov: nesterov64, rmsprop: rmsprop64, adam: adam64,
		relu: relu64, reluGrad: reluGrad64, sigmoidGrad: sigmoidGrad64, tanhGrad: tanhGrad64,
		exp:        exp64,
		columnSums: columnSums64, squares: squares64,
	})
)

func available[F Float](v vectorised[F]) *vectorised[F] {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		return &v
	}
	return nil
}

// fast returns the vectorised kernels, nil on a processor without them.
func fast[F Float]() *vectorised[F] {
	var zero F
	if _, ok := any(zero).(float32); ok {
		return any(fast32).(*vectorised[F])
	}
	return any(fast64).(*vectorised[F])
}
