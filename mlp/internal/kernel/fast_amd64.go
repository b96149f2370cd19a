//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

// The kernels for AVX2 and FMA, and those in which products have registers of
// twice the width. An element of a product is the same chain of sums in both,
// so they give the same bits.
var (
	avx2x32 = vectorised[float32]{
		name: "avx2", lanes: 8, size: 4,
		multiply1: multiply1x32, multiply2: multiply2x32,
		copyPanel: copyPanel32, transposePanel: transposePanel32,
		near: near32, bands: bands32, sortBands: sortBands32, gather: gather32, sortNumbers: sortNumbers32,
		axpy: axpy32, scale: scale32,
		momentum: momentum32, nesterov: nesterov32, rmsprop: rmsprop32, adam: adam32,
		relu: relu32, reluGrad: reluGrad32, sigmoidGrad: sigmoidGrad32, tanhGrad: tanhGrad32,
		exp: exp32, sigmoid: sigmoid32, tanh: tanh32, softmax: softmax32,
		columnSums: columnSums32, moments: moments32, outside: outside32,
		small: small32, crossEntropy: crossEntropy32,
		multiplyAdds: multiplyAdds32, read: read32, write: write32,
	}
	avx2x64 = vectorised[float64]{
		name: "avx2", lanes: 4, size: 8,
		multiply1: multiply1x64, multiply2: multiply2x64,
		copyPanel: copyPanel64, transposePanel: transposePanel64,
		near: near64, bands: bands64, sortBands: sortBands64, gather: gather64, sortNumbers: sortNumbers64,
		axpy: axpy64, scale: scale64,
		momentum: momentum64, nesterov: nesterov64, rmsprop: rmsprop64, adam: adam64,
		relu: relu64, reluGrad: reluGrad64, sigmoidGrad: sigmoidGrad64, tanhGrad: tanhGrad64,
		exp: exp64, softmax: softmax64, classMetrics: classMetrics64,
		columnSums: columnSums64, moments: moments64, outside: outside64,
	}
	avx512x32 = avx2x32.wide(vectorised[float32]{
		lanes: 16, multiply1: multiply1x32wide, multiply2: multiply2x32wide,
		copyPanel: copyPanel32wide,
		near:      near32wide, bands: bands32wide, sortBands: sortBands32wide, gather: gather32wide,
		axpy: axpy32wide, scale: scale32wide,
		momentum: momentum32wide, nesterov: nesterov32wide, rmsprop: rmsprop32wide, adam: adam32wide,
		relu: relu32wide, reluGrad: reluGrad32wide, sigmoidGrad: sigmoidGrad32wide, tanhGrad: tanhGrad32wide,
		exp: exp32wide, sigmoid: sigmoid32wide, tanh: tanh32wide,
		moments: moments32wide, outside: outside32wide,
		small: small32wide, crossEntropy: crossEntropy32wide,
		multiplyAdds: multiplyAdds32wide, read: read32wide, write: write32wide,
	})
	avx512x64 = avx2x64.wide(vectorised[float64]{
		lanes: 8, multiply1: multiply1x64wide, multiply2: multiply2x64wide,
		copyPanel: copyPanel64wide,
		near:      near64wide, bands: bands64wide, sortBands: sortBands64wide, gather: gather64wide,
		axpy: axpy64wide, scale: scale64wide,
		momentum: momentum64wide, nesterov: nesterov64wide, rmsprop: rmsprop64wide, adam: adam64wide,
		relu: relu64wide, reluGrad: reluGrad64wide, sigmoidGrad: sigmoidGrad64wide, tanhGrad: tanhGrad64wide,
		exp: exp64wide, classMetrics: classMetrics64wide, moments: moments64wide, outside: outside64wide,
	})

	fast32 = available(&avx2x32, &avx512x32)
	fast64 = available(&avx2x64, &avx512x64)
)

// wide replaces the kernels that have registers of twice the width.
func (v vectorised[F]) wide(by vectorised[F]) vectorised[F] {
	v.name, v.lanes, v.ragged = "avx512", by.lanes, true
	v.multiply1, v.multiply2, v.copyPanel = by.multiply1, by.multiply2, by.copyPanel
	v.small, v.crossEntropy, v.classMetrics = by.small, by.crossEntropy, by.classMetrics
	v.near, v.bands, v.sortBands, v.gather = by.near, by.bands, by.sortBands, by.gather
	v.exp, v.sigmoid, v.tanh = by.exp, by.sigmoid, by.tanh
	v.axpy, v.scale, v.momentum, v.nesterov, v.rmsprop, v.adam = by.axpy, by.scale, by.momentum, by.nesterov, by.rmsprop, by.adam
	v.relu, v.reluGrad, v.sigmoidGrad, v.tanhGrad = by.relu, by.reluGrad, by.sigmoidGrad, by.tanhGrad
	v.moments, v.outside = by.moments, by.outside
	v.multiplyAdds, v.read, v.write = by.multiplyAdds, by.read, by.write
	return v
}

// available is the best that the processor has.
func available[F Float](avx2, avx512 *vectorised[F]) *vectorised[F] {
	x := cpu.X86
	switch {
	case !x.HasAVX2 || !x.HasFMA:
		return nil
	case x.HasAVX512F && x.HasBMI2:
		return avx512
	}
	return avx2
}

// fast returns the vectorised kernels, nil on a processor without them.
func fast[F Float]() *vectorised[F] {
	var zero F
	if _, ok := any(zero).(float32); ok {
		return any(fast32).(*vectorised[F])
	}
	return any(fast64).(*vectorised[F])
}

// products returns the kernels of products.
func products[F Float]() *vectorised[F] { return fast[F]() }
