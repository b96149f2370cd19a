package mlp

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"nightshift/mlp/internal/kernel"
)

// linear is a network without hidden layers that passes its inputs through.
func linear(c Config, out int) *net[float64] {
	c.Hidden = nil
	n := newNet[float64](c, out, out)
	for i := range out {
		n.theta[i*out+i] = 1
	}
	return n
}

func measure(n *net[float64], e Examples, x []float64) Metrics {
	return n.evaluate(&e, &inputs[float64]{whole: func() kernel.Rows[float64] { return n.all(x) }}, nil)
}

// Three examples whose logits are their inputs, worked out by hand.
func TestMetricsByHand(t *testing.T) {
	// Probabilities of row 1: ½, ¼, ¼; of row 2: ⅔, ⅙, ⅙; of row 3: thirds.
	x := []float64{math.Log(2), 0, 0, math.Log(4), 0, 0, 0, 0, 0}
	e := Examples{N: 3, Labels: []int32{0, 1, 0}}
	m := measure(linear(Default(), 3), e, x)
	near(t, "error", m.Error, 1.0/3, 1e-15)
	near(t, "NLL", m.NLL, (math.Log(2)+math.Log(6)+math.Log(3))/3, 1e-14)
	near(t, "loss", m.Loss, m.NLL, 1e-15)
	brier := (0.25 + 1./16 + 1./16 + 4./9 + 25./36 + 1./36 + 4./9 + 1./9 + 1./9) / 3
	near(t, "Brier", m.Brier, brier, 1e-14)
	near(t, "MSE", m.MSE, brier/3, 1e-14)
	// Each row is alone in its bin.
	near(t, "ECE", m.ECE, (0.5+2./3+2./3)/3, 1e-14)

	c := Default()
	c.Output, c.Loss, c.Reduction = "sigmoid", "mse", "sum"
	m = measure(linear(c, 2), Examples{N: 1, Labels: []int32{0}}, []float64{0, math.Log(3)})
	near(t, "sigmoid error", m.Error, 1, 0)
	near(t, "sigmoid NLL", m.NLL, -math.Log(0.5/1.25), 1e-14)
	near(t, "sigmoid MSE", m.MSE, (0.25+0.5625)/2, 1e-15)
	near(t, "summed loss", m.Loss, 0.25+0.5625, 1e-15)
	near(t, "sigmoid Brier", m.Brier, 0.36+0.36, 1e-14)
}

func TestPenaltiesArePartOfTheLoss(t *testing.T) {
	c := Default()
	c.L1, c.L2 = 0.1, 0.5
	n := linear(c, 2)
	m := measure(n, Examples{N: 1, Labels: []int32{0}}, []float64{0, 0})
	near(t, "loss", m.Loss, math.Ln2+0.1*2+0.25*2, 1e-15)
	near(t, "NLL", m.NLL, math.Ln2, 1e-15)
}

func TestTiesGoToTheLowestClass(t *testing.T) {
	m := measure(linear(Default(), 3), Examples{N: 3, Labels: []int32{0, 1, 2}}, make([]float64, 9))
	near(t, "error", m.Error, 2.0/3, 1e-15)
	if got := Predictions([]float32{1, 3, 3, 0, 0, 0}, 2, 3); got[0] != 1 || got[1] != 0 {
		t.Errorf("predictions %v", got)
	}
}

// What a report computes from stored logits is what was measured.
func TestProbabilitiesReproduceMetrics(t *testing.T) {
	d := blobs()
	for _, o := range objectives {
		c := small()
		c.Output, c.Loss = o.Output, o.Loss
		tr := start(t, c, d, Seeds{})
		got := finish(t, tr)
		want := got[len(got)-1].Test
		logits := tr.Logits(d.Test)
		p := Probabilities(c.Output, logits, d.Test.N, d.Out)
		var nll, wrong float64
		for i, y := range Predictions(logits, d.Test.N, d.Out) {
			nll -= math.Log(p[i*d.Out+int(d.Test.Labels[i])])
			if y != d.Test.Labels[i] {
				wrong++
			}
			var sum float64
			for _, v := range p[i*d.Out : (i+1)*d.Out] {
				sum += v
			}
			near(t, "sum of probabilities", sum, 1, 1e-13)
		}
		near(t, o.name()+": NLL", nll/float64(d.Test.N), want.NLL, 1e-12)
		near(t, o.name()+": error", wrong/float64(d.Test.N), want.Error, 1e-15)
	}
}

func TestSigmoidProbabilitiesAreShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SliceOfN(rapid.Float32Range(-20, 20), 4, 4).Draw(t, "z")
		var sum float64
		for _, v := range z {
			sum += sigmoid(float64(v))
		}
		for c, p := range Probabilities("sigmoid", z, 1, 4) {
			if want := sigmoid(float64(z[c])) / sum; math.Abs(p-want) > 1e-12 {
				t.Fatalf("probability %v, share %v", p, want)
			}
		}
	})
}

