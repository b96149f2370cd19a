package mlp

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"nightshift/internal/stream"
)

// pixelated is data of which both forms are made: bytes, with the rows of all splits
// in one matrix and in no order, and the floats that they stand for. Of four bytes,
// so many are 0.
func pixelated(zeros int, withoutZeros, standard bool) (bytes, floats Data) {
	const in, n = 80, 140
	r := stream.New("pixelated", 1)
	b := Bytes{Shift: make([]float64, in), Factor: make([]float64, in)}
	for j := range in {
		b.Factor[j] = 1. / 255
		if standard {
			b.Shift[j], b.Factor[j] = 60+float64(j), 1/(30+float64(j))
		}
	}
	var whole []byte
	if withoutZeros {
		b.Start = []int{0}
	}
	for range n {
		for j := range in {
			v := byte(1 + r.IntN(255))
			if r.IntN(4) < zeros {
				v = 0
			}
			whole = append(whole, v)
			if withoutZeros && v != 0 {
				b.Columns, b.Values = append(b.Columns, uint16(j)), append(b.Values, v)
			}
		}
		if withoutZeros {
			b.Start = append(b.Start, len(b.Values))
		}
	}
	if !withoutZeros {
		b.Values = whole
	}
	order := r.Perm(n)
	draw := func(lo, hi int) (of, to Examples) {
		part := b
		for _, row := range order[lo:hi] {
			part.Rows = append(part.Rows, int32(row))
			for j, v := range whole[row*in : (row+1)*in] {
				to.X = append(to.X, float32((float64(v)-b.Shift[j])*b.Factor[j]))
			}
			to.Labels = append(to.Labels, int32(row%3))
		}
		to.N = hi - lo
		of = to
		of.X, of.Bytes = nil, &part
		return of, to
	}
	bytes, floats = Data{In: in, Out: 3}, Data{In: in, Out: 3}
	bytes.Train, floats.Train = draw(0, 70)
	bytes.Valid, floats.Valid = draw(70, 110)
	bytes.Test, floats.Test = draw(110, 140)
	return bytes, floats
}

// Bytes give every bit that the floats give for which they stand.
func TestBytesGiveTheBitsOfFloats(t *testing.T) {
	for _, zeros := range []int{0, 3} {
		for _, withoutZeros := range []bool{false, true} {
			for _, standard := range []bool{false, true} {
				bytes, floats := pixelated(zeros, withoutZeros, standard)
				for _, precision := range []string{"float32", "float64"} {
					for _, batch := range []int{7, 32, 0} {
						for _, dropped := range []float64{0, 0.2} {
							c := everything(t)
							c.Precision, c.Batch, c.Dropout.Input = precision, batch, dropped
							name := fmt.Sprintf("%d of 4 zeros, left out %t, standard %t, %s, batch %d, dropout %g", zeros,
								withoutZeros, standard, precision, batch, dropped)
							a, b := start(t, c, bytes, Seeds{1, 2}), start(t, c, floats, Seeds{1, 2})
							if got, want := finish(t, a), finish(t, b); !reflect.DeepEqual(got, want) {
								t.Errorf("%s: epochs differ: %v and %v", name, got, want)
							}
							if !reflect.DeepEqual(a.Weights(), b.Weights()) {
								t.Errorf("%s: weights differ", name)
							}
							if !reflect.DeepEqual(a.Logits(bytes.Test), b.Logits(floats.Test)) {
								t.Errorf("%s: logits differ", name)
							}
						}
					}
				}
			}
		}
	}
}

// A network measures bytes as the floats for which they stand.
func TestNetworkOfBytes(t *testing.T) {
	bytes, floats := pixelated(3, true, false)
	n, err := NewNetwork(Default(), bytes.In, bytes.Out, Seeds{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := n.Metrics(bytes.Test), n.Metrics(floats.Test); got != want {
		t.Errorf("metrics %+v, want %+v", got, want)
	}
	if got, want := n.Objective(bytes.Test, false), n.Objective(floats.Test, false); got != want {
		t.Errorf("objective %v, want %v", got, want)
	}
}

func TestBytesThatDoNotFitAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Bytes)
		says   string
	}{
		"rows":    {func(b *Bytes) { b.Rows = b.Rows[1:] }, "bytes of 69 rows"},
		"scale":   {func(b *Bytes) { b.Factor = b.Factor[1:] }, "80 and 79 columns"},
		"columns": {func(b *Bytes) { b.Columns = b.Columns[1:] }, "columns for the"},
		"range":   {func(b *Bytes) { b.Rows[3] = 140 }, "not among the 140"},
	} {
		d, _ := pixelated(3, true, false)
		c.change(d.Train.Bytes)
		if _, err := Start(Default(), d, Seeds{}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want %q", name, err, c.says)
		}
	}
}
