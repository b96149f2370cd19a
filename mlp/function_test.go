package mlp

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// Functions of one number have PyTorch's values and derivatives.
func TestFunctionsAreGolden(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/nn.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Activations map[string]json.RawMessage `json:"activations"`
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	var z []float64
	if err := json.Unmarshal(golden.Activations["z"], &z); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, o := range Activations() {
		raw, there := golden.Activations[o.Name]
		if !there {
			continue
		}
		found++
		var want struct{ F, Df []float64 }
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		f, ok := NewFunction(o.Default())
		if !ok {
			t.Fatalf("no function of %s", o.Name)
		}
		for i := range z {
			value, slope := f.At(z[i])
			near(t, o.Name, value, want.F[i], 1e-12)
			near(t, o.Name+"'", slope, want.Df[i], 1e-12)
		}
	}
	if found < 11 {
		t.Errorf("%d activations have golden values", found)
	}
	if _, ok := NewFunction(Choice{Name: "none"}); ok {
		t.Error("there is a function without a name")
	}
	tanh, _ := NewFunction(Choice{Name: "tanh"})
	below, above := tanh.Flat()
	if edge := math.Atanh(math.Sqrt(1 - 0.05)); math.Abs(above-edge) > 1e-9 || math.Abs(below+edge) > 1e-9 {
		t.Errorf("tanh is flat below %v and above %v, not ±%v", below, above, edge)
	}
}
