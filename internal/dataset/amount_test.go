package dataset

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFractions(t *testing.T) {
	held := &corpus{classes: numbered(2), train: fileOf(150, 2)}
	own := &corpus{classes: numbered(2), train: fileOf(150, 2), test: fileOf(40, 2)}
	for _, f := range []struct {
		c                  *corpus
		s                  Spec
		train, valid, test int
	}{
		{held, Spec{Train: 0.6, Valid: 0.2, Test: 0.2}, 90, 30, 30},
		{held, Spec{Valid: 0.1, Test: 0.5}, 60, 15, 75},
		{held, Spec{Test: 0.001}, 149, 0, 1},
		{held, Spec{Train: 0.7, Valid: 0.15, Test: 0.15}, 104, 23, 23}, // 105 + 22.5 + 22.5
		{held, Spec{Train: 0.6, Valid: 0.2}, 90, 30, 30},
		{held, Spec{Train: 0.1, Valid: 20, Test: 0.1}, 15, 20, 15},
		{own, Spec{Train: 0.75, Valid: 0.25, Test: 0.5}, 112, 38, 20}, // 112.5 + 37.5
		{own, Spec{Train: 0.1}, 15, 0, 40},
	} {
		p, err := f.c.split(f.s, 1)
		if err != nil || len(p.train.index) != f.train || len(p.valid.index) != f.valid || len(p.test.index) != f.test {
			t.Errorf("%v: %d, %d, %d, %v", f.s, len(p.train.index), len(p.valid.index), len(p.test.index), err)
		}
	}
	_, err := held.split(Spec{Train: 0.6, Valid: 0.3, Test: 0.2}, 1)
	wantError(t, err, "0.6 (90 of 150) training and 0.3 (45 of 150) validation examples asked for, but it has 120 for both")
}

// Fractions that make one leave no example of a file over, whatever its size.
func TestFractionsDivideTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(20, 400).Draw(t, "n")
		valid := rapid.IntRange(1, 45).Draw(t, "valid")
		test := rapid.IntRange(1, 45).Draw(t, "test")
		s := Spec{Train: Amount(100-valid-test) / 100, Valid: Amount(valid) / 100, Test: Amount(test) / 100}
		c := &corpus{classes: numbered(2), train: fileOf(n, 2)}
		p, err := c.split(s, 3)
		if err != nil {
			t.Fatal(err)
		}
		a, b, e := len(p.train.index), len(p.valid.index), len(p.test.index)
		if a+b+e != n || math.Abs(float64(a)-float64(s.Train)*float64(n)) > 2 {
			t.Fatalf("%v of %d are %d, %d and %d", s, n, a, b, e)
		}
	})
}

func TestFractionsThatAreNone(t *testing.T) {
	for want, s := range map[string]Spec{
		"0.5 is a fraction of a file, and blobs is made by the program: say how many examples": {Set: "blobs", Train: 0.5, Test: 9},
		"1.5 is neither a whole number of examples nor a fraction of a file, which is below 1": {Set: "mnist", Test: 1.5},
		"train: 0.8 and valid: 0.3 are more than all of a file":                                {Set: "mnist", Train: 0.8, Valid: 0.3},
		"-0.5 examples are not possible":                                                       {Set: "mnist", Valid: -0.5},
	} {
		s.Scale = "none"
		if p := s.Problems(); len(p) != 1 || p[0].Message != want {
			t.Errorf("%v: %q, want %q", s, p, want)
		}
	}
}

// Whole numbers are written as they were when they could be nothing else.
func TestAmountsInJSON(t *testing.T) {
	for a, want := range map[Amount]string{0: "0", 8000: "8000", 1e6: "1000000", 1 << 53: "9007199254740992", 0.6: "0.6"} {
		b, err := json.Marshal(a)
		var back Amount
		if err != nil || string(b) != want || json.Unmarshal(b, &back) != nil || back != a {
			t.Errorf("%v is %s and back %v (%v)", a, b, back, err)
		}
		if a.String() != want {
			t.Errorf("%s is shown as %s", want, a)
		}
	}
}

func TestFractionsInFingerprints(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/t.csv", []byte("a,kind\n1,x\n2,y\n3,x\n4,y\n5,x\n"))
	s := Spec{Set: "csv", Path: "t.csv", Scale: "none", Train: 0.6, Valid: 0.2, Test: 0.2}
	about, err := NewFiles([]string{dir}).Describe(s)
	if err != nil {
		t.Fatal(err)
	}
	if about.Train != 3 || about.Valid != 1 || about.Test != 1 ||
		!strings.Contains(about.Fingerprint, " train=0.6 valid=0.2 test=0.2 ") {
		t.Errorf("%+v", about)
	}
}
