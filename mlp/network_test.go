package mlp

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestParametersAreCounted(t *testing.T) {
	for _, test := range []struct {
		set  func(*Config)
		want int
	}{
		{func(c *Config) {}, 79_510},
		{func(c *Config) { c.Hidden = []int{50} }, 39_760},
		{func(c *Config) { c.Hidden = nil }, 7_850},
		{func(c *Config) { c.BatchNorm = true }, 79_710},
		{func(c *Config) { c.Activation = pick(t, Activations(), "prelu") }, 79_511},
	} {
		c := Default()
		test.set(&c)
		if got := c.Parameters(784, 10); got != test.want {
			t.Errorf("%d parameters, want %d", got, test.want)
		}
		if n := newNet[float32](c, 784, 10); len(n.theta) != test.want {
			t.Errorf("%d parameters are laid out, want %d", len(n.theta), test.want)
		}
	}
}

func TestTensorsAreNamedAsInPyTorch(t *testing.T) {
	c := Default()
	c.Hidden, c.BatchNorm, c.Activation = []int{4}, true, pick(t, Activations(), "prelu")
	want := map[string][]int{
		"layers.0.weight": {4, 3}, "layers.0.bias": {4},
		"norms.0.weight": {4}, "norms.0.bias": {4}, "norms.0.running_mean": {4}, "norms.0.running_var": {4},
		"activations.0.weight": {1},
		"layers.1.weight":      {2, 4}, "layers.1.bias": {2},
	}
	n, err := NewNetwork(c, 3, 2, Seeds{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]int{}
	for _, w := range n.Weights() {
		got[w.Name] = w.Shape
		size := 1
		for _, s := range w.Shape {
			size *= s
		}
		if len(w.Data) != size {
			t.Errorf("%s has %d numbers", w.Name, len(w.Data))
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("tensors %v, want %v", got, want)
	}
}

// Stored weights bring a network back: same logits, same metrics.
func TestNetworkTakesUpTrainedWeights(t *testing.T) {
	c, d := everything(t), blobs()
	c.Precision = "float64"
	tr := start(t, c, d, Seeds{1, 2})
	epochs := finish(t, tr)
	n, err := NewNetwork(c, d.In, d.Out, Seeds{})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.SetWeights(tr.Weights()); err != nil {
		t.Fatal(err)
	}
	if got, want := n.Logits(d.Test), tr.Logits(d.Test); !reflect.DeepEqual(got, want) {
		t.Error("logits differ")
	}
	if got, want := n.Metrics(d.Test), epochs[len(epochs)-1].Test; got != want {
		t.Errorf("metrics %+v, want %+v", got, want)
	}
	// The objective with running statistics is the loss of an evaluation.
	near(t, "objective", n.Objective(d.Test, false), n.Metrics(d.Test).Loss, 1e-13)

	weights := tr.Weights()
	for name, bad := range map[string][]Tensor{
		"missing": weights[1:],
		"surplus": append(append([]Tensor{}, weights...), Tensor{Name: "layers.9.bias"}),
		"shape":   append([]Tensor{{Name: weights[0].Name, Shape: []int{1}, Data: []float64{0}}}, weights[1:]...),
	} {
		if err := n.SetWeights(bad); err == nil {
			t.Errorf("%s tensors are taken", name)
		}
	}
}

func TestWeightsAreCopies(t *testing.T) {
	tr := start(t, small(), blobs(), Seeds{})
	w := tr.Weights()
	w[0].Data[0] += 1
	if reflect.DeepEqual(w, tr.Weights()) {
		t.Error("writing to the weights changed the network")
	}
}

func TestNewNetworkRefusesAnImpossibleConfiguration(t *testing.T) {
	c := Default()
	c.Activation.Name = "nothing"
	if _, err := NewNetwork(c, 2, 2, Seeds{}); err == nil || !strings.Contains(err.Error(), "activation") {
		t.Errorf("error %v", err)
	}
	if _, err := NewNetwork(Default(), 0, 2, Seeds{}); err == nil {
		t.Error("a network without inputs is made")
	}
}

func TestConfigSurvivesJSON(t *testing.T) {
	c := everything(t)
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var back Config
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c, back) {
		t.Errorf("%+v became %+v", c, back)
	}
}

// What the first layer sums up is linear in its parameters, and enough to measure the
// rest of the network with.
func TestSumsOfTheFirstLayer(t *testing.T) {
	d := blobs()
	for _, norm := range []bool{false, true} {
		c := Default()
		c.Hidden, c.BatchNorm = []int{4, 3}, norm
		var sums [3][]float64
		var theta [3][]float64
		var middle *Network
		for i := range sums {
			n, err := NewNetwork(c, d.In, d.Out, Seeds{Init: uint64(i)})
			if err != nil {
				t.Fatal(err)
			}
			if i == 2 {
				for k := range n.Parameters() {
					n.Parameters()[k] = (theta[0][k] + theta[1][k]) / 2
				}
				middle = n
			}
			theta[i], sums[i] = n.Parameters(), n.Sums(d.Test)
		}
		for k, v := range sums[2] {
			if mixed := (sums[0][k] + sums[1][k]) / 2; math.Abs(v-mixed) > 1e-12 {
				t.Fatalf("sum %d is %v in the middle, %v mixed of the ends", k, v, mixed)
			}
		}
		if got, want := middle.MetricsOfSums(d.Test, sums[2], false), middle.Metrics(d.Test); got != want {
			t.Errorf("metrics %+v, want %+v", got, want)
		}
		want := middle.Objective(d.Test, true)
		if got := middle.MetricsOfSums(d.Test, sums[2], true).Loss; math.Abs(got-want) > 1e-12 {
			t.Errorf("batch normalisation %v: the loss is %v, want %v", norm, got, want)
		}
	}
}
