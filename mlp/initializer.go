package mlp

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// initializer is an entry of the tables of initial weights and biases.
type initializer struct {
	Option
	fixed bool // it draws nothing
	fill  filler
}

// filler writes w: the weights [out, in] or the biases [out] of a layer with
// in inputs and out outputs.
type filler func(w []float64, p map[string]float64, in, out int, r *rand.Rand)

// normal and uniform make initialisers from a standard deviation and a bound,
// which may depend on the shape.
func normal(sd func(p map[string]float64, in, out float64) float64) filler {
	return func(w []float64, p map[string]float64, in, out int, r *rand.Rand) {
		s := sd(p, float64(in), float64(out))
		for i := range w {
			w[i] = s * r.NormFloat64()
		}
	}
}

func uniform(bound func(p map[string]float64, in, out float64) float64) filler {
	return func(w []float64, p map[string]float64, in, out int, r *rand.Rand) {
		a := bound(p, float64(in), float64(out))
		for i := range w {
			w[i] = a * (2*r.Float64() - 1)
		}
	}
}

var (
	zeros = initializer{
		Option: Option{Name: "zeros", Doc: "0"},
		fixed:  true,
		fill:   func(w []float64, _ map[string]float64, _, _ int, _ *rand.Rand) { clear(w) },
	}
	constant = initializer{
		Option: Option{Name: "constant", Doc: "one value everywhere", Params: []Param{
			{Name: "value", Doc: "that value", Default: 0, Min: -1e6, Max: 1e6}}},
		fixed: true,
		fill: func(w []float64, p map[string]float64, _, _ int, _ *rand.Rand) {
			for i := range w {
				w[i] = p["value"]
			}
		},
	}
	alternating = initializer{
		Option: Option{Name: "alternating", Doc: "one value with a sign that changes from unit to unit", Params: []Param{
			{Name: "value", Doc: "that of the first unit; the second has the negative one", Default: 0, Min: -1e6, Max: 1e6}}},
		fixed: true,
		fill: func(w []float64, p map[string]float64, _, _ int, _ *rand.Rand) {
			for i := range w {
				w[i] = p["value"] * float64(1-2*(i%2))
			}
		},
	}
	normalSD = initializer{
		Option: Option{Name: "normal", Doc: "normal with mean 0", Params: []Param{
			{Name: "sd", Doc: "standard deviation", Default: 0.1, Min: 0, Max: 1e3},
			{Name: "mean", Doc: "mean", Default: 0, Min: -1e3, Max: 1e3}}},
		fill: func(w []float64, p map[string]float64, _, _ int, r *rand.Rand) {
			for i := range w {
				w[i] = p["mean"] + p["sd"]*r.NormFloat64()
			}
		},
	}
	uniformA = initializer{
		Option: Option{Name: "uniform", Doc: "uniform between -a and a", Params: []Param{
			{Name: "a", Doc: "bound", Default: 0.1, Min: 0, Max: 1e3}}},
		fill: uniform(func(p map[string]float64, _, _ float64) float64 { return p["a"] }),
	}
	torch = initializer{
		Option: Option{Name: "torch", Doc: "uniform within 1/√in, as PyTorch's Linear starts"},
		fill:   uniform(func(_ map[string]float64, in, _ float64) float64 { return 1 / math.Sqrt(in) }),
	}
)

// initializers of weights. Glorot and Bengio 2010; He et al. 2015; LeCun et
// al. 1998; Saxe et al. 2014.
var initializers = []initializer{
	zeros, constant, normalSD, uniformA,
	{
		Option: Option{Name: "glorot_normal", Doc: "normal with SD √(2/(in+out)), for tanh and sigmoid"},
		fill:   normal(func(_ map[string]float64, in, out float64) float64 { return math.Sqrt(2 / (in + out)) }),
	}, {
		Option: Option{Name: "glorot_uniform", Doc: "uniform within √(6/(in+out))"},
		fill:   uniform(func(_ map[string]float64, in, out float64) float64 { return math.Sqrt(6 / (in + out)) }),
	}, {
		Option: Option{Name: "he_normal", Doc: "normal with SD √(2/in), for ReLU"},
		fill:   normal(func(_ map[string]float64, in, _ float64) float64 { return math.Sqrt(2 / in) }),
	}, {
		Option: Option{Name: "he_uniform", Doc: "uniform within √(6/in)"},
		fill:   uniform(func(_ map[string]float64, in, _ float64) float64 { return math.Sqrt(6 / in) }),
	}, {
		Option: Option{Name: "lecun_normal", Doc: "normal with SD √(1/in), for SELU"},
		fill:   normal(func(_ map[string]float64, in, _ float64) float64 { return math.Sqrt(1 / in) }),
	}, {
		Option: Option{Name: "lecun_uniform", Doc: "uniform within √(3/in)"},
		fill:   uniform(func(_ map[string]float64, in, _ float64) float64 { return math.Sqrt(3 / in) }),
	}, {
		Option: Option{
			Name:   "orthogonal",
			Doc:    "random matrix whose rows, or columns if there are fewer, are orthonormal",
			Params: []Param{{Name: "gain", Doc: "factor of the matrix", Default: 1, Min: 0, Max: 1e3}},
		},
		fill: orthogonal,
	},
	torch,
}

// biasInitializers of biases.
var biasInitializers = []initializer{zeros, constant, alternating, normalSD, uniformA, torch}

// Initializers lists the ways to draw initial weights.
func Initializers() []Option { return options(initializers, initializer.option) }

// BiasInitializers lists the ways to make initial biases.
func BiasInitializers() []Option { return options(biasInitializers, initializer.option) }

func (i initializer) option() Option { return i.Option }

// Drawn says whether seeds change what is trained: initial weights or biases are drawn, examples are shuffled into batches, or
// units are dropped.
func (c Config) Drawn() bool {
	weights, _ := find(initializers, c.Init.Name, initializer.option)
	biases, _ := find(biasInitializers, c.BiasInit.Name, initializer.option)
	return !weights.fixed || !biases.fixed || c.Batch > 0 || c.Dropout != Dropout{}
}

// orthogonal is Q of the QR decomposition of a normal matrix, its columns
// multiplied with the signs of R's diagonal so that it is uniformly distributed.
func orthogonal(w []float64, p map[string]float64, in, out int, r *rand.Rand) {
	long, short := max(in, out), min(in, out)
	a := mat.NewDense(long, short, nil)
	for i := range long {
		for j := range short {
			a.Set(i, j, r.NormFloat64())
		}
	}
	var qr mat.QR
	qr.Factorize(a)
	var q, rr mat.Dense
	qr.QTo(&q)
	qr.RTo(&rr)
	for i := range long {
		for j := range short {
			v := p["gain"] * math.Copysign(1, rr.At(j, j)) * q.At(i, j)
			if out >= in {
				w[i*in+j] = v
			} else {
				w[j*in+i] = v
			}
		}
	}
}
