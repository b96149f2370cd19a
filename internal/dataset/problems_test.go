package dataset

import (
	"math"
	"strings"
	"testing"
)

func TestProblems(t *testing.T) {
	good, _ := Default("xor")
	with := func(change func(*Spec)) Spec {
		s := good
		change(&s)
		return s
	}
	sine, _ := Default("sine1d")
	sine.LabelNoise = 0.1
	for _, c := range []struct {
		s         Spec
		key, want string
	}{
		{Spec{Set: "mnsit"}, "set", `no data set is called "mnsit"; there are xor, blobs`},
		{with(func(s *Spec) { s.Train = -1 }), "train", "-1 examples"},
		{with(func(s *Spec) { s.Train = 0 }), "train", "at least 1"},
		{with(func(s *Spec) { s.Test = 0 }), "test", "at least 1"},
		{with(func(s *Spec) { s.Valid = -5 }), "valid", "-5 examples"},
		{with(func(s *Spec) { s.Train = math.MaxInt }), "train", "do not fit: at most 1073741824"},
		{with(func(s *Spec) { s.Scale = "" }), "scale", `"" is no scaling; there are none, unit, symmetric, standard`},
		{with(func(s *Spec) { s.Scale = "zscore" }), "scale", `"zscore"`},
		{with(func(s *Spec) { s.Noise = -0.1 }), "noise", "0 or more"},
		{with(func(s *Spec) { s.Noise = math.NaN() }), "noise", "0 or more"},
		{with(func(s *Spec) { s.Noise = math.Inf(1) }), "noise", "0 or more"},
		{with(func(s *Spec) { s.LabelNoise = 1 }), "label_noise", "less than 1"},
		{with(func(s *Spec) { s.LabelNoise = math.NaN() }), "label_noise", "less than 1"},
		{with(func(s *Spec) { s.Path = "x.csv" }), "path", "takes no path"},
		{with(func(s *Spec) { s.Label = "y" }), "label", "only csv"},
		{sine, "label_noise", "regression"},
		{Spec{Set: "csv", Scale: "none"}, "path", "needs the path"},
		{Spec{Set: "idx", Scale: "none"}, "path", "needs the path"},
		{Spec{Set: "mnist", Scale: "none", Noise: 1}, "noise", "comes from files"},
		{Spec{Set: "mnist", Scale: "none", Path: "m"}, "path", "takes no path"},
	} {
		problems := c.s.Problems()
		if len(problems) != 1 || problems[0].Key != c.key || !strings.Contains(problems[0].Message, c.want) {
			t.Errorf("%+v: %q, want one of %s: %q", c.s, problems, c.key, c.want)
		}
		if _, err := NewFiles(nil).Load(c.s, 0); err == nil || !strings.Contains(err.Error(), "data."+c.key+": ") {
			t.Errorf("Load(%+v): %v", c.s, err)
		}
	}
	if p := (with(func(s *Spec) { s.Valid, s.Noise = 0, 0 })).Problems(); len(p) > 0 {
		t.Errorf("no validation and no noise: %q", p)
	}
	if p := (Spec{Set: "xor", Train: -1, Scale: "x", Path: "p"}).Problems(); len(p) != 4 {
		t.Errorf("not all problems at once: %q", p)
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, info := range Sets() {
		if seen[info.Name] || info.Name == "" || info.Doc == "" || info.Default.Set != info.Name {
			t.Errorf("%+v", info)
		}
		seen[info.Name] = true
	}
	if _, ok := Lookup("nothing"); ok {
		t.Error("Lookup found nothing")
	}
	if _, ok := Default("nothing"); ok {
		t.Error("Default of nothing")
	}
}
