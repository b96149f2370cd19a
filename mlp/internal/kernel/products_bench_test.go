package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// benchShapes are the layers of the networks that speed is measured with.
var benchShapes = [][3]int{{100, 784, 100}, {100, 784, 50}, {100, 100, 10}, {128, 784, 512}, {128, 512, 512}, {128, 512, 10},
	{256, 784, 1024}, {256, 1024, 1024}, {750, 2, 50}, {750, 50, 2}, {32, 64, 32}, {32, 32, 10}}

func BenchmarkProducts(b *testing.B) {
	b.Run("float32", benchProducts[float32])
	b.Run("float64", benchProducts[float64])
}

func benchProducts[F Float](b *testing.B) {
	r := rand.New(rand.NewPCG(3, 1))
	fill := func(n int) []F {
		v := make([]F, n)
		for i := range v {
			v[i] = F(r.NormFloat64())
		}
		return v
	}
	for _, s := range benchShapes {
		n, in, out := s[0], s[1], s[2]
		pool := 4 * n
		x := Rows[F]{Data: fill(pool * in), Width: in, Index: r.Perm(pool)[:n]}
		w, d, bias := fill(in*out), fill(n*out), fill(out)
		z, dx, dw := fill(n*out), fill(n*in), fill(in*out)
		p := New[F]()
		for name, f := range map[string]func(){
			"XWt": func() { p.XWt(z, x, w, bias, out) },
			"DtX": func() { p.DtX(dw, d, x, out) },
			"DW":  func() { p.DW(dx, d, w, n, in, out) },
		} {
			b.Run(fmt.Sprintf("%dx%dx%d/%s", n, in, out, name), func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(2*float64(n*in*out)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
		if in == 784 {
			for i := range x.Data {
				if r.IntN(100) < 81 {
					x.Data[i] = 0
				}
			}
			x.Zeros = Compress(x.Data, in)
			v := NewInputMajor[F](in, out)
			b.Run(fmt.Sprintf("%dx%dx%d/XV", n, in, out), func(b *testing.B) {
				for b.Loop() {
					p.XV(z, x, v, bias)
				}
			})
			b.Run(fmt.Sprintf("%dx%dx%d/Descend", n, in, out), func(b *testing.B) {
				for b.Loop() {
					p.Descend(v, 1e-9, d, x)
				}
			})
		}
	}
}
