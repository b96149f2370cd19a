package networks

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"nightshift/mlp"
	"nightshift/report/stat"
)

// clouds are two overlapping classes in five dimensions.
func clouds(n int) mlp.Examples {
	r := rand.New(rand.NewPCG(1, 2))
	e := mlp.Examples{N: n}
	for i := range n {
		e.Labels = append(e.Labels, int32(i%2))
		for k := range 5 {
			e.X = append(e.X, float32(r.NormFloat64()+float64(i%2)*float64(k%2)*1.5))
		}
	}
	return e
}

func config(activation string, hidden ...int) mlp.Config {
	c := mlp.Default()
	c.Hidden, c.Activation, c.Batch = hidden, mlp.Choice{Name: activation}, 10
	for _, o := range mlp.Activations() {
		for _, p := range o.Params {
			if o.Name == activation {
				c.Activation.Params = map[string]float64{p.Name: p.Default}
			}
		}
	}
	return c
}

// trained is a network after some epochs, in its space.
func trained(t *testing.T, c mlp.Config, e mlp.Examples, epochs int, seed uint64) (*Space, Point) {
	t.Helper()
	c.Epochs, c.Precision = epochs, "float64"
	tr, err := mlp.Start(c, mlp.Data{In: 5, Out: 2, Train: e}, mlp.Seeds{Init: seed, Order: seed})
	if err != nil {
		t.Fatal(err)
	}
	for ok := true; ok; {
		if _, ok, err = tr.Next(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	s, err := NewSpace(c, 5, 2)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Point(tr.Weights())
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// logits are those of plain loops, for activations without parameters.
func logits(s *Space, p Point, x []float32) []float64 {
	h := make([]float64, len(x))
	for i, v := range x {
		h[i] = float64(v)
	}
	for layer, l := range s.Layers {
		z := slices.Clone(s.Biases(p, layer))
		for o := range z {
			for i := range l.In {
				z[o] += s.Weights(p, layer)[o*l.In+i] * h[i]
			}
			if layer == len(s.Layers)-1 {
				continue
			}
			switch s.Config.Activation.Name {
			case "tanh":
				z[o] = math.Tanh(z[o])
			case "relu":
				z[o] = max(0, z[o])
			case "sigmoid":
				z[o] = 1 / (1 + math.Exp(-z[o]))
			}
		}
		h = z
	}
	return h
}

// TestSliceOfScaledNetwork: W1 and b1 times c and W2 by c are the same function where the activation is ReLU, and the
// filter-normalised slice is the same; that along a direction of fixed length is not.
func TestSliceOfScaledNetwork(t *testing.T) {
	const c = 7.0
	e := clouds(200)
	s, p := trained(t, config("relu", 10), e, 20, 1)
	q := slices.Clone(p)
	for i := range s.Weights(q, 0) {
		s.Weights(q, 0)[i] *= c
	}
	for i := range s.Biases(q, 0) {
		s.Biases(q, 0)[i] *= c
	}
	for i := range s.Weights(q, 1) {
		s.Weights(q, 1)[i] /= c
	}
	shares := Shares(-1, 1, 21)
	slice := func(at, along Point) []float64 {
		losses, err := s.Slice(at, along, e, shares)
		if err != nil {
			t.Fatal(err)
		}
		return losses
	}
	generator := func() *rand.Rand { return rand.New(rand.NewPCG(8, 9)) }
	d := s.Direction(p, generator())
	for layer, l := range s.Layers {
		for row := range l.Out {
			want := norm(s.Weights(p, layer)[row*l.In : (row+1)*l.In])
			if got := norm(s.Weights(d, layer)[row*l.In : (row+1)*l.In]); math.Abs(got-want) > 1e-9*want {
				t.Errorf("row %d of layer %d has the norm %v, want %v", row, layer, got, want)
			}
		}
		if norm(s.Biases(d, layer)) != 0 {
			t.Error("biases move")
		}
	}
	plain, scaled, raw := slice(p, d), slice(q, s.Direction(q, generator())), slice(q, d)
	differs := false
	for i := range shares {
		if math.Abs(plain[i]-scaled[i]) > 1e-10 {
			t.Errorf("at %v the loss is %v, and %v of the scaled network", shares[i], plain[i], scaled[i])
		}
		differs = differs || math.Abs(plain[i]-raw[i]) > 0.01
	}
	if !differs {
		t.Error("a slice that is not normalised is the same")
	}
	surface, err := s.Surface(t.Context(), p, [2]Point{d, s.Direction(p, generator())}, e, shares, []float64{-0.5, 0, 0.5}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range surface[len(shares) : 2*len(shares)] {
		if math.Abs(v-plain[i]) > 1e-12 {
			t.Errorf("the middle row of the surface is %v at %v, the slice %v", v, shares[i], plain[i])
		}
	}
}

// TestCurvature: the second derivative of 3 + 2x - 5x² is -10; what lies beyond 0.1 does not count.
func TestCurvature(t *testing.T) {
	shares := Shares(-1, 1, 51)
	var losses []float64
	for _, x := range shares {
		losses = append(losses, 3+2*x-5*x*x)
		if math.Abs(x) > 0.11 {
			losses[len(losses)-1] = 100
		}
	}
	if got := Curvature(shares, losses); math.Abs(got+10) > 1e-8 {
		t.Errorf("curvature %v, want -10", got)
	}
}

// TestRandomWalk: the shares that science has in closed form, of a walk in many dimensions; and a path in a plane is in it.
func TestRandomWalk(t *testing.T) {
	if testing.Short() {
		t.Skip("a walk in 20,000 dimensions")
	}
	p := NewPath(randomWalk(150, 20_000, rand.New(rand.NewPCG(1, 1))))
	for k, want := range []float64{0.608, 0.152, 0.0675} {
		if got := p.Shares[k]; math.Abs(got-want) > 0.006 {
			t.Errorf("component %d explains %.4f of a random walk, want %.4f", k+1, got, want)
		}
		if got := stat.RandomWalkShare(k+1, 150); math.Abs(got-want) > 0.0005 {
			t.Errorf("component %d explains %.4f, want %.4f", k+1, got, want)
		}
	}
}

func TestPathInAPlane(t *testing.T) {
	var points []Point
	for i := range 9 {
		a := float64(i)
		points = append(points, Point{a, 2 * a, math.Sin(a), 0, 5})
	}
	p := NewPath(points)
	if rest := 1 - p.Shares[0] - p.Shares[1]; math.Abs(rest) > 1e-12 {
		t.Errorf("%v of the variance is outside the plane", rest)
	}
	for i, at := range p.At {
		if got, want := math.Hypot(at[0], at[1]), points[i].Distance(points[8], false); math.Abs(got-want) > 1e-9 {
			t.Errorf("point %d is %v from the last, want %v", i, got, want)
		}
	}
	if p.At[0][0] < 0 || p.At[8] != [2]float64{} {
		t.Errorf("the path goes from %v to %v", p.At[0], p.At[8])
	}
	if NewPath(points[:2]) != nil || NewPath([]Point{{1}, {1}, {1}}) != nil {
		t.Error("points without a plane have one")
	}
}

// TestUnits: units that start alike stay alike for ever, as one unit; units at right angles have the rank of their number.
func TestUnits(t *testing.T) {
	e := clouds(100)
	c := config("sigmoid", 6)
	c.Init = mlp.Choice{Name: "constant", Params: map[string]float64{"value": 0.1}}
	for _, epochs := range []int{1, 30} {
		s, p := trained(t, c, e, epochs, 1)
		if got := s.MeanCosine(p, 0); got != 1 {
			t.Errorf("mean cosine %v after %d epochs, want 1", got, epochs)
		}
		if got := s.EffectiveRank(p, 0); math.Abs(got-1) > 1e-6 {
			t.Errorf("effective rank %v after %d epochs, want 1", got, epochs)
		}
	}
	s, p := trained(t, config("relu", 3), e, 0, 1)
	clear(p)
	if s.MeanCosine(p, 0) != 1 || s.EffectiveRank(p, 0) != 0 {
		t.Errorf("zeros: cosine %v, rank %v", s.MeanCosine(p, 0), s.EffectiveRank(p, 0))
	}
	for i := range 3 {
		s.Weights(p, 0)[i*5+i] = 2
	}
	if got := s.EffectiveRank(p, 0); math.Abs(got-3) > 1e-12 || s.MeanCosine(p, 0) != 0 {
		t.Errorf("orthogonal units: rank %v, cosine %v", got, s.MeanCosine(p, 0))
	}
	s.Weights(p, 0)[5] = 2 // the second is (2, 2) now: 45° from the first
	if got, want := s.MeanCosine(p, 0), math.Sqrt(0.5)/3; math.Abs(got-want) > 1e-12 {
		t.Errorf("mean cosine %v, want %v", got, want)
	}
}

// TestOrder: points of a line stand in its order, from one end or the other; two groups are not mixed.
func TestOrder(t *testing.T) {
	at := []float64{5, 1, 4, 2, 30, 31, 3, 29}
	var got []float64
	for _, i := range Order(len(at), func(i, j int) float64 { return math.Abs(at[i] - at[j]) }) {
		got = append(got, at[i])
	}
	want := []float64{1, 2, 3, 4, 5, 29, 30, 31}
	if !slices.Equal(got, want) {
		slices.Reverse(got)
	}
	if !slices.Equal(got, want) {
		t.Errorf("order %v", got)
	}
	if got := Order(1, nil); len(got) != 1 {
		t.Errorf("one thing: %v", got)
	}
}

// randomWalk is a walk of n Gaussian steps in a number of dimensions.
func randomWalk(n, dimensions int, r *rand.Rand) []Point {
	walk := make([]Point, n)
	at := make(Point, dimensions)
	for t := range walk {
		for i := range at {
			at[i] += r.NormFloat64()
		}
		walk[t] = append(Point(nil), at...)
	}
	return walk
}
