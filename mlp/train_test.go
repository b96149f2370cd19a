package mlp

import (
	"context"
	"testing"
)

// finish trains to the end and returns all epochs.
func finish(t testing.TB, tr Training) []Epoch {
	t.Helper()
	var epochs []Epoch
	for {
		e, ok, err := tr.Next(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return epochs
		}
		epochs = append(epochs, e)
	}
}

func start(t testing.TB, c Config, d Data, s Seeds) Training {
	t.Helper()
	tr, err := Start(c, d, s)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// xor is the four corners of the unit square; every one is an example.
func xor() Data {
	e := Examples{N: 4, X: []float32{0, 0, 0, 1, 1, 0, 1, 1}, Labels: []int32{0, 1, 1, 0}}
	return Data{In: 2, Out: 2, Train: e, Valid: e, Test: e}
}

func TestXORNeedsANonlinearity(t *testing.T) {
	c := Default()
	c.Hidden, c.Batch, c.Epochs = []int{8}, 0, 500
	got := finish(t, start(t, c, xor(), Seeds{Init: 1}))
	if last := got[500]; last.Train.Error != 0 || last.Train.Loss > 0.05 {
		t.Errorf("ReLU: %+v", last.Train)
	}
	c.Activation = Choice{Name: "identity"}
	got = finish(t, start(t, c, xor(), Seeds{Init: 1}))
	if last := got[500]; last.Train.Loss < 0.6931471 || last.Train.Loss > 0.6932 {
		t.Errorf("linear: %+v", last.Train)
	}
}
