package dataset

import (
	"math"
	"testing"
)

// The sizes of splits follow from that of the test split where they are fractions of one file, to the rounding of its size.
func TestSizesBesidesTheTestSplit(t *testing.T) {
	c := &corpus{classes: numbered(2), train: fileOf(569, 2)}
	for _, s := range []Spec{{Valid: 0.2, Test: 0.3}, {Train: 0.5, Valid: 0.2, Test: 0.3}, {Train: 0.1, Valid: 0.2, Test: 0.05},
		{Valid: 40}, {Valid: 0.1}, {Train: 300, Valid: 0.1, Test: 0.2}, {Valid: 0.2, Resample: "folds", Folds: 8}} {
		s.Set = "csv"
		p, err := c.split(s, 0)
		if s.Resample != "" {
			p, err = c.resample(s, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		train, valid := s.Sizes(len(p.test.index))
		for _, of := range []struct{ got, want int }{{train, len(p.train.index)}, {valid, len(p.valid.index)}} {
			if math.Abs(float64(of.got-of.want)) > 0.015*569 || of.want < 50 && math.Abs(float64(of.got-of.want)) > 2 {
				t.Errorf("%+v: %d, but there are %d", s, of.got, of.want)
			}
		}
	}
	for _, s := range []Spec{{Set: "csv", Valid: 0.2, Test: 100},
		{Set: "csv", Valid: 0.2, Format: Format{TestPath: "t.csv"}}, {Set: "mnist", Valid: 0.2},
		{Set: "csv", Valid: 0.2, Resample: "bootstrap"}, {Set: "images", Valid: 0.2}, {Set: "images", Valid: 0.2, Test: 0.3}} {
		if train, valid := s.Sizes(100); train != 0 || valid != 0 {
			t.Errorf("%+v: %d and %d, which only the files know", s, train, valid)
		}
	}
}
