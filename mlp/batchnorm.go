package mlp

import (
	"math"

	"nightshift/mlp/internal/kernel"
)

// PyTorch's defaults.
const (
	normEpsilon  = 1e-5
	normMomentum = 0.1 // share of the batch in the running statistics
)

// batchNorm is batch normalisation of one layer (Ioffe and Szegedy 2015).
type batchNorm[F kernel.Float] struct {
	gamma, dgamma  []F // [out]
	beta, dbeta    []F // [out]
	mean, variance []F // [out] running statistics

	xhat                []F       // [rows, out] normalised input of the last forward pass
	deviation           []float64 // [out] √(variance+ε) it was divided by
	batchMean, batchVar []float64 // [out] of the last forward pass with batch statistics; the variance is the biased one
	sums                []float64 // [2, out]
}

func newBatchNorm[F kernel.Float](out int) *batchNorm[F] {
	return &batchNorm[F]{
		deviation: make([]float64, out),
		batchMean: make([]float64, out),
		batchVar:  make([]float64, out),
		sums:      make([]float64, 2*out),
	}
}

// forward replaces z [rows, out] by its normalised, scaled and shifted values.
func (b *batchNorm[F]) forward(z []F, rows int, batchStats bool) {
	if batchStats {
		b.measure(z, rows)
	} else {
		convert(b.batchMean, b.mean)
		convert(b.batchVar, b.variance)
	}
	out := len(b.gamma)
	for o, v := range b.batchVar {
		b.deviation[o] = math.Sqrt(v + normEpsilon)
	}
	for r := range rows {
		row, xhat := z[r*out:(r+1)*out], b.xhat[r*out:(r+1)*out]
		for o, v := range row {
			xhat[o] = F((float64(v) - b.batchMean[o]) / b.deviation[o])
			row[o] = b.gamma[o]*xhat[o] + b.beta[o]
		}
	}
}

// measure computes mean and biased variance of each column of z.
func (b *batchNorm[F]) measure(z []F, rows int) {
	out := len(b.gamma)
	clear(b.batchMean)
	clear(b.batchVar)
	for r := range rows {
		for o, v := range z[r*out : (r+1)*out] {
			b.batchMean[o] += float64(v)
		}
	}
	for o := range b.batchMean {
		b.batchMean[o] /= float64(rows)
	}
	for r := range rows {
		for o, v := range z[r*out : (r+1)*out] {
			e := float64(v) - b.batchMean[o]
			b.batchVar[o] += e * e
		}
	}
	for o := range b.batchVar {
		b.batchVar[o] /= float64(rows)
	}
}

// track moves the running statistics towards those of the last batch. The
// variance of a single example is unknown and leaves the running one alone.
func (b *batchNorm[F]) track(rows int) {
	for o := range b.mean {
		b.mean[o] = F((1-normMomentum)*float64(b.mean[o]) + normMomentum*b.batchMean[o])
		if rows > 1 {
			unbiased := b.batchVar[o] * float64(rows) / float64(rows-1)
			b.variance[o] = F((1-normMomentum)*float64(b.variance[o]) + normMomentum*unbiased)
		}
	}
}

// backward turns d [rows, out] from the gradient with respect to the result
// into that with respect to the input.
func (b *batchNorm[F]) backward(d []F, rows int, batchStats bool) {
	out := len(b.gamma)
	clear(b.sums)
	sum, dot := b.sums[:out], b.sums[out:]
	for r := range rows {
		xhat := b.xhat[r*out : (r+1)*out]
		for o, v := range d[r*out : (r+1)*out] {
			sum[o] += float64(v)
			dot[o] += float64(v) * float64(xhat[o])
		}
	}
	for o := range sum {
		b.dbeta[o], b.dgamma[o] = F(sum[o]), F(dot[o])
		if !batchStats {
			sum[o], dot[o] = 0, 0 // the running statistics are constants
		}
	}
	for r := range rows {
		row, xhat := d[r*out:(r+1)*out], b.xhat[r*out:(r+1)*out]
		for o, v := range row {
			centred := float64(v) - (sum[o]+float64(xhat[o])*dot[o])/float64(rows)
			row[o] = F(float64(b.gamma[o]) / b.deviation[o] * centred)
		}
	}
}
