package mlp

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// golden holds values that testdata/nn.py computes with PyTorch in float64.
// Inputs and parameters are sines and cosines of indices, so that no random
// generator has to be shared.
type golden struct {
	Activations map[string]json.RawMessage
	MLP         struct {
		Cases map[string]struct {
			Loss   float64
			Grads  []json.RawMessage // W1, b1, W2, b2
			Dalpha *float64
		}
	}
	Optim map[string][2]float64 `json:"optim_5steps"`
	BN    struct {
		Y       []float64
		RunMean float64 `json:"run_mean"`
		RunVar  float64 `json:"run_var"`
	}
	Sched map[string]map[string]float64
}

func readGolden(t *testing.T) golden {
	t.Helper()
	b, err := os.ReadFile("testdata/nn.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestGoldenActivations(t *testing.T) {
	g := readGolden(t)
	var z []float64
	if err := json.Unmarshal(g.Activations["z"], &z); err != nil {
		t.Fatal(err)
	}
	compared := 1 // z
	for _, a := range activations {
		raw, ok := g.Activations[a.Name]
		if !ok {
			continue // PyTorch does not have it; its closed form is in oracles_test.go
		}
		compared++
		var want struct{ F, DF []float64 }
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatalf("%s: %v", a.Name, err)
		}
		for i, z := range z {
			alpha := defaultAlpha(a)
			v := a.value(z, alpha)
			near(t, a.Name, v, want.F[i], 1e-12)
			near(t, a.Name+"'", a.slope(z, v, alpha), want.DF[i], 1e-12)
		}
	}
	if compared != len(g.Activations) {
		t.Errorf("%d of %d golden activations are in the table", compared-1, len(g.Activations)-1)
	}
}

func defaultAlpha(a activation) float64 {
	if len(a.Params) == 0 {
		return 0
	}
	return a.Params[0].Default
}

// flatten reads a number array of any depth.
func flatten(t *testing.T, raw json.RawMessage) []float64 {
	t.Helper()
	var flat []float64
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case float64:
			flat = append(flat, v)
		}
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	walk(v)
	return flat
}

// goldenConfig understands the names of the cases, as in relu/softmax_ce_ls0.1.
func goldenConfig(t *testing.T, name string) Config {
	t.Helper()
	act, objective, _ := strings.Cut(name, "/")
	c := Default()
	c.Hidden = []int{4}
	a, ok := find(activations, act, activation.option)
	if !ok {
		t.Fatalf("no activation %s", act)
	}
	c.Activation = a.Default()
	if s, ok := strings.CutSuffix(objective, "_ls0.1"); ok {
		objective, c.LabelSmoothing = s, 0.1
	}
	for _, r := range []string{"mean", "sum"} {
		if s, ok := strings.CutSuffix(objective, "_"+r); ok {
			objective, c.Reduction = s, r
		}
	}
	if objective == "multiclass_hinge" {
		objective = "identity_hinge"
	}
	c.Output, c.Loss, _ = strings.Cut(objective, "_")
	if p := c.Problems(3, false); p != nil {
		t.Fatalf("%s: %v", name, p)
	}
	return c
}

func TestGoldenGradients(t *testing.T) {
	const batch, in, hidden, out = 4, 3, 4, 3
	x := make([]float64, batch*in)
	for b := range batch {
		for i := range in {
			x[b*in+i] = math.Sin(float64(1 + 3*b + i))
		}
	}
	e := Examples{N: batch, Labels: []int32{0, 2, 1, 2}}
	cases := readGolden(t).MLP.Cases
	if len(cases) != 104 {
		t.Fatalf("%d cases", len(cases))
	}
	for name, want := range cases {
		n := newNet[float64](goldenConfig(t, name), in, out)
		one, two := &n.layers[0], &n.layers[1]
		for i := range hidden {
			one.b[i] = 0.1 * math.Sin(float64(i+1))
			for j := range in {
				one.w[i*in+j] = 0.5 * math.Cos(float64(1+3*i+j))
			}
		}
		for i := range out {
			two.b[i] = 0.1 * math.Cos(float64(i+1))
			for j := range hidden {
				two.w[i*hidden+j] = 0.5 * math.Sin(float64(2+4*i+j))
			}
		}
		n.grow(batch)
		n.forward(n.all(x), true, nil)
		near(t, name+": loss", n.loss(&e, []int{0, 1, 2, 3}), want.Loss, 1e-10)
		n.lossGradient(&e, []int{0, 1, 2, 3})
		n.backward(n.all(x))
		for k, got := range [][]float64{one.dw, one.db, two.dw, two.db} {
			for i, w := range flatten(t, want.Grads[k]) {
				near(t, name+": gradient", got[i], w, 1e-10)
			}
		}
		if want.Dalpha != nil {
			near(t, name+": gradient of alpha", one.dalpha[0], *want.Dalpha, 1e-10)
		}
	}
}

