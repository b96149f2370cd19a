package mlp

import (
	"math"
	"slices"

	"nightshift/mlp/internal/kernel"
)

// activation is an entry of the table of hidden activations. Functions are
// evaluated in float64 whatever the precision of the network; alpha is the
// entry's only parameter, where it has one. Derivatives at kinks are PyTorch's.
type activation struct {
	Option
	value    func(z, alpha float64) float64
	slope    func(z, a, alpha float64) float64 // derivative at z, where a is the value
	steepest func(alpha float64) float64       // largest absolute derivative
	kinks    []float64                         // where the first or second derivative jumps
	inPlace  bool                              // the value takes the place of z: whatever is asked of z later, it answers too
	learned  bool                              // alpha is a parameter of the network, one for each layer
	single   *activationLoops[float32]         // over whole layers; nil where value and slope are called for each number
	double   *activationLoops[float64]
}

const (
	seluScale = 1.0507009873554805
	seluAlpha = 1.6732632423543772

	// Maxima of the derivatives, at z = 2.3993572805154 and z = √2.
	siluSteepest = 1.0998393201288668
	geluSteepest = 1.128904145185155
)

// activationLoops are an activation without parameters, of a layer at once.
type activationLoops[F kernel.Float] struct {
	value func(a, z []F) // a = the activations of z
	slope func(d, a []F) // d times the derivative where a is the activation

	sloping func(a []F) bool // whether one of them is where the derivative is not 0
}

func always(v float64) func(float64) float64 { return func(float64) float64 { return v } }

func atLeastOne(alpha float64) float64 { return math.Max(1, math.Abs(alpha)) }

