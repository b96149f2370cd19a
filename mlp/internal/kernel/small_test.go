package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// everySmall is the kernels of small products that this processor can run, by name.
func everySmall(t *testing.T) map[string]*vectorised[float32] {
	t.Helper()
	all := map[string]*vectorised[float32]{}
	for _, p := range every[float32]() {
		if f := p.fast; f != nil && f.small != nil {
			all[f.name] = f
		}
	}
	if len(all) == 0 {
		t.Skip("this processor has no kernels for small products")
	}
	return all
}

// A small product is within rounding what the loop says, starts where it should, writes nowhere else, and has the same bits in
// registers of both widths.
func TestSmallProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	kernels := everySmall(t)
	for trial := range 400 {
		rows, k, columns, start := 1+r.IntN(40), 1+r.IntN(30), 1+r.IntN(70), trial%3
		name := fmt.Sprintf("%d x %d x %d from %d", rows, columns, k, start)
		a, _ := guarded[float32](r, rows*k)
		b, _ := guarded[float32](r, k*columns)
		bias, _ := guarded[float32](r, rows)
		c, _ := guarded[float32](r, rows*columns)
		at := r.Perm(k)
		offsets := make([]int, k)
		for i, row := range at {
			offsets[i] = row * columns * 4
		}
		want := make([]float32, rows*columns)
		for i := range rows {
			for j := range columns {
				sum := []float32{0, c[i*columns+j], bias[i]}[start]
				for n, row := range at {
					sum += a[n*rows+i] * b[row*columns+j] // a lies across
				}
				want[i*columns+j] = sum
			}
		}
		var first []float32
		for _, f := range kernels {
			got, all := guarded[float32](r, rows*columns)
			copy(got, c)
			s := NewSmall(got, columns, Strided[float32]{a, 1, rows}, b, offsets, nil, rows, columns)
			s.run = f.small
			switch start {
			case startBias:
				s.start, s.bias = startBias, &bias[0]
				s.Multiply()
			default:
				s.Sum(k, start == startC)
			}
			near(t, f.name+" "+name, got, want, k)
			intact(t, f.name+" "+name, rows*columns, all)
			if first == nil {
				first = got
			}
			if !slices.Equal(first, got) {
				t.Fatalf("%s: kernels give different bits", name)
			}
		}
	}
}

// The gradient of cross-entropy by unit has the bits of softmax by example, less the one-hot targets, scaled.
func TestCrossEntropyByUnit(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for _, f := range everySmall(t) {
		for outputs := 1; outputs < 40; outputs++ {
			rows := 16 * (1 + r.IntN(3))
			z, _ := guarded[float32](r, outputs*rows)
			labels := make([]int32, rows)
			byExample := make([]float32, outputs*rows)
			for b := range rows {
				labels[b] = int32(r.IntN(outputs))
				for c := range outputs {
					byExample[b*outputs+c] = z[c*rows+b]
				}
			}
			Softmax(byExample, byExample, outputs)
			for b, y := range labels {
				byExample[b*outputs+int(y)]--
			}
			Scale(byExample, 0.3)
			for _, wrong := range []float32{0, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
				d, all := guarded[float32](r, outputs*rows)
				if wrong != 0 {
					z[r.IntN(len(z))] = wrong
				}
				finite := f.crossEntropy(&d[0], &z[0], &labels[0], rows, outputs, 0.3) == 0
				intact(t, f.name, len(d), all)
				if finite != (wrong == 0) {
					t.Fatalf("%s: with %v among the logits they are finite: %v", f.name, wrong, finite)
				}
				for i, v := range d {
					if want := byExample[i%rows*outputs+i/rows]; wrong == 0 && v != want {
						t.Fatalf("%s, %d outputs: %v in place of %v", f.name, outputs, v, want)
					}
				}
			}
		}
	}
}
