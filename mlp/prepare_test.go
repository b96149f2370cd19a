package mlp

import (
	"reflect"
	"sync"
	"testing"

	"nightshift/internal/stream"
	"nightshift/mlp/internal/kernel"
)

// sparse are examples that are mostly zeros, in enough columns for them to count.
func sparse() Data {
	r := stream.New("sparse", 1)
	draw := func(n int) Examples {
		e := Examples{N: n, X: make([]float32, n*80)}
		for i := range e.X {
			if r.IntN(5) == 0 {
				e.X[i] = float32(r.NormFloat64())
			}
		}
		for i := range n {
			e.Labels = append(e.Labels, int32(i%3))
		}
		return e
	}
	return Data{In: 80, Out: 3, Train: draw(70), Valid: draw(40), Test: draw(30)}
}

func TestPreparedDataGiveTheSameBits(t *testing.T) {
	for _, d := range []Data{blobs(), sparse()} {
		for _, precision := range []string{"float32", "float64"} {
			c := everything(t)
			c.Precision = precision
			alone := start(t, c, d, Seeds{1, 2})
			want := finish(t, alone)
			shared := Prepare(d)
			var together sync.WaitGroup
			for range 3 {
				together.Go(func() {
					tr, err := Start(c, shared, Seeds{1, 2})
					if err != nil {
						t.Error(err)
						return
					}
					if got := finish(t, tr); !reflect.DeepEqual(got, want) {
						t.Errorf("%s: epochs differ: %v and %v", precision, got, want)
					}
					if !reflect.DeepEqual(tr.Weights(), alone.Weights()) {
						t.Errorf("%s: weights differ", precision)
					}
				})
			}
			together.Wait()
		}
	}
}

// Leaving zeros out changes nothing: neither weights nor measurements.
func TestZerosMayBeLeftOut(t *testing.T) {
	c := small()
	tr, full := newTraining[float32](c, sparse(), Seeds{}), newTraining[float32](c, sparse(), Seeds{})
	for i := range full.inputs {
		if tr.inputs[i].whole().Zeros == nil {
			t.Fatal("the zeros are not left out: choose data with more of them")
		}
		dense := full.inputs[i].whole()
		dense.Zeros = nil
		full.inputs[i].whole = func() kernel.Rows[float32] { return dense }
	}
	if got, want := finish(t, tr), finish(t, full); !reflect.DeepEqual(got, want) {
		t.Errorf("epochs differ: %v and %v", got, want)
	}
	if !reflect.DeepEqual(tr.Weights(), full.Weights()) {
		t.Error("weights differ")
	}
}
