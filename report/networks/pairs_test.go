package networks

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestAssign: no other order of up to six columns gains more.
func TestAssign(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := 1; n <= 6; n++ {
		for range 50 {
			gain := make([]float64, n*n)
			for i := range gain {
				gain[i] = float64(r.IntN(7) - 3)
			}
			got, best := 0.0, math.Inf(-1)
			seen := make([]bool, n)
			for i, j := range assign(gain, n) {
				got += gain[i*n+j]
				if seen[j] {
					t.Fatal("a column is given twice")
				}
				seen[j] = true
			}
			var try func(row int, sum float64, used int)
			try = func(row int, sum float64, used int) {
				if row == n {
					best = max(best, sum)
				}
				for j := range n {
					if row < n && used&(1<<j) == 0 {
						try(row+1, sum+gain[row*n+j], used|1<<j)
					}
				}
			}
			try(0, 0, 0)
			if got != best {
				t.Fatalf("%v gains %v, %v is possible", gain, got, best)
			}
		}
	}
}

// planted puts hidden units into a random order, and turns signs where the activation is odd.
func planted(s *Space, r *rand.Rand) (m Match) {
	for _, l := range s.Layers[:len(s.Layers)-1] {
		sign := make([]float64, l.Out)
		for i := range sign {
			sign[i] = 1
			if s.odd() && r.IntN(2) == 0 {
				sign[i] = -1
			}
		}
		m.Order, m.Sign = append(m.Order, r.Perm(l.Out)), append(m.Sign, sign)
	}
	return m
}

// TestPermutedCopy: a copy with its units in another order is the same function, with
// a barrier in between; aligned it is the same point, without any.
func TestPermutedCopy(t *testing.T) {
	e := clouds(200)
	for _, test := range []struct {
		activation string
		hidden     []int
		norm       bool
	}{{"relu", []int{12}, false}, {"tanh", []int{12}, false}, {"sigmoid", []int{7, 9}, false}, {"relu", []int{8, 6, 7}, false},
		{"tanh", []int{6, 8}, false}, {"relu", []int{8, 6}, true}, {"prelu", []int{9}, false}} {
		c := config(test.activation, test.hidden...)
		c.BatchNorm = test.norm
		s, a := trained(t, c, e, 40, 3)
		b := s.Apply(planted(s, rand.New(rand.NewPCG(5, 6))), a)
		if test.activation != "prelu" && !test.norm {
			for i := range 20 {
				x := e.X[i*5 : (i+1)*5]
				for k, v := range logits(s, a, x) {
					if w := logits(s, b, x)[k]; math.Abs(v-w) > 1e-12 {
						t.Fatalf("%v: a logit is %v, and %v of the copy", test, v, w)
					}
				}
			}
		}
		pairs, err := s.Pairs(t.Context(), []Point{a, b}, []Sample{{"train", e}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		p := pairs[0]
		if p.Aligned != 0 || p.Distance < 1 {
			t.Errorf("%v: distances %v and %v, want 0 after alignment only", test, p.Distance, p.Aligned)
		}
		if naive, aligned := p.Naive[0].Barrier(), p.Matched[0].Barrier(); aligned > 1e-12 || naive < 0.01 {
			t.Errorf("%v: barriers %v and %v, want 0 after alignment only", test, naive, aligned)
		}
	}
}

// TestLineEnds: the ends of a line are what the networks measure themselves, and a convex loss has no barrier.
func TestLineEnds(t *testing.T) {
	e := clouds(300)
	c := config("relu", 6)
	s, a := trained(t, c, e, 5, 1)
	_, b := trained(t, c, e, 5, 2)
	line, err := s.Between(a, b, e)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.probe()
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range []Point{a, b} {
		copy(p.network.Parameters(), at)
		if got, want := line[i*(LinePoints-1)], p.network.Metrics(e).Loss; math.Abs(got-want) > 1e-12 {
			t.Errorf("end %d has the loss %v, want %v", i, got, want)
		}
	}
	linear, a := trained(t, config("relu"), e, 3, 1)
	_, b = trained(t, config("relu"), e, 3, 2)
	if line, err = linear.Between(a, b, e); err != nil || line.Barrier() > 1e-12 {
		t.Errorf("a barrier of %v between linear models, %v", line.Barrier(), err)
	}
	if got := (Line{0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 10}).Barrier(); got != 2 { // 5 above a chord of 3
		t.Errorf("barrier %v, want 2", got)
	}
}
