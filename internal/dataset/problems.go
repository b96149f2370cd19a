package dataset

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Problem says what is wrong with one key of a Spec.
type Problem struct{ Key, Message string }

// maxValues bounds the numbers in a data set that the program makes itself:
// 8 GiB of float32.
const maxValues = 1 << 31

// Problems lists what is wrong with a spec, without looking at any file.
func (s Spec) Problems() []Problem {
	var problems []Problem
	bad := func(key, format string, args ...any) {
		problems = append(problems, Problem{key, fmt.Sprintf(format, args...)})
	}
	set, ok := lookup(s.Set)
	if !ok {
		names := make([]string, len(table))
		for i, t := range table {
			names[i] = t.Name
		}
		bad("set", "no data set is called %q; there are %s", s.Set, strings.Join(names, ", "))
		return problems
	}
	made := set.draw != nil

	if set.path && s.Path == "" {
		bad("path", "%s needs the path of its files", s.Set)
	}
	if !set.path && s.Path != "" {
		bad("path", "%s takes no path; only csv, idx, images and npy", s.Set)
	}
	if !set.label && s.Label != "" {
		bad("label", "%s knows its labels; only csv and images take a label column", s.Set)
	}

	problems = append(problems, s.sizeProblems(set)...)
	if !slices.Contains(scales, s.Scale) {
		bad("scale", "%q is no scaling; there are %s", s.Scale, strings.Join(scales, ", "))
	}

	switch {
	case !(s.Noise >= 0) || math.IsInf(s.Noise, 1):
		bad("noise", "%g is no standard deviation: 0 or more", s.Noise)
	case s.Noise != 0 && !made:
		bad("noise", "%s comes from files, to which no noise is added", s.Set)
	}
	switch {
	case !(s.LabelNoise >= 0 && s.LabelNoise < 1):
		bad("label_noise", "%g is out of range: at least 0 and less than 1", s.LabelNoise)
	case s.LabelNoise != 0 && s.Regression():
		bad("label_noise", "%s is a regression and has no labels; use noise", s.Set)
	}
	problems = append(problems, s.resampleProblems()...)
	return append(problems, s.formatProblems(set)...)
}

// sizeProblems lists those of the numbers of examples.
func (s Spec) sizeProblems(set set) (problems []Problem) {
	bad := func(key, format string, args ...any) {
		problems = append(problems, Problem{key, fmt.Sprintf(format, args...)})
	}
	made := set.draw != nil
	values := 0.0
	for _, size := range []struct {
		key  string
		n    Amount
		zero bool // 0 has a meaning
	}{{"train", s.Train, !made}, {"valid", s.Valid, true}, {"test", s.Test, !made}} {
		switch {
		case size.n < 0:
			bad(size.key, "%v examples are not possible", size.n)
		case made && size.n.Fraction():
			bad(size.key, "%v is a fraction of a file, and %s is made by the program: say how many examples", size.n, s.Set)
		case size.n > 1 && size.n != Amount(math.Trunc(float64(size.n))):
			bad(size.key, "%v is neither a whole number of examples nor a fraction of a file, which is below 1", size.n)
		case size.n == 0 && !size.zero:
			bad(size.key, "%s makes as many examples as asked for: say how many, at least 1", s.Set)
		}
		values += float64(size.n) * float64(set.In)
	}
	if s.Train.Fraction() && s.Valid.Fraction() && s.Train+s.Valid > 1+1e-9 {
		bad("valid", "train: %v and valid: %v are more than all of a file", s.Train, s.Valid)
	}
	if made && values > maxValues {
		bad("train", "%.0f examples of %d inputs do not fit: at most %d in all splits together",
			values/float64(set.In), set.In, maxValues/set.In)
	}
	return problems
}

// checked finds the set of a spec without problems.
func checked(s Spec) (set, error) {
	var errs []error
	for _, p := range s.Problems() {
		errs = append(errs, fmt.Errorf("data.%s: %s", p.Key, p.Message))
	}
	set, _ := lookup(s.Set)
	return set, errors.Join(errs...)
}
