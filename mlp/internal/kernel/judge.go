package kernel

import "unsafe"

// Judge computes what the metrics of softmax outputs are made of, in float64, for several examples at once, with the bits that
// one after the other gives. It owns the working memory.
type Judge struct {
	Best       []float64 // [rows] the class with the largest logit, the lowest of equal ones
	Confidence []float64 // [rows] its probability
	Likelihood []float64 // [rows] logarithm of the probability of the label
	Brier      []float64 // [rows] square of the distance of the probabilities from the label, one-hot

	call    judged
	z       []float32 // [outputs, rows]
	p       []float64 // [outputs, rows] probabilities
	labels  []int32
	offsets []int     // of the examples' logits
	n       int       // examples
	outputs [4]int    // where the probabilities of some outputs are
	turned  []float64 // p by example
}

// judged is what the assembly reads. The order of the fields is part of it.
type judged struct {
	z                                   *float32
	p                                   *float64
	labels                              *int32
	best, confidence, likelihood, brier *float64
	rows, outputs                       int
	step                                int // bytes from one output's logits to the next's
}

// HasJudge says whether there is a Judge on this processor.
func HasJudge() bool { f := fast[float64](); return f != nil && f.judge != nil }

// Softmax judges examples of the classes labels by their logits [rows, outputs]. It says whether these are finite: if not,
// the results mean nothing.
func (j *Judge) Softmax(logits []float32, labels []int32, outputs int) (finite bool) {
	const together = 8 // examples are filled up to a multiple
	n := len(labels)
	rows := (n + together - 1) / together * together
	logits = logits[:n*outputs]
	if j.n != n || j.call.outputs != outputs {
		j.grow(n, rows, outputs)
	}
	copy(j.labels, labels)
	fast[float32]().transpose(j.z, rows, logits, j.offsets, outputs)
	return fast[float64]().judge((*byte)(unsafe.Pointer(&j.call))) == 0
}

// grow makes room. What is behind the last example is the last one again.
func (j *Judge) grow(n, rows, outputs int) {
	j.n = n
	j.z, j.p, j.labels = grow(j.z, rows*outputs), grow(j.p, rows*outputs), grow(j.labels, rows)
	j.Best, j.Confidence, j.Likelihood, j.Brier = grow(j.Best, rows), grow(j.Confidence, rows), grow(j.Likelihood, rows), grow(j.Brier, rows)
	j.offsets = grow(j.offsets, rows)
	for r := range j.offsets {
		j.offsets[r] = min(r, n-1) * outputs * int(unsafe.Sizeof(j.z[0]))
	}
	clear(j.labels)
	j.call = judged{
		z: &j.z[0], p: &j.p[0], labels: &j.labels[0], best: &j.Best[0], confidence: &j.Confidence[0], likelihood: &j.Likelihood[0],
		brier: &j.Brier[0], rows: rows, outputs: outputs, step: rows * int(unsafe.Sizeof(j.z[0])),
	}
}

// Probabilities are those of the examples judged last, [examples, outputs], until others are judged.
func (j *Judge) Probabilities() []float64 {
	side := len(j.outputs) // outputs that are turned at once
	rows, outputs, size := j.call.rows, j.call.outputs, int(unsafe.Sizeof(j.p[0]))
	j.turned = grow(j.turned, rows*outputs+side)
	// The last outputs come first: what they leave in the places behind them the others overwrite.
	for c := (outputs - 1) / side * side; c >= 0; c -= side {
		for i := range j.outputs {
			j.outputs[i] = min(c+i, outputs-1) * rows * size
		}
		fast[float64]().transpose(j.turned[c:], outputs, j.p, j.outputs[:], rows)
	}
	return j.turned[:j.n*outputs]
}
