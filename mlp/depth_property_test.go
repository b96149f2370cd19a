package mlp

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"nightshift/internal/stream"
	"nightshift/mlp/internal/kernel"
)

func TestDeepIdentityIsOneProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Default()
		c.Activation = Choice{Name: "identity"}
		c.BiasInit = normalSD.Default()
		c.Hidden = rapid.SliceOfN(rapid.IntRange(1, 6), 0, 4).Draw(t, "hidden")
		const in, out = 3, 2
		n := newNet[float64](c, in, out)
		n.initialise(stream.New("init", rapid.Uint64().Draw(t, "seed")), stream.New("bias", 1))
		x := rapid.SliceOfN(rapid.Float64Range(-3, 3), in, in).Draw(t, "x")
		n.grow(1)
		n.forward(n.all(x), false, nil)
		v := mat.NewVecDense(in, x)
		for _, l := range n.layers {
			var next mat.VecDense
			next.MulVec(mat.NewDense(l.out, l.in, l.w), v)
			next.AddVec(&next, mat.NewVecDense(l.out, l.b))
			v = &next
		}
		for i := range out {
			if math.Abs(v.AtVec(i)-n.logits()[i]) > 1e-10 {
				t.Fatalf("logit %d is %v, the product %v", i, n.logits()[i], v.AtVec(i))
			}
		}
	})
}

func TestPermutedUnitsComputeTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Default()
		c.Hidden = []int{5}
		c.Activation = rapid.SampledFrom(Activations()).Draw(t, "activation").Default()
		c.BiasInit = normalSD.Default()
		const in, out = 3, 2
		a, b := newNet[float64](c, in, out), newNet[float64](c, in, out)
		a.initialise(stream.New("init", rapid.Uint64().Draw(t, "seed")), stream.New("bias", 2))
		for to, from := range rapid.Permutation([]int{0, 1, 2, 3, 4}).Draw(t, "order") {
			copy(b.layers[0].w[to*in:(to+1)*in], a.layers[0].w[from*in:(from+1)*in])
			b.layers[0].b[to] = a.layers[0].b[from]
			for o := range out {
				b.layers[1].w[o*5+to] = a.layers[1].w[o*5+from]
			}
		}
		copy(b.layers[1].b, a.layers[1].b)
		x := rapid.SliceOfN(rapid.Float32Range(-3, 3), 4*in, 4*in).Draw(t, "x")
		for i, v := range a.predict(Examples{N: 4, X: x}) {
			if w := b.predict(Examples{N: 4, X: x})[i]; math.Abs(float64(v-w)) > 1e-5 {
				t.Fatalf("logits %v and %v", v, w)
			}
		}
	})
}

// Permuting the units of every hidden layer, with everything that belongs to
// them, changes nothing, however deep the network is.
func TestPermutedDeepNetworksComputeTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := RandomGradientCase(rapid.Uint64().Draw(t, "network"))
		g.Config.BatchNorm = rapid.Bool().Draw(t, "batch norm")
		a, b := newNet[float64](g.Config, 3, 3), newNet[float64](g.Config, 3, 3)
		a.initialise(stream.New("init", 1), stream.New("bias", 2))
		before := []int{0, 1, 2} // where each input of a layer comes from
		for i := range a.layers {
			from, to := &a.layers[i], &b.layers[i]
			order := make([]int, from.out)
			for o := range order {
				order[o] = o
			}
			if i < len(a.layers)-1 {
				order = rapid.Permutation(order).Draw(t, "order")
			}
			for o, source := range order {
				to.b[o] = from.b[source]
				for k, input := range before {
					to.w[o*to.in+k] = from.w[source*from.in+input]
				}
				if from.batchNorm != nil {
					from.batchNorm.mean[source], from.batchNorm.variance[source] = 0.1*float64(source), 1+float64(source)
					to.batchNorm.mean[o], to.batchNorm.variance[o] = from.batchNorm.mean[source], from.batchNorm.variance[source]
				}
			}
			before = order
		}
		x := rapid.SliceOfN(rapid.Float32Range(-3, 3), 12, 12).Draw(t, "x")
		for i, v := range a.predict(Examples{N: 4, X: x}) {
			if w := b.predict(Examples{N: 4, X: x})[i]; math.Abs(float64(v-w)) > 1e-4*(1+math.Abs(float64(v))) {
				t.Fatalf("logits %v and %v", v, w)
			}
		}
	})
}

// Below overflow, finite inputs give finite outputs, losses and gradients in
// both precisions, whatever the network.
func FuzzNetworks(f *testing.F) {
	f.Add(uint64(0), 1.0, -1.0, 0.5)
	f.Add(uint64(7), 0.0, 0.0, 0.0)
	f.Add(uint64(42), 1000.0, -1000.0, 1e-30)
	f.Add(uint64(99), 1000.0, 1000.0, 1000.0)
	f.Fuzz(func(t *testing.T, seed uint64, x, y, z float64) {
		for _, v := range []float64{x, y, z} {
			if !(math.Abs(v) <= 1000) {
				t.Skip()
			}
		}
		g := RandomGradientCase(seed)
		finiteIn[float32](t, g, []float32{float32(x), float32(y), float32(z)})
		finiteIn[float64](t, g, []float32{float32(x), float32(y), float32(z)})
	})
}

func finiteIn[F kernel.Float](t *testing.T, g GradientCase, values []float32) {
	n := newNet[F](g.Config, gradientIn, gradientOut)
	n.initialise(stream.New("init", 1), stream.New("bias", 1))
	e := Examples{N: 3, Labels: []int32{0, 1, 2}}
	for i := range e.N * gradientIn {
		e.X = append(e.X, values[(i*i+i/2)%len(values)])
	}
	n.grow(e.N)
	x := n.all(precise[F](e.X))
	n.forward(x, g.BatchStats, nil)
	loss := n.loss(&e, []int{0, 1, 2})
	n.lossGradient(&e, []int{0, 1, 2})
	n.backward(x)
	for _, v := range append(append([]F{F(loss)}, n.logits()[:e.N*gradientOut]...), n.gradient...) {
		if !finite(float64(v)) {
			t.Fatalf("%+v, inputs %v: loss %v, logits %v", g.Config, values, loss, n.logits())
		}
	}
	m := n.evaluate(&e, newInputs[F](e, gradientIn), nil)
	for _, v := range []float64{m.Loss, m.Error, m.MSE, m.NLL, m.Brier, m.ECE} {
		if !finite(v) {
			t.Fatalf("%+v, inputs %v: %+v", g.Config, values, m)
		}
	}
}
