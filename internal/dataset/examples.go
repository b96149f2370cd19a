package dataset

import (
	"fmt"
	"math"
)

// examples are the unscaled examples of one file or of one draw.
type examples struct {
	n, in          int
	row            func(i int, x []float64) // writes the inputs of example i to x [in]
	pixels         *pixels                  // what row reads of, if that is bytes
	labels         []int32                  // of a classification
	targets, truth []float32                // [n, out] of a regression; truth nil where it is not known
}

// part is a selection of examples, in the order of a split.
type part struct {
	*examples
	index []int32
}

// parts are the splits of a set before scaling.
type parts struct {
	train, valid, test part
	classes            []string
	units              []Unit // by which targets are scaled; nil where they are not
}

// floatRows reads rows from values [n, in].
func floatRows(values []float64, in int) func(int, []float64) {
	return func(i int, x []float64) { copy(x, values[i*in:(i+1)*in]) }
}

// all selects every example.
func (ex *examples) all() part {
	index := make([]int32, ex.n)
	for i := range index {
		index[i] = int32(i)
	}
	return part{ex, index}
}

// scaled makes a split of the selection. The error is of a value that is too
// large for float32 once it is scaled.
func (p part) scaled(sc scaling) (Split, error) {
	s := Split{N: len(p.index), part: p, scaling: sc}
	var err error
	if p.pixels != nil {
		s.Bytes = p.pixels.scaled(p.index, sc)
	} else if s.X, err = p.floats(sc); err != nil {
		return s, err
	}
	if p.labels != nil {
		s.Labels = gather(p.labels, p.index, 1)
	}
	if p.targets != nil {
		s.Targets = gather(p.targets, p.index, p.out())
	}
	if p.truth != nil {
		s.Truth = gather(p.truth, p.index, p.out())
	}
	return s, nil
}

// floats are the scaled inputs of the selection [n, in].
func (p part) floats(sc scaling) ([]float32, error) {
	values := make([]float32, 0, len(p.index)*p.in)
	x := make([]float64, p.in)
	for _, i := range p.index {
		p.row(int(i), x)
		for j, v := range x {
			v = (v - sc.shift[j]) * sc.factor[j]
			if math.Abs(v) > math.MaxFloat32 {
				return nil, fmt.Errorf("input %d has a value that scaling turns into %.3g, because the training values hardly differ; "+
					"drop that column or use scale: none", j+1, v)
			}
			values = append(values, float32(v))
		}
	}
	return values, nil
}

// Floats are the scaled inputs [N, In]: X, or what Bytes stand for.
func (s *Split) Floats() []float32 {
	if s.Bytes == nil {
		return s.X
	}
	values, _ := s.part.floats(s.scaling) // scaled bytes are never too large
	return values
}

// Inputs are those of one example, scaled [In].
func (s *Split) Inputs(i int) []float32 {
	if s.Bytes == nil {
		in := len(s.X) / s.N
		return s.X[i*in : (i+1)*in]
	}
	values, _ := part{s.part.examples, s.part.index[i : i+1]}.floats(s.scaling)
	return values
}

// out is the number of targets of an example.
func (ex *examples) out() int { return len(ex.targets) / ex.n }

// gather copies rows of values [n, width].
func gather[T any](values []T, index []int32, width int) []T {
	out := make([]T, 0, len(index)*width)
	for _, i := range index {
		out = append(out, values[int(i)*width:(int(i)+1)*width]...)
	}
	return out
}
