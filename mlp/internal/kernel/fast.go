package kernel

// vectorised is the set of kernels for one precision. Their loops are in the
// comments of the generated declarations. A nil kernel does not exist in that
// precision.
type vectorised[F Float] struct {
	name        string
	lanes, size int // numbers in a register of the products, bytes of a number

	multiply1, multiply2 func(p *byte)
	ragged               bool // whether they read no column of b behind the last
	copyPanel            func(dst, src *F, offsets *int, rows, columns int)
	transposePanel       func(dst, src *F, offsets *int, rows, k, step int)

	// nil where small matrices are multiplied as large ones are
	small        func(p *byte)
	crossEntropy func(d, z *F, labels *int32, rows, outputs int, scale F) int

	classMetrics func(p *byte) int // of softmax outputs, in float64; nil where they are computed one example at a time

	// nil where sparse matrices are multiplied by plain loops, in which fuse adds a times x to w and does not round the
	// product before: so zeros that are left out change no bit there either.
	near, bands, sortBands, gather func(p *byte)
	fuse                           func(w, x *F, n int, a F)
	sortNumbers                    func(buckets *byte, step int, lengths *int32, columns *uint16, values *F, n, row int)

	axpy               func(w, x *F, n int, a F)
	scale              func(w *F, n int, a F)
	momentum, nesterov func(w, m, g *F, n int, lr, mu F)
	rmsprop            func(w, s, g *F, n int, lr, alpha, beta, eps F)
	adam               func(w, m, s, g *F, n int, lr, a1, b1, a2, b2, root, eps F)

	relu, reluGrad, sigmoidGrad, tanhGrad func(y, x *F, n int)
	exp, sigmoid, tanh                    func(y, x *F, n int)
	softmax                               func(y, z *F, rows, columns int)

	columnSums func(s, x *F, rows, columns int)
	moments    func(lanes *[2][16]float64, x *F, n int) (sum, squares float64)
	outside    func(x *F, n int, below, above F) int

	multiplyAdds, read, write func(x *F, rounds int)
}
