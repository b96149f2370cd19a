package study_test

import (
	"slices"
	"strings"
	"testing"

	"nightshift/experiments"
)

// lecture is the number of runs of the studies of the lecture that make their own data.
var lecture = map[string]int{
	"saturation":      10*4 + 8,              // 10 starts x 4 pairs, 8 descents; nothing is random
	"xor":             4*6*20 + 5*10,         // 4 activations x 6 widths x 20 seeds, 5 depths x 10
	"zero-init":       3 * 3 * 2 * 5,         // 3 starts x 3 activations x 2 losses x 5 seeds
	"mse-vs-ce":       5 * 6 * 10,            // 5 pairs x 6 rates x 10 seeds
	"seeds-landscape": 3*20 + 2*5,            // both, weights, order; 2 convex controls x 5 seeds
	"loss-surface":    2 * 10,                // 2 nets x 10 seeds
	"dead-neurons":    3 * 4 * 3 * 10,        // 3 activations x 4 rates x 3 biases x 10 seeds
	"init-norm":       4 * 4 * 3 * 10,        // 4 scales x 4 inits x 3 activations x 10 seeds
	"wide-deep":       2 * 4 * 2 * 5 * 5,     // 2 sizes x 4 depths x 2 activations x 5 rates x 5 seeds
	"capacity-data":   2*3*9*5 + 5*3*10 + 10, // 2 sizes x 3 penalties x 9 widths x 5, 5 sizes x 3 models x 10, 10 of random labels
	"bias-variance":   2 * 8 * 30 * 2,        // 2 problems x 8 widths x 30 data seeds x 2 starts
	"activations":     13 * 4 * 10,           // 13 activations x 4 rates x 10 seeds
	"evaluation":      5*40 + 10,             // five ways to resample one pool x 40 draws, ten training sets against fresh examples
	"lecture-net":     3*10 + 1,              // 3 networks x 10 seeds, one net whose derivatives are done by hand
	"hyperparameters": 3 * 3 * 3 * 2 * 5,     // 3 rates x 3 batches x 3 widths x 2 activations x 5 seeds
	"search":          60 * 5,                // 60 points x 5 seeds
	"leaderboard":     24*10 + 2*10,          // 24 configurations x 10 data seeds, two finalists x 10 fresh ones
}

func TestLectureStudies(t *testing.T) {
	for name, runs := range lecture {
		text, err := experiments.Files.ReadFile(name + ".yaml")
		if err != nil {
			t.Error(err)
			continue
		}
		s := parse(t, string(text))
		if got := len(runsFrom(t, s)); got != runs {
			t.Errorf("%s has %d runs, want %d", name, got, runs)
		}
		if !strings.HasSuffix(s.Question, "?") {
			t.Errorf("%s asks %q", name, s.Question)
		}
		if len(s.Expect) < 3 {
			t.Errorf("%s claims %d things", name, len(s.Expect))
		}
		if s.Wall != 0 {
			t.Errorf("%s has %v, which a slow machine may need more than", name, s.Wall)
		}
		for _, c := range s.Cells {
			if slices.Contains([]string{"mnist", "idx", "csv"}, c.Config.Data.Set) {
				t.Errorf("%s needs files: %s", name, c.Label)
			}
		}
		lines := strings.Split(string(text), "\n")
		if lines[0] != "# yaml-language-server: $schema=study.schema.json" {
			t.Errorf("%s begins with %q", name, lines[0])
		}
		comment := slices.IndexFunc(lines, func(l string) bool { return !strings.HasPrefix(l, "#") })
		if comment < 5 {
			t.Errorf("%s explains itself in %d lines", name, comment-1)
		}
	}
}

// TestSizesOfWideAndDeep: the networks that wide-deep compares have nearly the
// same number of weights and biases, counted here layer by layer.
func TestSizesOfWideAndDeep(t *testing.T) {
	text, err := experiments.Files.ReadFile("wide-deep.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range parse(t, string(text)).Cells {
		in, parameters := 28*28, 0.0
		for _, out := range append(slices.Clone(c.Config.Hidden), 10) {
			parameters += float64((in + 1) * out)
			in = out
		}
		want := 20000.0
		if strings.HasPrefix(c.Label, "80k") {
			want = 80000
		}
		if off := parameters/want - 1; off < -0.02 || off > 0.02 {
			t.Errorf("%s has %v weights and biases", c.Label, parameters)
		}
	}
}
