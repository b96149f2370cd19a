package dataset

import (
	"math"
	"slices"
	"testing"
)

func checkShape(t *testing.T, set set, s Spec, d *Data) {
	if d.Regression != set.Regression || len(d.Classes) != 0 == d.Regression {
		t.Errorf("regression %v with %d classes", d.Regression, len(d.Classes))
	}
	if !d.Regression && len(d.Classes) != d.Out {
		t.Errorf("%d names for %d classes", len(d.Classes), d.Out)
	}
	for _, c := range []struct {
		name  string
		split Split
		n     int
	}{{"train", d.Train, s.Train.Count()}, {"valid", d.Valid, s.Valid.Count()}, {"test", d.Test, s.Test.Count()}} {
		sp := c.split
		if sp.N != c.n || len(sp.X) != c.n*d.In {
			t.Errorf("%s: N %d with %d inputs, want %d examples of %d", c.name, sp.N, len(sp.X), c.n, d.In)
		}
		for _, v := range slices.Concat(sp.X, sp.Targets, sp.Truth) {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				t.Fatalf("%s holds %g", c.name, v)
			}
		}
		if d.Regression {
			if len(sp.Targets) != c.n*d.Out || len(sp.Truth) != c.n*d.Out || sp.Labels != nil {
				t.Errorf("%s: %d targets, %d truths, %d labels", c.name, len(sp.Targets), len(sp.Truth), len(sp.Labels))
			}
			continue
		}
		if len(sp.Labels) != c.n || sp.Targets != nil || sp.Truth != nil {
			t.Errorf("%s: %d labels, %d targets", c.name, len(sp.Labels), len(sp.Targets))
		}
		for _, label := range sp.Labels {
			if label < 0 || int(label) >= d.Out {
				t.Fatalf("%s: label %d of %d classes", c.name, label, d.Out)
			}
		}
	}
}

// checkScaled holds scaled data against the raw data that it was made from.
func checkScaled(t *testing.T, set set, scale string, d, raw *Data) {
	for j := range d.In {
		low, high := math.Inf(1), math.Inf(-1)
		sum, squares, n := 0.0, 0.0, float64(d.Train.N)
		constant := true
		for i := range d.Train.N {
			v := float64(d.Train.X[i*d.In+j])
			low, high = min(low, v), max(high, v)
			sum, squares = sum+v, squares+v*v
			constant = constant && raw.Train.X[i*d.In+j] == raw.Train.X[j]
		}
		mean := sum / n
		sd := math.Sqrt(max(0, squares/n-mean*mean))
		ok := true
		switch {
		case scale == "none":
			ok = slices.Equal(d.Train.X, raw.Train.X)
		case scale == "standard" && constant:
			ok = low == 0 && high == 0
		case scale == "standard":
			ok = math.Abs(mean) < 1e-5 && math.Abs(sd-1) < 1e-5
		case set.pixels && scale == "unit":
			ok = math.Abs(float64(d.Train.X[j])-float64(raw.Train.X[j])/255) < 1e-6
		case set.pixels:
			ok = math.Abs(float64(d.Train.X[j])-(float64(raw.Train.X[j])/127.5-1)) < 1e-6
		case constant:
			ok = low == 0 && high == 0
		case scale == "unit":
			ok = math.Abs(low) < 1e-6 && math.Abs(high-1) < 1e-6
		case scale == "symmetric":
			ok = math.Abs(low+1) < 1e-6 && math.Abs(high-1) < 1e-6
		}
		if !ok {
			t.Fatalf("%s: input %d is in [%g, %g] with mean %g, SD %g", scale, j, low, high, mean, sd)
		}
	}
	// Test inputs go through the map that training inputs define.
	if constant := raw.Train.X[0] == raw.Train.X[d.In]; d.Train.N > 1 && !constant {
		slope := float64(d.Train.X[d.In]-d.Train.X[0]) / float64(raw.Train.X[d.In]-raw.Train.X[0])
		want := float64(d.Train.X[0]) + slope*float64(raw.Test.X[0]-raw.Train.X[0])
		if got := float64(d.Test.X[0]); math.Abs(got-want) > 1e-4*(1+math.Abs(want)) {
			t.Errorf("%s: a test input became %g, want %g", scale, got, want)
		}
	}
}

func checkFingerprint(t *testing.T, set set, s Spec, dirs []string) {
	seen := map[string]string{}
	add := func(what string, s Spec) {
		f, err := fingerprint(s, dirs)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if old, ok := seen[f]; ok {
			t.Errorf("%s and %s share the fingerprint %s", what, old, f)
		}
		seen[f] = what
	}
	add("base", s)
	for what, change := range map[string]func(*Spec){
		"train": func(s *Spec) { s.Train++ },
		"valid": func(s *Spec) { s.Valid++ },
		"test":  func(s *Spec) { s.Test++ },
		"scale": func(s *Spec) { s.Scale = "symmetric" },
		"noise": func(s *Spec) {
			if set.draw != nil {
				s.Noise += 0.01
			} else {
				s.Train = 7
			}
		},
		"label_noise": func(s *Spec) {
			if !set.Regression {
				s.LabelNoise = 0.1
			} else {
				s.Train = 8
			}
		},
	} {
		changed := s
		change(&changed)
		add(what, changed)
	}

	// The same files in another place are the same data.
	again, elsewhere := smallSpec(t, set)
	a, _ := fingerprint(s, dirs)
	if b, err := fingerprint(again, elsewhere); err != nil || a != b {
		t.Errorf("moved files: %q, %v, want %q", b, err, a)
	}
}
