package mlp

import (
	"math"
	"reflect"
	"testing"
)

// Every entry of every table has an oracle here that knows nothing of it: a
// closed form, with the defaults that its source gives. testdata/nn.json holds
// numbers of PyTorch for those entries that PyTorch has.

// oracleOf is the oracle of an entry of a table; an entry without one fails.
func oracleOf[O any](t *testing.T, oracles map[string]O, table, name string) O {
	t.Helper()
	o, ok := oracles[name]
	if !ok {
		t.Fatalf("%s %s has no oracle: add its closed form to mlp/oracles_test.go", table, name)
	}
	return o
}

// activationOracles are the activations in another form, with the defaults of
// their parameters.
var activationOracles = map[string]func(z float64) float64{
	"identity":   itself,
	"sigmoid":    func(z float64) float64 { return (1 + math.Tanh(z/2)) / 2 },
	"tanh":       func(z float64) float64 { return 1 - 2/(math.Exp(2*z)+1) },
	"hardtanh":   func(z float64) float64 { return (math.Abs(z+1) - math.Abs(z-1)) / 2 },
	"relu":       func(z float64) float64 { return (z + math.Abs(z)) / 2 },
	"leaky_relu": func(z float64) float64 { return math.Max(z, 0) + 0.01*math.Min(z, 0) },
	"elu":        func(z float64) float64 { return math.Max(z, 0) + math.Exp(math.Min(z, 0)) - 1 },
	"prelu":      func(z float64) float64 { return math.Max(z, 0) + 0.25*math.Min(z, 0) },
	"softplus":   func(z float64) float64 { return math.Log(1 + math.Exp(z)) },
	"silu":       func(z float64) float64 { return z / (1 + math.Exp(-z)) },
	"gelu":       func(z float64) float64 { return z / 2 * (1 + math.Erf(z/math.Sqrt2)) },
	// Klambauer et al. 2017: the fixed point of mean 0 and variance 1.
	"selu": func(z float64) float64 {
		return 1.0507009873554805 * (math.Max(z, 0) + 1.6732632423543772*(math.Exp(math.Min(z, 0))-1))
	},
	"softsign": func(z float64) float64 { return math.Copysign(1-1/(1+math.Abs(z)), z) },
}

// Slopes are those of the values by TestActivationLaws.
func TestActivationsAreTheirClosedForms(t *testing.T) {
	for _, a := range activations {
		t.Run(a.Name, func(t *testing.T) {
			oracle := oracleOf(t, activationOracles, "activation", a.Name)
			for z := -12.0; z <= 12; z += 1.0 / 16 {
				near(t, a.Name, a.value(z, defaultAlpha(a)), oracle(z), 1e-13)
			}
		})
	}
}

// lossOracles are the losses of one example by their definitions, for logits z
// of class y.
var lossOracles = map[string]func(z []float64, y int) float64{
	"softmax+ce":   func(z []float64, y int) float64 { return -math.Log(softmaxOracle(z)[y]) },
	"softmax+mse":  func(z []float64, y int) float64 { return squares(softmaxOracle(z), y) },
	"sigmoid+mse":  func(z []float64, y int) float64 { return squares(sigmoidOracle(z), y) },
	"identity+mse": squares,
	"identity+hinge": func(z []float64, y int) (sum float64) {
		for c, v := range z {
			if c != y {
				sum += math.Max(0, 1+v-z[y])
			}
		}
		return sum
	},
	"sigmoid+bce": func(z []float64, y int) (sum float64) {
		for c, p := range sigmoidOracle(z) {
			if c == y {
				sum -= math.Log(p)
			} else {
				sum -= math.Log(1 - p)
			}
		}
		return sum
	},
}

func softmaxOracle(z []float64) []float64 {
	p, sum := make([]float64, len(z)), 0.0
	for c, v := range z {
		p[c] = math.Exp(v)
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
	return p
}

func sigmoidOracle(z []float64) []float64 {
	p := make([]float64, len(z))
	for c, v := range z {
		p[c] = 1 / (1 + math.Exp(-v))
	}
	return p
}

// squares is Σ (a-y)² for a one-hot target.
func squares(a []float64, y int) (sum float64) {
	for c, v := range a {
		if c == y {
			v--
		}
		sum += v * v
	}
	return sum
}

// Gradients are those of the losses by TestObjectiveLaws.
func TestLossesAreTheirDefinitions(t *testing.T) {
	for _, o := range objectives {
		t.Run(o.name(), func(t *testing.T) {
			oracle := oracleOf(t, lossOracles, "loss", o.name())
			for k := range 50 {
				z, target := make([]float64, 2+k%4), make([]float64, 2+k%4)
				for c := range z {
					z[c] = 4 * math.Sin(float64(7*k+3*c))
				}
				y := k % len(z)
				target[y] = 1
				loss, _ := o.at(z, target)
				near(t, o.name(), loss, oracle(z, y), 1e-12)
			}
		})
	}
}

// scheduleOracle is a schedule's factor in closed form.
type scheduleOracle struct {
	defaults map[string]float64
	factor   func(p map[string]float64, t, epochs int) float64
}

var scheduleOracles = map[string]scheduleOracle{
	"constant": {
		defaults: map[string]float64{"warmup": 0},
		factor:   func(map[string]float64, int, int) float64 { return 1 },
	},
	"step": {
		defaults: map[string]float64{"every": 30, "gamma": 0.1, "warmup": 0},
		factor: func(p map[string]float64, t, _ int) float64 {
			return math.Exp(float64(t/int(p["every"])) * math.Log(p["gamma"]))
		},
	},
	"exponential": {
		defaults: map[string]float64{"gamma": 0.95, "warmup": 0},
		factor:   func(p map[string]float64, t, _ int) float64 { return math.Exp(float64(t) * math.Log(p["gamma"])) },
	},
	"cosine": {
		defaults: map[string]float64{"warmup": 0},
		factor: func(_ map[string]float64, t, epochs int) float64 {
			return square(math.Cos(math.Pi * float64(t) / float64(2*epochs)))
		},
	},
	"inverse": {
		defaults: map[string]float64{"k": 0.01, "warmup": 0},
		factor:   func(p map[string]float64, t, _ int) float64 { return 1 / (1 + p["k"]*float64(t)) },
	},
}

// Warm-ups are tested by TestScheduleLaws.
func TestSchedulesAreTheirClosedForms(t *testing.T) {
	for _, s := range schedules {
		t.Run(s.Name, func(t *testing.T) {
			oracle := oracleOf(t, scheduleOracles, "schedule", s.Name)
			if got := s.Default().Params; !reflect.DeepEqual(got, oracle.defaults) {
				t.Fatalf("the defaults are %v, those of the oracle %v", got, oracle.defaults)
			}
			c := Default()
			c.Epochs, c.LR = 100, 0.3
			choices := []Choice{s.Default()}
			for _, p := range s.Params {
				if p.Name != "warmup" {
					other := s.Default()
					other.Params[p.Name] = math.Min(p.Max, p.Default/2)
					choices = append(choices, other)
				}
			}
			for _, c.Schedule = range choices {
				for epoch := range c.Epochs {
					near(t, s.Name, c.rate(epoch), 0.3*oracle.factor(c.Schedule.Params, epoch, c.Epochs), 1e-14)
				}
			}
		})
	}
}
