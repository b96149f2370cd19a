package mlp

import (
	"math"
	"reflect"
	"testing"
)

// optimizerOracle is an update rule in closed form.
type optimizerOracle struct {
	defaults  map[string]float64
	decoupled bool // weight decay multiplies the weights and is no part of the gradient
	// direction is what the learning rate of step t = len(g) is multiplied with,
	// after the gradients g_1 to g_t.
	direction func(p map[string]float64, g []float64) float64
}

// discounted is Σ decay^(t-i) f(g_i).
func discounted(decay float64, g []float64, f func(float64) float64) (sum float64) {
	for i, v := range g {
		sum += math.Pow(decay, float64(len(g)-1-i)) * f(v)
	}
	return sum
}

func itself(v float64) float64 { return v }

func square(v float64) float64 { return v * v }

// adamDirection is algorithm 1 of Kingma and Ba 2015 with its moments as sums.
func adamDirection(p map[string]float64, g []float64) float64 {
	t, b1, b2 := float64(len(g)), p["beta1"], p["beta2"]
	mean := (1 - b1) * discounted(b1, g, itself) / (1 - math.Pow(b1, t))
	variance := (1 - b2) * discounted(b2, g, square) / (1 - math.Pow(b2, t))
	return mean / (math.Sqrt(variance) + p["eps"])
}

// The defaults are those of PyTorch 1.13, where Nesterov's momentum has none.
var optimizerOracles = map[string]optimizerOracle{
	"sgd": {
		defaults:  map[string]float64{"momentum": 0, "weight_decay": 0},
		direction: func(p map[string]float64, g []float64) float64 { return discounted(p["momentum"], g, itself) },
	},
	"nesterov": {
		defaults: map[string]float64{"momentum": 0.9, "weight_decay": 0},
		direction: func(p map[string]float64, g []float64) float64 {
			return g[len(g)-1] + p["momentum"]*discounted(p["momentum"], g, itself)
		},
	},
	"rmsprop": {
		defaults: map[string]float64{"alpha": 0.99, "eps": 1e-8, "weight_decay": 0},
		direction: func(p map[string]float64, g []float64) float64 {
			return g[len(g)-1] / (math.Sqrt((1-p["alpha"])*discounted(p["alpha"], g, square)) + p["eps"])
		},
	},
	"adagrad": {
		defaults: map[string]float64{"eps": 1e-10, "weight_decay": 0},
		direction: func(p map[string]float64, g []float64) float64 {
			return g[len(g)-1] / (math.Sqrt(discounted(1, g, square)) + p["eps"])
		},
	},
	"adam": {
		defaults:  map[string]float64{"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0},
		direction: adamDirection,
	},
	"adamw": {
		defaults:  map[string]float64{"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
		decoupled: true,
		direction: adamDirection,
	},
}

const oracleSteps = 60

// oracleGradient is the loss gradient of parameter i in step t, whatever the
// parameters are: of different sizes, slow and fast, of both signs, so that every
// average over the past shows in the steps.
func oracleGradient(i, t int) float64 {
	return math.Pow(10, float64(i-1)) * (math.Sin(float64(t)/float64(3+2*i)) + 0.4*math.Cos(float64(3*t+i)))
}

// descend takes the steps of an optimiser along the oracle's gradients and
// returns the parameters after each of them.
func descend(c Choice, lr float64) (path [][]float64) {
	config := Default()
	config.Optimizer = c
	theta, g := []float64{1, -2, 3}, make([]float64, 3)
	o := newOptimizer[float64](config, len(theta))
	for t := 1; t <= oracleSteps; t++ {
		for i := range g {
			g[i] = oracleGradient(i, t)
		}
		o.step(lr, theta, g, [][]float64{theta}, [][]float64{g})
		path = append(path, append([]float64(nil), theta...))
	}
	return path
}

// descend takes the same steps by the closed form.
func (o optimizerOracle) descend(p map[string]float64, lr float64) (path [][]float64) {
	theta := []float64{1, -2, 3}
	gradients := make([][]float64, len(theta))
	for t := 1; t <= oracleSteps; t++ {
		for i := range theta {
			g := oracleGradient(i, t)
			if decay := p["weight_decay"]; o.decoupled {
				theta[i] *= 1 - lr*decay
			} else {
				g += decay * theta[i]
			}
			gradients[i] = append(gradients[i], g)
			theta[i] -= lr * o.direction(p, gradients[i])
		}
		path = append(path, append([]float64(nil), theta...))
	}
	return path
}

// furthest is the largest difference of two paths.
func furthest(a, b [][]float64) (d float64) {
	for t := range a {
		for i := range a[t] {
			d = math.Max(d, math.Abs(a[t][i]-b[t][i]))
		}
	}
	return d
}

// TestOptimizersAreTheirClosedForms: with the defaults, and with every parameter
// changed in turn, which has to show in the steps.
func TestOptimizersAreTheirClosedForms(t *testing.T) {
	const lr = 0.01
	for _, r := range rules[float64]() {
		t.Run(r.Name, func(t *testing.T) {
			oracle := oracleOf(t, optimizerOracles, "optimiser", r.Name)
			if got := r.Default().Params; !reflect.DeepEqual(got, oracle.defaults) {
				t.Fatalf("the defaults are %v, those of its source %v", got, oracle.defaults)
			}
			defaults := oracle.descend(oracle.defaults, lr)
			if d := furthest(descend(r.Default(), lr), defaults); !(d <= 1e-12) {
				t.Errorf("is %v from its closed form", d)
			}
			for _, param := range r.Params {
				c := r.Default()
				c.Params[param.Name] = another(param)
				path := oracle.descend(c.Params, lr)
				if furthest(path, defaults) < 1e-6 {
					t.Errorf("%s %v instead of %v does not show in the steps", param.Name, another(param), param.Default)
				}
				if d := furthest(descend(c, lr), path); !(d <= 1e-12) {
					t.Errorf("with %s %v it is %v from its closed form", param.Name, another(param), d)
				}
			}
		})
	}
}

// another is a meaningful value of a parameter that is not its default: twice as
// far from 1 for a decay, otherwise larger.
func another(p Param) float64 {
	if p.Default > 0.5 && p.Max <= 1 {
		return 1 - 2*(1-p.Default)
	}
	return math.Min(p.Max, p.Default+0.3)
}
