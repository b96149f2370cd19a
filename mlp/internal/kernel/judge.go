package kernel

import "unsafe"

// Together is of how many rows those that a Judge judges are a multiple.
const Together = 32

// Judge computes what the metrics of softmax outputs are made of, in float64, for several examples at once, with the bits that
// one after the other gives. It owns the working memory.
type Judge struct {
	Confidence []float64 // [rows] probability of the class with the largest logit, the lowest of equal ones
	Likelihood []float64 // [rows] logarithm of the probability of the label
	Brier      []float64 // [rows] square of the distance of the probabilities from the label, one-hot
	Right      []float64 // [rows] 1 where the largest logit is the label's, otherwise 0
	Bin        []int32   // [rows] which of the bins of equal width, open on the left, the confidence is in

	call    judged
	z       []float32 // [outputs, rows]
	p       []float64 // [outputs, rows] probabilities
	labels  []int32
	offsets []int     // of the examples' logits
	n       int       // examples
	classes []int     // where the probabilities of each class are
	turned  []float64 // p by example
}

// judged is what the assembly reads. The order of the fields is part of it.
type judged struct {
	z                                    *float32
	p                                    *float64
	labels                               *int32
	confidence, likelihood, brier, right *float64
	bin                                  *int32
	rows, outputs                        int
	step                                 int // bytes from one output's logits to the next's
	bins                                 float64
}

// HasJudge says whether there is a Judge on this processor.
func HasJudge() bool { f := fast[float64](); return f != nil && f.judge != nil }

// Softmax judges examples of the classes labels by their logits [rows, outputs]. It says whether these are finite and far from
// the largest numbers: if not, the results mean nothing.
func (j *Judge) Softmax(logits []float32, labels []int32, outputs, bins int) (finite bool) {
	n := len(labels)
	rows := (n + Together - 1) / Together * Together
	logits = logits[:n*outputs]
	j.z, j.labels, j.offsets = grow(j.z, rows*outputs), grow(j.labels, rows), grow(j.offsets, rows)
	for r := range j.offsets { // what is behind the last example is the last one again
		j.offsets[r] = min(r, n-1) * outputs * int(unsafe.Sizeof(j.z[0]))
	}
	clear(j.labels[copy(j.labels, labels):])
	fast[float32]().transpose(j.z, rows, logits, j.offsets, outputs)
	return j.ByClass(j.z, j.labels, n, outputs, bins)
}

// ByClass is Softmax for logits [outputs, rows], where rows are a multiple of Together and labels are as many: of these n are
// examples, and the others are like them.
func (j *Judge) ByClass(logits []float32, labels []int32, n, outputs, bins int) (finite bool) {
	rows := len(labels)
	logits = logits[:rows*outputs]
	if j.n != n || j.call.outputs != outputs || j.call.rows != rows {
		j.grow(n, rows, outputs)
	}
	j.call.z, j.call.labels, j.call.bins = &logits[0], &labels[0], float64(bins)
	return fast[float64]().judge((*byte)(unsafe.Pointer(&j.call))) == 0
}

// grow makes room.
func (j *Judge) grow(n, rows, outputs int) {
	const size = int(unsafe.Sizeof(float64(0)))
	j.n, j.p, j.Bin = n, grow(j.p, rows*outputs), grow(j.Bin, rows)
	j.Confidence, j.Likelihood = grow(j.Confidence, rows), grow(j.Likelihood, rows)
	j.Brier, j.Right = grow(j.Brier, rows), grow(j.Right, rows)
	j.classes, j.turned = grow(j.classes, outputs+Spare/size), grow(j.turned, rows*outputs+Spare/size)
	for c := range j.classes {
		j.classes[c] = min(c, outputs-1) * rows * size
	}
	j.call = judged{
		p: &j.p[0], confidence: &j.Confidence[0], likelihood: &j.Likelihood[0], brier: &j.Brier[0], right: &j.Right[0],
		bin: &j.Bin[0], rows: rows, outputs: outputs, step: rows * int(unsafe.Sizeof(j.z[0])),
	}
}

// Probabilities are those of the examples judged last, by example, [examples, outputs], and by class, [outputs, rows], until
// others are judged.
func (j *Judge) Probabilities() (byExample, byClass []float64) {
	TransposeTight(j.turned, j.call.outputs, j.p, j.classes, j.call.rows)
	return j.turned[:j.n*j.call.outputs], j.p
}