// f = ½(θ₁²+10θ₂²) from (1, 1), five steps.
func TestGoldenOptimizers(t *testing.T) {
	rates := map[string]float64{
		"sgd": 0.05, "momentum": 0.05, "nesterov": 0.05, "rmsprop": 0.01, "adagrad": 0.1, "adam": 0.1, "adamw": 0.1,
	}
	for name, want := range readGolden(t).Optim {
		rule, decay, _ := strings.Cut(name, "_wd")
		c := Default()
		o, ok := find(Optimizers(), strings.Replace(rule, "momentum", "sgd", 1), func(o Option) Option { return o })
		if !ok {
			t.Fatalf("no optimiser %s", rule)
		}
		c.Optimizer = o.Default()
		c.Optimizer.Params["weight_decay"] = 0
		if decay == ".1" {
			c.Optimizer.Params["weight_decay"] = 0.1
		}
		if rule == "momentum" {
			c.Optimizer.Params["momentum"] = 0.9
		}
		opt := newOptimizer[float64](c, 2)
		theta, g := []float64{1, 1}, make([]float64, 2)
		for range 5 {
			g[0], g[1] = theta[0], 10*theta[1]
			opt.step(rates[rule], theta, g, [][]float64{theta}, [][]float64{g})
		}
		near(t, name, theta[0], want[0], 1e-12)
		near(t, name, theta[1], want[1], 1e-12)
	}
}

func TestGoldenBatchNorm(t *testing.T) {
	g := readGolden(t)
	c := Default()
	c.Hidden, c.BatchNorm, c.Activation = []int{1}, true, Choice{Name: "identity"}
	n := newNet[float64](c, 1, 2)
	n.grow(4)
	n.layers[0].w[0] = 1
	n.forward(n.all([]float64{1, 2, 3, 4}), true, nil)
	n.layers[0].batchNorm.track(4)
	for i, want := range g.BN.Y {
		near(t, "normalised", n.layers[0].a[i], want, 1e-12)
	}
	near(t, "running mean", n.layers[0].batchNorm.mean[0], g.BN.RunMean, 1e-12)
	near(t, "running variance", n.layers[0].batchNorm.variance[0], g.BN.RunVar, 1e-12)
}

func TestGoldenSchedules(t *testing.T) {
	names := map[string]Choice{
		"step":   {Name: "step", Params: map[string]float64{"every": 30, "gamma": 0.1, "warmup": 0}},
		"exp":    {Name: "exponential", Params: map[string]float64{"gamma": 0.95, "warmup": 0}},
		"cos":    {Name: "cosine", Params: map[string]float64{"warmup": 0}},
		"inv":    {Name: "inverse", Params: map[string]float64{"k": 0.01, "warmup": 0}},
		"warm10": {Name: "constant", Params: map[string]float64{"warmup": 10}},
	}
	for at, row := range readGolden(t).Sched {
		var epoch int
		if err := json.Unmarshal([]byte(at), &epoch); err != nil {
			t.Fatal(err)
		}
		for name, want := range row {
			c := Default()
			c.Epochs, c.Schedule = 100, names[name]
			near(t, name+" at "+at, c.rate(epoch), want, 1e-15)
		}
	}
}