// More examples than are evaluated at once, in one go and by hand.
func TestChunksAddUp(t *testing.T) {
	const n = 2*evaluationRows + 17
	e := Examples{N: n, Labels: make([]int32, n)}
	var want float64
	for i := range n {
		x := math.Sin(float64(i))
		e.X = append(e.X, float32(x), 0)
		e.Labels[i] = int32(i % 2)
		want += softplus(-float64(float32(x)) * float64(1-2*(i%2)))
	}
	net := linear(Default(), 2)
	near(t, "NLL", measure(net, e, precise[float64](e.X)).NLL, want/n, 1e-13)
	logits := net.predict(e)
	for i, v := range e.X {
		if logits[i] != v {
			t.Fatalf("logit %d is %v, want %v", i, logits[i], v)
		}
	}
}

func TestLayersAreMeasured(t *testing.T) {
	c := Default()
	c.Hidden, c.Batch, c.Epochs, c.LR = []int{3}, 0, 1, 0.5
	c.Activation, c.Init = Choice{Name: "relu"}, Choice{Name: "zeros"}
	d := Data{In: 1, Out: 2, Train: Examples{N: 2, X: []float32{1, 2}, Labels: []int32{0, 1}}}
	tr := newTraining[float64](c, d, Seeds{})
	w := tr.net.layers[0].w
	w[0], w[1], w[2] = 1, -1, 0 // one unit alive, one negative, one at 0
	copy(tr.initial, tr.net.theta)
	e := finishEpoch(t, tr)
	l := e.Layers[0]
	near(t, "weight", l.Weight, math.Sqrt2, 1e-15)
	near(t, "mean", l.Mean, (1+2)/6.0, 1e-15)
	near(t, "SD", l.SD, math.Sqrt(5.0/6-0.25), 1e-15)
	near(t, "dead", l.Dead, 2.0/3, 1e-15)
	near(t, "saturated", l.Saturated, 2.0/3, 1e-15)
	near(t, "gradient before the first step", l.Gradient, 0, 0)
	near(t, "mean output", e.Layers[1].Mean, 0.5, 1e-15)

	// The only gradient is that of the output layer. At x = 1 and 2, p-Y is
	// -½ and ½ for class 0, so dW of the living unit is (-½·1+½·2)/2 = ¼, and
	// -¼ for class 1.
	e = finishEpoch(t, tr)
	near(t, "gradient", e.Layers[1].Gradient, math.Sqrt2/4, 1e-15)
	near(t, "update", e.Layers[1].Update, 0.5*math.Sqrt2/4, 1e-15)
	near(t, "distance", e.Layers[1].Distance, 0.5*math.Sqrt2/4, 1e-15)
	near(t, "update of the first layer", e.Layers[0].Update, 0, 0)
	near(t, "distance of all", e.Distance, 0.5*math.Sqrt2/4, 1e-15)
	near(t, "rate", e.LR, 0.5, 0)
}

// b = -100 kills every ReLU for good; a leaky one still learns.
func TestDeadUnits(t *testing.T) {
	c := small()
	c.Hidden = []int{10}
	c.BiasInit = Choice{Name: "constant", Params: map[string]float64{"value": -100}}
	for _, e := range finish(t, start(t, c, blobs(), Seeds{})) {
		if l := e.Layers[0]; l.Dead != 1 || l.Gradient != 0 || l.Distance != 0 {
			t.Errorf("ReLU: %+v", l)
		}
	}
	c.Activation = pick(t, Activations(), "leaky_relu")
	got := finish(t, start(t, c, blobs(), Seeds{}))
	if l := got[len(got)-1].Layers[0]; l.Dead != 0 || l.Gradient == 0 {
		t.Errorf("leaky ReLU: %+v", l)
	}
}

// The slope of a sigmoid is a twentieth of its maximum at a = 0.98734, for
// hidden units and for outputs.
func TestSaturationBeginsAtATwentieth(t *testing.T) {
	sigmoid, _ := find(activations, "sigmoid", activation.option)
	hidden, outputs := rangesOf(sigmoid.flat(0)), flatOutputs()
	var z []float64
	a := []float64{0.5, 0.9873, 0.9874, 0.0127, 0.0126, 0, 1, math.NaN()}
	for _, v := range a {
		z = append(z, math.Log(v/(1-v)))
	}
	near(t, "saturated units", float64(countOf(&hidden, z)), 4, 0)
	near(t, "saturated outputs", float64(countOf(&outputs, a)), 4, 0)
	// What a limit leaves out it also leaves out of the numbers of float32.
	for _, limit := range []float64{0.1, -0.1, 1 + 1e-12, 1e-60, 0} {
		r := ranges{below: limit, above: math.NaN()}
		near(t, "below", float64(countOf(&r, []float32{float32(limit)})), where(float64(float32(limit)) <= limit, 1, 0), 0)
		r = ranges{below: math.NaN(), above: limit}
		near(t, "above", float64(countOf(&r, []float32{float32(limit)})), where(float64(float32(limit)) >= limit, 1, 0), 0)
	}
}
