package mlp

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestChoiceIsOneFlatObject(t *testing.T) {
	c := Choice{Name: "adam", Params: map[string]float64{"beta2": 0.99, "beta1": 0.5}}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"beta1":0.5,"beta2":0.99,"name":"adam"}`; string(b) != want {
		t.Errorf("%s, want %s", b, want)
	}
}

func FuzzChoice(f *testing.F) {
	f.Add(`{"name": "adam", "beta1": 0.9}`)
	f.Add(`{"name": "relu"}`)
	f.Add(`{"beta1": "0.9"}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, text string) {
		var c, back Choice
		if json.Unmarshal([]byte(text), &c) != nil {
			return
		}
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(c, back) {
			t.Errorf("%+v became %+v: %v", c, back, err)
		}
	})
}

func TestDefault(t *testing.T) {
	c := Default()
	for what, pair := range map[string][2]string{
		"optimiser": {c.Optimizer.Name, "sgd"}, "schedule": {c.Schedule.Name, "constant"}, "biases": {c.BiasInit.Name, "zeros"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
		}
	}
}
