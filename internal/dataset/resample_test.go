package dataset

import (
	"fmt"
	"math"
	"testing"
)

// rowsOf counts how often each example of a split occurs, by its inputs.
func rowsOf(s Split) map[string]int {
	counts := map[string]int{}
	x := s.Floats()
	in := len(x) / max(1, s.N)
	for i := range s.N {
		counts[fmt.Sprint(x[i*in:(i+1)*in])]++
	}
	return counts
}

func resampledSpec(how string) Spec {
	s, _ := Default("blobs")
	s.Train, s.Valid, s.Test, s.Scale, s.Resample = 60, 10, 30, "none", how
	return s
}

func loaded(t *testing.T, s Spec, seed uint64) *Data {
	t.Helper()
	d, err := NewFiles(nil).Load(s, seed)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Every seed divides the same pool: the splits have no example in common, and with
// others' splits they have.
func TestResampledSplitsShareAPool(t *testing.T) {
	pool := map[string]int{}
	for _, how := range resamplings {
		for seed := range uint64(20) {
			d := loaded(t, resampledSpec(how), seed)
			train, valid, test := rowsOf(d.Train), rowsOf(d.Valid), rowsOf(d.Test)
			for x := range test {
				if train[x] > 0 || valid[x] > 0 {
					t.Fatalf("%s: a test example is trained on", how)
				}
			}
			for _, of := range []map[string]int{train, valid, test} {
				for x := range of {
					pool[x]++
				}
			}
			again := loaded(t, resampledSpec(how), seed)
			if fmt.Sprint(d.Test.Floats()) != fmt.Sprint(again.Test.Floats()) {
				t.Fatalf("%s: the same seed draws other examples", how)
			}
		}
	}
	if len(pool) != 100 {
		t.Errorf("%d examples in all, want the 100 of one pool", len(pool))
	}
}

// Each example of the pool is in the test split of one fold.
func TestFoldsCoverThePool(t *testing.T) {
	s := resampledSpec("folds")
	s.Folds = 3
	for repetition := range uint64(2) {
		seen := map[string]int{}
		for fold := range uint64(3) {
			d := loaded(t, s, 3*repetition+fold)
			if d.Train.N+d.Valid.N+d.Test.N != 100 || d.Valid.N != 10 || math.Abs(float64(d.Test.N)-100.0/3) > 1 {
				t.Errorf("%d training, %d validation, %d test examples", d.Train.N, d.Valid.N, d.Test.N)
			}
			for x, n := range rowsOf(d.Test) {
				seen[x] += n
			}
		}
		if len(seen) != 100 {
			t.Errorf("the folds test %d examples of 100", len(seen))
		}
	}
}

// A bootstrap leaves 1/e of the examples out.
func TestBootstrapLeavesOut(t *testing.T) {
	left := 0.0
	for seed := range uint64(200) {
		d := loaded(t, resampledSpec("bootstrap"), seed)
		if d.Train.N != 90 {
			t.Fatalf("trained on %d of 90", d.Train.N)
		}
		left += float64(d.Test.N) / 90 / 200
	}
	if want := math.Pow(1-1.0/90, 90); math.Abs(left-want) > 0.01 {
		t.Errorf("%.3f of the examples are left out, want %.3f", left, want)
	}
}

func TestResampleProblems(t *testing.T) {
	s := resampledSpec("fold")
	if len(s.Problems()) != 1 {
		t.Errorf("%v", s.Problems())
	}
	s = resampledSpec("holdout")
	if s.Folds = 3; len(s.Problems()) != 1 {
		t.Errorf("%v", s.Problems())
	}
	s = resampledSpec("folds")
	if s.Folds = 1; len(s.Problems()) != 1 {
		t.Errorf("%v", s.Problems())
	}
}

// TestTestRatio: the sizes are those that the splits have.
func TestTestRatio(t *testing.T) {
	for want, s := range map[float64]Spec{
		0: {Train: 90, Test: 10}, 1.0 / 9: {Resample: "holdout", Train: 90, Test: 10}, 0.25: {Resample: "folds", Folds: 5},
		1: {Resample: "folds", Folds: 2}, 0.5: {Resample: "holdout", Train: 0.5, Test: 0.25},
		1.0 / 3: {Resample: "holdout", Valid: 0.2, Test: 0.2},
	} {
		if got := s.TestRatio(); math.Abs(got-want) > 1e-12 {
			t.Errorf("%+v: %g, want %g", s, got, want)
		}
	}
	for _, s := range []Spec{{Resample: "bootstrap", Train: 90}, {Resample: "holdout", Test: 10},
		{Resample: "holdout", Train: 0.5, Test: 10}} {
		if got := s.TestRatio(); !math.IsNaN(got) {
			t.Errorf("%+v: %g", s, got)
		}
	}
	if got := (Spec{Resample: "folds"}).TestRatio(); math.Abs(got-1.0/9) > 1e-12 {
		t.Errorf("ten folds: %g", got)
	}
}
