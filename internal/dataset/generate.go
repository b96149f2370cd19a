package dataset

import (
	"math"
	"math/rand/v2"
	"strconv"

	"nightshift/internal/stream"
)

// example is what a generator fills in. The labels of a split go round the
// classes, so a generator is told the label and draws x; a regression draws its
// target and the value that it would have without noise.
type example struct {
	index, label  int // given
	x             []float64
	target, truth float64
}

// generate draws the three splits of a set. Examples are drawn one after the
// other from the split's own stream, so a larger split extends a smaller one.
func (t set) generate(s Spec, seed uint64) parts {
	p := parts{
		train: t.sample(stream.New("data/train", seed), s.Noise, s.Train.Count()),
		valid: t.sample(stream.New("data/valid", seed), s.Noise, s.Valid.Count()),
		test:  t.sample(stream.New("data/test", 0), s.Noise, s.Test.Count()),
	}
	if !t.Regression {
		p.classes = numbered(t.Out)
	}
	return p
}

func (t set) sample(r *rand.Rand, noise float64, n int) part {
	var (
		bytes  []byte
		floats []float64
		ex     = &examples{n: n, in: t.In}
		e      = example{x: make([]float64, t.In)}
	)
	if t.pixels {
		bytes = make([]byte, 0, n*t.In)
	} else {
		floats = make([]float64, 0, n*t.In)
	}
	for i := range n {
		e.index = i
		if !t.Regression {
			e.label = i % t.Out
			ex.labels = append(ex.labels, int32(e.label))
		}
		t.draw(r, noise, &e)
		if t.Regression {
			ex.targets = append(ex.targets, float32(e.target))
			ex.truth = append(ex.truth, float32(e.truth))
		}
		if t.pixels {
			for _, v := range e.x {
				bytes = append(bytes, byte(math.Round(max(0, min(v, 255)))))
			}
		} else {
			floats = append(floats, e.x...)
		}
	}
	ex.row = floatRows(floats, t.In)
	if t.pixels {
		ex.row = pixelRows(bytes, t.In).row
	}
	return ex.all()
}

// numbered names n classes 0, 1, 2, ...
func numbered(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}
