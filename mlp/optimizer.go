package mlp

import (
	"math"

	"nightshift/mlp/internal/kernel"
)

// rule is an entry of the table of optimisers: an immutable update rule as
// PyTorch defines it. Its state is made when a training starts and belongs to it.
type rule[F kernel.Float] struct {
	Option
	slots int // state vectors as long as the parameters
	// plain says whether an update with these parameters is -lr times the gradient,
	// and has no slots; nil where it never is.
	plain      func(p map[string]float64) bool
	vectorised bool // update is a loop of package kernel, not one in Go; for forecasts, too
	decoupled  bool // weight decay acts on the weights, not on their gradient
	// update takes step number t, counted from 1, with learning rate lr and
	// gradient g. theta, g and the slots s have the same length.
	update func(p map[string]float64, lr float64, t int, theta, g []F, s [][]F)
}

var (
	weightDecay    = Param{Name: "weight_decay", Doc: "factor of the weights that is added to their gradient", Max: 1e3}
	decoupledDecay = Param{Name: "weight_decay", Doc: "share of the weights, times the learning rate, that a step removes",
		Default: 0.01, Max: 1e3}
	momentum = Param{Name: "momentum", Doc: "share of the last update that is kept", Default: 0, Min: 0, Max: 1}
	beta1    = Param{Name: "beta1", Doc: "decay of the mean gradient", Default: 0.9, Min: 0, Max: 0.999999}
	beta2    = Param{Name: "beta2", Doc: "decay of the mean squared gradient", Default: 0.999, Min: 0, Max: 0.999999999}
)

func epsilon(v float64) Param {
	return Param{Name: "eps", Doc: "added to the root that the step is divided by", Default: v, Min: 0, Max: 1}
}

func withDefault(p Param, v float64) Param { p.Default = v; return p }

// The table of optimisers in both precisions.
var (
	singleRules = newRules[float32]()
	doubleRules = newRules[float64]()
)

// rules is the table of optimisers in a precision.
func rules[F kernel.Float]() []rule[F] {
	if list, ok := any(singleRules).([]rule[F]); ok {
		return list
	}
	return any(doubleRules).([]rule[F])
}

func newRules[F kernel.Float]() []rule[F] {
	return []rule[F]{
		{
			Option: Option{Name: "sgd", Doc: "stochastic gradient descent, with momentum if wanted",
				Params: []Param{momentum, weightDecay}},
			slots:      1,
			plain:      func(p map[string]float64) bool { return p["momentum"] == 0 },
			vectorised: true,
			update: func(p map[string]float64, lr float64, t int, theta, g []F, s [][]F) {
				mu, eta := F(p["momentum"]), F(lr)
				if mu == 0 {
					kernel.Axpy(theta, -eta, g)
					return
				}
				kernel.Momentum(theta, s[0], g, eta, mu)
			},
		}, {
			Option: Option{Name: "nesterov", Doc: "gradient descent with Nesterov's momentum",
				Params: []Param{withDefault(momentum, 0.9), weightDecay}},
			slots:      1,
			vectorised: true,
			update: func(p map[string]float64, lr float64, t int, theta, g []F, s [][]F) {
				kernel.Nesterov(theta, s[0], g, F(lr), F(p["momentum"]))
			},
		}, {
			Option: Option{Name: "rmsprop", Doc: "gradient divided by the root of its mean square", Params: []Param{
				{Name: "alpha", Doc: "decay of the mean squared gradient", Default: 0.99, Min: 0, Max: 0.999999999},
				epsilon(1e-8), weightDecay}},
			slots:      1,
			vectorised: true,
			update: func(p map[string]float64, lr float64, t int, theta, g []F, s [][]F) {
				kernel.RMSProp(theta, s[0], g, F(lr), F(p["alpha"]), F(p["eps"]))
			},
		}, {
			Option: Option{Name: "adagrad", Doc: "gradient divided by the root of the sum of its squares",
				Params: []Param{epsilon(1e-10), weightDecay}},
			slots: 1,
			update: func(p map[string]float64, lr float64, t int, theta, g []F, s [][]F) {
				eps, eta, v := F(p["eps"]), F(lr), s[0]
				for i := range theta {
					v[i] += g[i] * g[i]
					theta[i] -= eta * g[i] / (F(math.Sqrt(float64(v[i]))) + eps)
				}
			},
		}, {
			Option: Option{Name: "adam", Doc: "Adam (Kingma and Ba 2015)",
				Params: []Param{beta1, beta2, epsilon(1e-8), weightDecay}},
			slots:      2,
			vectorised: true,
			update:     adam[F],
		}, {
			Option: Option{Name: "adamw", Doc: "Adam with decoupled weight decay (Loshchilov and Hutter 2019)",
				Params: []Param{beta1, beta2, epsilon(1e-8), decoupledDecay}},
			slots:      2,
			vectorised: true,
			decoupled:  true,
			update:     adam[F],
		},
	}
}

