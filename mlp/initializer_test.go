package mlp

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"nightshift/internal/stream"
)

// The expected spreads are written out for 784 inputs and 100 outputs.
func TestInitializerLaws(t *testing.T) {
	const in, out = 784, 100
	const gaussian, flat = 3, 1.8 // kurtosis: the fourth moment over the squared variance
	want := map[string]struct{ sd, bound, kurtosis float64 }{
		"zeros":          {0, 0, 0},
		"constant":       {0, 0, 0},
		"alternating":    {0, 0, 0},
		"normal":         {0.1, math.Inf(1), gaussian},
		"uniform":        {0.1 / math.Sqrt(3), 0.1, flat},
		"glorot_normal":  {0.0475651, math.Inf(1), gaussian},
		"glorot_uniform": {0.0475651, 0.0823853, flat},
		"he_normal":      {0.0505076, math.Inf(1), gaussian},
		"he_uniform":     {0.0505076, 0.0874818, flat},
		"lecun_normal":   {0.0357143, math.Inf(1), gaussian},
		"lecun_uniform":  {0.0357143, 0.0618590, flat},
		"orthogonal":     {0.0357143, 1, gaussian},
		"torch":          {0.0206197, 0.0357143, flat},
	}
	for _, i := range append(append([]initializer{}, initializers...), biasInitializers...) {
		t.Run(i.Name, func(t *testing.T) {
			expected, ok := want[i.Name]
			if !ok {
				t.Fatal("add its standard deviation, bound and kurtosis to this test")
			}
			w, again := make([]float64, in*out), make([]float64, in*out)
			i.fill(w, i.Default().Params, in, out, stream.New("test", 1))
			i.fill(again, i.Default().Params, in, out, stream.New("test", 1))
			for k := range w {
				if w[k] != again[k] {
					t.Fatal("the same generator gives other weights")
				}
				if math.Abs(w[k]) > expected.bound*1.00001 {
					t.Fatalf("%v is beyond %v", w[k], expected.bound)
				}
			}
			other := make([]float64, in*out)
			i.fill(other, i.Default().Params, in, out, stream.New("test", 2))
			if slices.Equal(w, other) != i.fixed {
				t.Errorf("another generator gives the same weights: %v", !i.fixed)
			}
			mean, sd := stat.MeanStdDev(w, nil)
			near(t, "mean", mean, 0, 5*expected.sd/math.Sqrt(in*out))
			near(t, "standard deviation", sd, expected.sd, 0.015*expected.sd)
			if expected.sd > 0 {
				near(t, "kurtosis", stat.ExKurtosis(w, nil)+3, expected.kurtosis, 0.1)
			}
		})
	}
}

func TestOrthogonal(t *testing.T) {
	for _, s := range [][2]int{{7, 4}, {4, 7}, {5, 5}, {1, 3}} {
		in, out := s[0], s[1]
		w := make([]float64, in*out)
		orthogonal(w, map[string]float64{"gain": 2}, in, out, stream.New("test", 2))
		m := mat.NewDense(out, in, w)
		var gram mat.Dense
		if out > in {
			gram.Mul(m.T(), m)
		} else {
			gram.Mul(m, m.T())
		}
		r, c := gram.Dims()
		for i := range r {
			for j := range c {
				want := 0.0
				if i == j {
					want = 4
				}
				near(t, "product of rows", gram.At(i, j), want, 1e-13)
			}
		}
	}
}

func TestBiases(t *testing.T) {
	for name, want := range map[string][]float64{"constant": {-100, -100, -100}, "alternating": {-100, 100, -100}} {
		c := Default()
		c.Hidden, c.BiasInit = []int{3}, Choice{Name: name, Params: map[string]float64{"value": -100}}
		n, err := NewNetwork(c, 2, 2, Seeds{})
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range n.Weights() {
			if w.Name == "layers.0.bias" && !slices.Equal(w.Data, want) {
				t.Errorf("%s biases are %v, want %v", name, w.Data, want)
			}
		}
	}
}
