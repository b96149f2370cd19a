package dataset

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// houses are 40 rows with prices 1000, 2000, ... and rents 1, -1, 1, ...
func houseTable() []byte {
	text := "area,price,rent\n"
	for i := range 40 {
		text += fmt.Sprintf("%d,%d,%d\n", i*7%13, 1000*(i+1), 1-i%2*2)
	}
	return []byte(text)
}

func houseSpec() Spec {
	return Spec{Set: "csv", Path: "houses.csv", Label: NewList("price", "rent"), Scale: "none", Valid: 10, Test: 10,
		TargetScale: "standard", Format: Format{Task: "regression"}}
}

// The unit is that of all examples that are no test examples, whatever the
// seed, and scaling takes nothing away: the targets of the file come back.
func TestTargetsAreScaled(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/houses.csv", houseTable())
	files := NewFiles([]string{dir})
	about, err := files.Describe(houseSpec())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(about.Fingerprint, " target_scale=standard") || len(about.Units) != 2 {
		t.Fatalf("fingerprint %s, units %v", about.Fingerprint, about.Units)
	}
	raw := houseSpec()
	raw.TargetScale = ""
	for seed := range uint64(3) {
		scaled, plain := mustLoad(t, houseSpec(), seed, []string{dir}), mustLoad(t, raw, seed, []string{dir})
		var pool []float64 // prices of training and validation
		for i, split := range []Split{scaled.Train, scaled.Valid, scaled.Test} {
			of := []Split{plain.Train, plain.Valid, plain.Test}[i]
			for j, v := range split.Targets {
				u := about.Units[j%2]
				if back := float64(v)*u.SD + u.Mean; math.Abs(back-float64(of.Targets[j])) > 1e-6*(1+math.Abs(back)) {
					t.Fatalf("target %g comes back as %g", of.Targets[j], back)
				}
				if i < 2 && j%2 == 0 {
					pool = append(pool, float64(v))
				}
			}
		}
		sum, squares := 0.0, 0.0
		for _, v := range pool {
			sum, squares = sum+v, squares+v*v
		}
		if n := float64(len(pool)); n != 30 || math.Abs(sum/n) > 1e-6 || math.Abs(squares/n-1) > 1e-6 {
			t.Errorf("seed %d: %g prices with mean %g and mean square %g", seed, n, sum/n, squares/n)
		}
		first := mustLoad(t, houseSpec(), 0, []string{dir})
		if !slices.Equal(scaled.Test.Targets, first.Test.Targets) {
			t.Errorf("seed %d moves the test targets", seed)
		}
	}
	if old, err := files.Describe(raw); err != nil || strings.Contains(old.Fingerprint, "target_scale") || old.Units != nil ||
		len(old.Warnings) == 0 || !strings.Contains(old.Warnings[len(old.Warnings)-1], "the targets price have mean") {
		t.Errorf("%+v, %v", old, err)
	}
}

func TestTargetsThatAreNotScaled(t *testing.T) {
	for want, s := range map[string]Spec{
		"classes are not scaled; say task: regression": {Set: "csv", Path: "a.csv", TargetScale: "standard"},
		"blobs takes no target_scale; only csv":        {Set: "blobs", Train: 9, Test: 9, TargetScale: "standard"},
		`"unit" is no scaling of targets`: {Set: "csv", Path: "a.csv", TargetScale: "unit",
			Format: Format{Task: "regression"}},
	} {
		s.Scale = "none"
		if p := s.Problems(); len(p) != 1 || !strings.Contains(p[0].Message, want) {
			t.Errorf("%q, want %q", p, want)
		}
	}
}