func adam[F kernel.Float](p map[string]float64, lr float64, t int, theta, g []F, s [][]F) {
	eta := F(lr / (1 - math.Pow(p["beta1"], float64(t))))
	scale := F(math.Sqrt(1 - math.Pow(p["beta2"], float64(t))))
	kernel.Adam(theta, s[0], s[1], g, eta, F(p["beta1"]), F(p["beta2"]), scale, F(p["eps"]))
}

func (r rule[F]) option() Option { return r.Option }

// isPlain says whether updates with these parameters keep nothing from one to the next.
func (r rule[F]) isPlain(p map[string]float64) bool { return r.plain != nil && r.plain(p) }

// kept counts the vectors that updates with these parameters keep.
func (r rule[F]) kept(p map[string]float64) int {
	if r.isPlain(p) {
		return 0
	}
	return r.slots
}

// Optimizers lists the update rules. Weight decay acts on weight matrices
// only, never on biases, batch normalisation or the slopes of a PReLU, so that
// weight_decay of sgd and l2 are the same thing.
func Optimizers() []Option {
	return options(rules[float64](), rule[float64].option)
}

// optimizer is a rule with the state of one training.
type optimizer[F kernel.Float] struct {
	rule   rule[F]
	params map[string]float64
	clip   float64
	steps  int   // taken since the start
	state  [][]F // the vectors that updates keep
}

func newOptimizer[F kernel.Float](c Config, parameters int) *optimizer[F] {
	r, _ := find(rules[F](), c.Optimizer.Name, rule[F].option)
	o := &optimizer[F]{rule: r, params: c.Optimizer.Params, clip: c.Clip, state: make([][]F, r.kept(c.Optimizer.Params))}
	for i := range o.state {
		o.state[i] = make([]F, parameters)
	}
	return o
}

// part is a part of the parameters.
type part[F kernel.Float] struct {
	theta, g           []F   // and its gradient
	state              [][]F // of the optimiser
	weights, gradients [][]F // what decays of theta, the same of g
}

// step changes all parameters theta along the gradient g, which it overwrites.
// weights are the parts of theta that decay, gradients the same parts of g.
func (o *optimizer[F]) step(lr float64, theta, g []F, weights, gradients [][]F) {
	o.update(lr, o.begin(g), part[F]{theta, g, o.state, weights, gradients})
}

// begin counts a step and returns what its gradient g, of all parameters, is multiplied with.
func (o *optimizer[F]) begin(g []F) (scale float64) {
	o.steps++
	if o.clip <= 0 {
		return 1
	}
	return min(1, o.clip/(norm(g)+1e-6)) // PyTorch's clip_grad_norm_
}

// update is what the step that has begun does to a part of the parameters.
func (o *optimizer[F]) update(lr, scale float64, p part[F]) {
	if scale < 1 {
		kernel.Scale(p.g, F(scale))
	}
	if decay := o.params["weight_decay"]; decay > 0 {
		for l, w := range p.weights {
			if o.rule.decoupled {
				kernel.Scale(w, F(1-lr*decay))
				continue
			}
			kernel.Axpy(p.gradients[l], F(decay), w)
		}
	}
	o.rule.update(o.params, lr, o.steps, p.theta, p.g, p.state)
}

// descends says whether an update adds a multiple of the gradient and does nothing else.
func (o *optimizer[F]) descends() bool {
	return o.rule.isPlain(o.params) && o.params["weight_decay"] == 0 && o.clip == 0
}

// norm is the Euclidean norm, added up in float64.
func norm[F kernel.Float](v []F) float64 {
	_, squares := kernel.Moments(v)
	return math.Sqrt(squares)
}

// distance is the Euclidean norm of a-b.
func distance[F kernel.Float](a, b []F) float64 {
	var sum float64
	for i, x := range a {
		d := float64(x) - float64(b[i])
		sum += d * d
	}
	return math.Sqrt(sum)
}
