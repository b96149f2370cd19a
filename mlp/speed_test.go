package mlp

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestStepsAreThoseOfTraining holds what is timed to what trains: the same
// weights after the same number of epochs.
func TestStepsAreThoseOfTraining(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	data := Data{In: 3, Out: 2, Train: Examples{N: 25, X: make([]float32, 75), Labels: make([]int32, 25)}}
	for i := range data.Train.X {
		data.Train.X[i] = r.Float32()
	}
	for i := range data.Train.Labels {
		data.Train.Labels[i] = int32(i % 2)
	}
	c := Default()
	c.Hidden, c.Batch, c.Epochs = []int{5}, 10, 2
	for _, c.Precision = range []string{"float32", "float64"} {
		trained, err := Start(c, data, Seeds{Init: 1})
		if err != nil {
			t.Fatal(err)
		}
		for range 1 + c.Epochs { // epoch 0 is measured only
			if _, _, err := trained.Next(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		stepped, err := StartStepper(c, data, Seeds{Init: 1})
		if err != nil {
			t.Fatal(err)
		}
		for range c.Epochs {
			if err := stepped.Steps(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(stepped.Weights(), trained.Weights()) {
			t.Errorf("%s: other weights than those of the training", c.Precision)
		}
	}
	if _, err := StartStepper(c, Data{}, Seeds{}); err == nil {
		t.Error("no error for data without examples")
	}
}

func TestStepsThatDiverge(t *testing.T) {
	c := Default()
	c.Output, c.Loss, c.Hidden, c.LR = "identity", "mse", nil, 1e30
	data := Data{In: 1, Out: 1, Train: Examples{N: 100, X: make([]float32, 100), Targets: make([]float32, 100)}}
	for i := range data.Train.X {
		data.Train.X[i], data.Train.Targets[i] = float32(i), 1
	}
	s, err := StartStepper(c, data, Seeds{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Steps(context.Background()); err == nil {
		t.Error("no error")
	}
}

func TestProductOfEveryShape(t *testing.T) {
	for _, s := range [][3]int{{1, 1, 1}, {3, 7, 5}, {16, 10, 33}} {
		Product(s[0], s[1], s[2], rand.New(rand.NewPCG(1, 2)))()
	}
}

func TestKernelIsAmongKernels(t *testing.T) {
	if all := Kernels(); all[0] != Kernel() || all[len(all)-1] != "go" {
		t.Errorf("the kernel is %s, of %v", Kernel(), all)
	}
}
