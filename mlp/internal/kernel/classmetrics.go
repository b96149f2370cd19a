package kernel

import "unsafe"

// RowMultiple divides the number of rows that ClassMetrics computes at once.
const RowMultiple = 32

// ClassMetrics computes, in float64, what the metrics of softmax outputs are made of. It computes several examples at once, with
// the bits that one after the other gives. It owns the working memory.
type ClassMetrics struct {
	Confidence    []float64 // [rows] probability of the class with the largest logit, the lowest of equal ones
	LogLikelihood []float64 // [rows] logarithm of the probability of the label
	Brier         []float64 // [rows] square of the distance of the probabilities from the label, one-hot
	Correct       []float64 // [rows] 1 where the largest logit is the label's, otherwise 0
	Bin           []int32   // [rows] which of the bins of equal width, open on the left, the confidence is in

	call    classMetricsCall
	z       []float32 // [outputs, rows]
	p       []float64 // [outputs, rows] probabilities
	labels  []int32
	offsets []int     // of the examples' logits
	n       int       // examples
	classes []int     // where the probabilities of each class are
	turned  []float64 // p by example
}

// classMetricsCall is what the assembly reads. The order of the fields is part of it.
type classMetricsCall struct {
	z                                         *float32
	p                                         *float64
	labels                                    *int32
	confidence, logLikelihood, brier, correct *float64
	bin                                       *int32
	rows, outputs                             int
	step                                      int // bytes from one output's logits to the next's
	bins                                      float64
}

// HasClassMetrics says whether this processor has a kernel for ClassMetrics.
func HasClassMetrics() bool { f := fast[float64](); return f != nil && f.classMetrics != nil }

// Softmax computes the fields for examples of the classes labels from their logits [rows, outputs]. It says whether the logits
// are finite and far from the largest numbers: if not, the results mean nothing.
func (m *ClassMetrics) Softmax(logits []float32, labels []int32, outputs, bins int) (finite bool) {
	n := len(labels)
	rows := (n + RowMultiple - 1) / RowMultiple * RowMultiple
	logits = logits[:n*outputs]
	m.z, m.labels, m.offsets = grow(m.z, rows*outputs), grow(m.labels, rows), grow(m.offsets, rows)
	for r := range m.offsets { // what is behind the last example is the last one again
		m.offsets[r] = min(r, n-1) * outputs * int(unsafe.Sizeof(m.z[0]))
	}
	clear(m.labels[copy(m.labels, labels):])
	fast[float32]().transpose(m.z, rows, logits, m.offsets, outputs)
	return m.ByClass(m.z, m.labels, n, outputs, bins)
}

// ByClass is Softmax for logits [outputs, rows], where rows is a multiple of RowMultiple and there are as many labels. The
// first n rows are examples; the others only fill the registers.
func (m *ClassMetrics) ByClass(logits []float32, labels []int32, n, outputs, bins int) (finite bool) {
	rows := len(labels)
	logits = logits[:rows*outputs]
	if m.n != n || m.call.outputs != outputs || m.call.rows != rows {
		m.grow(n, rows, outputs)
	}
	m.call.z, m.call.labels, m.call.bins = &logits[0], &labels[0], float64(bins)
	return fast[float64]().classMetrics((*byte)(unsafe.Pointer(&m.call))) == 0
}

// grow allocates the results of n examples in so many rows.
func (m *ClassMetrics) grow(n, rows, outputs int) {
	const size = int(unsafe.Sizeof(float64(0)))
	m.n, m.p, m.Bin = n, grow(m.p, rows*outputs), grow(m.Bin, rows)
	m.Confidence, m.LogLikelihood = grow(m.Confidence, rows), grow(m.LogLikelihood, rows)
	m.Brier, m.Correct = grow(m.Brier, rows), grow(m.Correct, rows)
	m.classes, m.turned = grow(m.classes, outputs+Spare/size), grow(m.turned, rows*outputs+Spare/size)
	for c := range m.classes {
		m.classes[c] = min(c, outputs-1) * rows * size
	}
	m.call = classMetricsCall{
		p: &m.p[0], confidence: &m.Confidence[0], logLikelihood: &m.LogLikelihood[0], brier: &m.Brier[0], correct: &m.Correct[0],
		bin: &m.Bin[0], rows: rows, outputs: outputs, step: rows * int(unsafe.Sizeof(m.z[0])),
	}
}

// Probabilities gives those of the examples of the last call, by example, [examples, outputs], and by class, [outputs, rows].
// They are valid until the next call.
func (m *ClassMetrics) Probabilities() (byExample, byClass []float64) {
	TransposeTight(m.turned, m.call.outputs, m.p, m.classes, m.call.rows)
	return m.turned[:m.n*m.call.outputs], m.p
}
