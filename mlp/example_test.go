package mlp_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

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

// Data of one's own: points in a square, of class 1 inside a circle, and what the network says of new ones.
func ExampleStart_ownData() {
	points := func(seed uint64, n int) mlp.Examples {
		r := rand.New(rand.NewPCG(seed, 0))
		e := mlp.Examples{N: n}
		for range n {
			x, y := 2*r.Float32()-1, 2*r.Float32()-1
			class := int32(0)
			if x*x+y*y < 0.5 {
				class = 1
			}
			e.X, e.Labels = append(e.X, x, y), append(e.Labels, class)
		}
		return e
	}
	c := mlp.Default()
	c.Hidden, c.Activation.Name, c.LR, c.Batch, c.Epochs = []int{16}, "relu", 0.2, 10, 60
	training, err := mlp.Start(c, mlp.Data{In: 2, Out: 2, Train: points(1, 500), Test: points(2, 500)}, mlp.Seeds{})
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
			fmt.Println("below 5 % of the test points wrong:", e.Test.Error < 0.05)
		}
	}
	fresh := mlp.Examples{N: 3, X: []float32{0, 0, 0.9, 0.9, -0.3, 0.2}}
	fmt.Println("classes:", mlp.Predictions(training.Logits(fresh), fresh.N, 2))
	// Output:
	// below 5 % of the test points wrong: true
	// classes: [1 0 1]
}
