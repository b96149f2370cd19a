package mlp_test

import (
	"context"
	"fmt"
	"math"

	"nightshift/mlp"
)

// xor is exclusive or: four examples of one's own, each a row of X.
var xor = mlp.Examples{N: 4, X: []float32{0, 0, 0, 1, 1, 0, 1, 1}, Labels: []int32{0, 1, 1, 0}}

// A network learns exclusive or.
func Example() {
	c := mlp.Default()
	c.Hidden, c.Activation.Name, c.LR, c.Batch, c.Epochs = []int{8}, "tanh", 0.5, 4, 500
	training, err := mlp.Start(c, mlp.Data{In: 2, Out: 2, Train: xor, Test: xor}, mlp.Seeds{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		e, ok, err := training.Next(context.Background())
		if err != nil || !ok {
			break
		}
		if e.Last {
			fmt.Printf("%.0f of 4 wrong after %d epochs\n", 4*e.Test.Error, e.Epoch)
		}
	}
	// Output: 0 of 4 wrong after 500 epochs
}

// A rule of one's own ends a training: here when the loss has fallen to a hundredth of what an untrained network has, ln 2.
func ExampleStart_stopping() {
	c := mlp.Default()
	c.Hidden, c.Activation.Name, c.LR, c.Batch, c.Epochs = []int{8}, "tanh", 0.5, 4, 5000
	training, err := mlp.Start(c, mlp.Data{In: 2, Out: 2, Train: xor}, mlp.Seeds{Init: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		e, ok, err := training.Next(context.Background())
		if err != nil || !ok {
			fmt.Println("not reached")
			return
		}
		if e.Train.Loss < math.Ln2/100 {
			fmt.Println("reached before the last epoch:", e.Epoch < 5000)
			return
		}
	}
	// Output: reached before the last epoch: true
}