var activations = []activation{
	{
		Option:   Option{Name: "identity", Doc: "z: no activation, so the network is linear"},
		value:    func(z, _ float64) float64 { return z },
		slope:    func(_, _, _ float64) float64 { return 1 },
		steepest: always(1),
		inPlace:  true,
		single:   &activationLoops[float32]{keep[float32], straight[float32], anySloping[float32]},
		double:   &activationLoops[float64]{keep[float64], straight[float64], anySloping[float64]},
	}, {
		Option:   Option{Name: "sigmoid", Doc: "1/(1+exp(-z))"},
		value:    func(z, _ float64) float64 { return sigmoid(z) },
		slope:    func(_, a, _ float64) float64 { return a * (1 - a) },
		steepest: always(0.25),
		single:   &activationLoops[float32]{kernel.Sigmoid[float32], kernel.SigmoidGrad[float32], slopingSigmoids[float32]},
		double:   &activationLoops[float64]{kernel.Sigmoid[float64], kernel.SigmoidGrad[float64], slopingSigmoids[float64]},
	}, {
		Option:   Option{Name: "tanh", Doc: "hyperbolic tangent"},
		value:    func(z, _ float64) float64 { return math.Tanh(z) },
		slope:    func(_, a, _ float64) float64 { return (1 - a) * (1 + a) },
		steepest: always(1),
		single:   &activationLoops[float32]{kernel.Tanh[float32], kernel.TanhGrad[float32], slopingTanhs[float32]},
		double:   &activationLoops[float64]{kernel.Tanh[float64], kernel.TanhGrad[float64], slopingTanhs[float64]},
	}, {
		Option:   Option{Name: "hardtanh", Doc: "z clamped to [-1, 1]"},
		value:    func(z, _ float64) float64 { return math.Max(-1, math.Min(1, z)) },
		slope:    func(z, _, _ float64) float64 { return where(-1 < z && z < 1, 1, 0) },
		steepest: always(1),
		kinks:    []float64{-1, 1},
	}, {
		Option:   Option{Name: "relu", Doc: "max(0, z)"},
		value:    relu,
		slope:    func(z, _, _ float64) float64 { return where(z > 0, 1, 0) },
		steepest: always(1),
		kinks:    []float64{0},
		inPlace:  true,
		single:   &activationLoops[float32]{kernel.ReLU[float32], kernel.ReLUGrad[float32], positive[float32]},
		double:   &activationLoops[float64]{kernel.ReLU[float64], kernel.ReLUGrad[float64], positive[float64]},
	}, {
		Option: Option{Name: "leaky_relu", Doc: "z above 0, alpha z below", Params: []Param{
			{Name: "alpha", Doc: "slope below 0", Default: 0.01, Min: 0, Max: 1}}},
		value:    func(z, alpha float64) float64 { return where(z > 0, z, alpha*z) },
		slope:    func(z, _, alpha float64) float64 { return where(z > 0, 1, alpha) },
		steepest: atLeastOne,
		kinks:    []float64{0},
	}, {
		Option: Option{Name: "elu", Doc: "z above 0, alpha (exp(z)-1) below", Params: []Param{
			{Name: "alpha", Doc: "minus the limit for small z", Default: 1, Min: 0, Max: 100}}},
		value: func(z, alpha float64) float64 {
			if z > 0 {
				return z
			}
			return alpha * math.Expm1(z)
		},
		slope: func(z, _, alpha float64) float64 {
			if z > 0 {
				return 1
			}
			return alpha * math.Exp(z)
		},
		steepest: atLeastOne,
		kinks:    []float64{0},
	}, {
		Option: Option{Name: "prelu", Doc: "leaky ReLU that learns one slope for each layer; no decay acts on it", Params: []Param{
			{Name: "alpha", Doc: "slope below 0 before training", Default: 0.25, Min: -1, Max: 1}}},
		value:    func(z, alpha float64) float64 { return where(z > 0, z, alpha*z) },
		slope:    func(z, _, alpha float64) float64 { return where(z > 0, 1, alpha) },
		steepest: atLeastOne,
		kinks:    []float64{0},
		learned:  true,
	}, {
		Option:   Option{Name: "softplus", Doc: "ln(1+exp(z))"},
		value:    func(z, _ float64) float64 { return softplus(z) },
		slope:    func(z, _, _ float64) float64 { return sigmoid(z) },
		steepest: always(1),
	}, {
		Option: Option{Name: "silu", Doc: "z sigmoid(z), also called swish"},
		value:  func(z, _ float64) float64 { return z * sigmoid(z) },
		slope: func(z, _, _ float64) float64 {
			s := sigmoid(z)
			return s * (1 + z*(1-s))
		},
		steepest: always(siluSteepest),
	}, {
		Option:   Option{Name: "gelu", Doc: "z times the normal distribution function of z, exact"},
		value:    func(z, _ float64) float64 { return z * normalCDF(z) },
		slope:    func(z, _, _ float64) float64 { return normalCDF(z) + z*math.Exp(-z*z/2)/math.Sqrt(2*math.Pi) },
		steepest: always(geluSteepest),
	}, {
		Option: Option{Name: "selu", Doc: "scaled ELU that keeps mean 0 and variance 1 with lecun_normal weights"},
		value: func(z, _ float64) float64 {
			if z > 0 {
				return seluScale * z
			}
			return seluScale * seluAlpha * math.Expm1(z)
		},
		slope: func(z, _, _ float64) float64 {
			if z > 0 {
				return seluScale
			}
			return seluScale * seluAlpha * math.Exp(z)
		},
		steepest: always(seluScale * seluAlpha),
		kinks:    []float64{0},
	}, {
		Option:   Option{Name: "softsign", Doc: "z/(1+|z|)"},
		value:    func(z, _ float64) float64 { return z / (1 + math.Abs(z)) },
		slope:    func(z, _, _ float64) float64 { return 1 / ((1 + math.Abs(z)) * (1 + math.Abs(z))) },
		steepest: always(1),
		kinks:    []float64{0},
	},
}

func (a activation) option() Option { return a.Option }

// Activations lists the activations of hidden layers.
func Activations() []Option {
	return options(activations, activation.option)
}

func where(cond bool, yes, no float64) float64 {
	if cond {
		return yes
	}
	return no
}

// keep and straight are the loops of the identity.
func keep[F kernel.Float](a, z []F)     { copy(a, z) }
func straight[F kernel.Float](_, _ []F) {}

func anySloping[F kernel.Float](a []F) bool { return len(a) > 0 }

func slopingSigmoids[F kernel.Float](a []F) bool {
	return slices.ContainsFunc(a, func(v F) bool { return float64(v)*(1-float64(v)) != 0 })
}

func slopingTanhs[F kernel.Float](a []F) bool {
	return slices.ContainsFunc(a, func(v F) bool { return (1-float64(v))*(1+float64(v)) != 0 })
}

// positive is whether some number is, where most rectifiers that are asked for are dead.
func positive[F kernel.Float](a []F) bool {
	return kernel.Outside(a, F(math.NaN()), kernel.Least[F]()) > 0
}

// relu lets NaN through.
func relu(z, _ float64) float64 {
	if z <= 0 {
		return 0
	}
	return z
}

// sigmoid takes the exponential of negative numbers only.
func sigmoid(z float64) float64 {
	if z >= 0 {
		return 1 / (1 + math.Exp(-z))
	}
	e := math.Exp(z)
	return e / (1 + e)
}

func softplus(z float64) float64 { return relu(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) }

func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }
