//go:build unix

package mlp

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	"nightshift/internal/stream"
)

// digits look like MNIST to the kernels: 784 inputs, four fifths of them 0, in
// ten classes.
func digits(train, test int) Data {
	r := stream.New("digits", 1)
	draw := func(n int) Examples {
		e := Examples{N: n, X: make([]float32, n*784)}
		for i := range n {
			e.Labels = append(e.Labels, int32(r.IntN(10)))
			for k := range 784 {
				if r.IntN(5) == 0 {
					e.X[i*784+k] = r.Float32()
				}
			}
		}
		return e
	}
	return Data{In: 784, Out: 10, Train: draw(train), Test: draw(test)}
}

// BenchmarkLog compares an epoch of 784-100-10 on 6,000 examples in batches of
// 100 with one in which nothing is measured of the layers. Both include the
// evaluation of the training and of a test split of 1,000. They take turns, and
// CPU time counts, the median of each, so that other programs disturb little:
//
//	go test ./mlp -run - -bench Log -benchtime 20x
//
// cost-% is what log.layers adds.
func BenchmarkLog(b *testing.B) {
	data := digits(6_000, 1_000)
	for _, activation := range []string{"relu", "sigmoid", "gelu"} {
		b.Run(activation, func(b *testing.B) {
			c := Default()
			c.Activation.Name, c.Batch, c.Epochs = activation, 100, 1_000_000
			var trainings [2]Training
			for i := range trainings {
				c.Log.Layers = i == 1
				trainings[i] = start(b, c, data, Seeds{})
				finishEpoch(b, trainings[i]) // epoch 0 takes no steps
			}
			var took [2][]float64 // milliseconds
			for b.Loop() {
				for i, t := range trainings {
					began := cpuTime(b)
					if _, _, err := t.Next(context.Background()); err != nil {
						b.Fatal(err)
					}
					took[i] = append(took[i], float64((cpuTime(b)-began).Microseconds())/1e3)
				}
			}
			slices.Sort(took[0])
			slices.Sort(took[1])
			plain, layers := took[0][len(took[0])/2], took[1][len(took[1])/2]
			b.ReportMetric(plain, "ms/plain")
			b.ReportMetric(layers, "ms/layers")
			b.ReportMetric(100*(layers/plain-1), "cost-%")
		})
	}
}

// cpuTime is what the process has used so far.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
