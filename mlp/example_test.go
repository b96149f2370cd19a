package mlp_test

import (
	"context"
	"fmt"

	"nightshift/mlp"
)

// Exclusive or cannot be separated by a line: a network without hidden
// activation is stuck at guessing, with a loss of ln 2 = 0.6931.
func Example() {
	corners := mlp.Examples{N: 4, X: []float32{0, 0, 0, 1, 1, 0, 1, 1}, Labels: []int32{0, 1, 1, 0}}
	data := mlp.Data{In: 2, Out: 2, Train: corners}

	for _, activation := range []string{"identity", "relu"} {
		c := mlp.Default()
		c.Hidden = []int{8}
		c.Activation = mlp.Choice{Name: activation}
		c.Batch = 0 // full
		c.Epochs = 1000

		training, err := mlp.Start(c, data, mlp.Seeds{Init: 1, Order: 1})
		if err != nil {
			fmt.Println(err)
			return
		}
		var last mlp.Epoch
		for {
			e, ok, err := training.Next(context.Background())
			if err != nil {
				fmt.Println(err)
				return
			}
			if !ok {
				break
			}
			last = e
		}
		fmt.Printf("%s: loss %.1f\n", activation, last.Train.Loss)
		if last.Train.Error == 0 {
			logits := training.Logits(corners)
			fmt.Println("solved:", mlp.Predictions(logits, corners.N, data.Out))
		}
	}
	// Output:
	// identity: loss 0.7
	// relu: loss 0.0
	// solved: [0 1 1 0]
}
