package metric

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// softmax of logits [n, out], and the classes with the largest.
func softmax(logits [][]float64) (p []float64, answers []int32) {
	for _, z := range logits {
		sum, best := 0.0, 0
		for k, v := range z {
			sum += math.Exp(v)
			if v > z[best] {
				best = k
			}
		}
		for _, v := range z {
			p = append(p, math.Exp(v)/sum)
		}
		answers = append(answers, int32(best))
	}
	return p, answers
}

// TestDerivedAsScikitLearn: the numbers of scikit-learn 1.2.1 (NumPy 1.24.2): 1 - balanced_accuracy_score,
// roc_auc_score(multi_class="ovr", average="macro"), f1_score(average="macro") and r2_score. Two rows of logits are equal,
// and so are scores of the second set.
func TestDerivedAsScikitLearn(t *testing.T) {
	p, answers := softmax([][]float64{{2.89, -0.47, 0.03}, {1.61, -0.79, 0.0}, {0, -0.55, 1.02}, {0, -0.55, 1.02},
		{0.51, -0.26, 0.96}, {-1.45, 0.55, 1.32}, {0.27, -1.53, 2.85}, {1.35, -0.39, 2.03}, {-0.05, -0.25, -0.41},
		{-2.29, 1.05, 0.78}, {0.46, 1.07, -1.65}, {0.54, -0.86, -0.66}})
	three := Outputs{Out: 3, Values: p, Answers: answers, Labels: []int32{0, 0, 1, 1, 2, 2, 2, 0, 1, 2, 0, 1}}
	two := Outputs{Out: 2, Labels: []int32{0, 1, 0, 1, 1, 0, 1, 0}}
	for _, s := range []float64{.1, .4, .35, .8, .4, .4, .9, .2} {
		two.Values = append(two.Values, 1-s, s)
		answer := int32(0)
		if s > .5 {
			answer = 1
		}
		two.Answers = append(two.Answers, answer)
	}
	numbers := Outputs{Out: 2, Targets: []float32{3, -0.5, 2, 0, 7, 1, 4, 2.5}, Values: []float64{2.5, 0, 2, 0.1, 8, 1.5, 4.2, 2}}
	for _, c := range []struct {
		measure string
		of      Outputs
		want    float64
	}{
		{"test_balanced_error", three, 0.5833333333333333}, {"test_auc", three, 0.75}, {"test_f1", three, 0.3666666666666667},
		{"test_balanced_error", two, 0.25}, {"test_auc", two, 0.9375}, {"test_f1", two, 0.7333333333333334},
		{"test_r2", numbers, 0.881547619047619},
	} {
		d, ok := DerivedNamed(c.measure)
		if got := d.Of(c.of); !ok || math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s of %d is %v, want %v", c.measure, c.of.Out, got, c.want)
		}
	}
}

// TestAUCCountsPairs: the area is the share of the pairs of an example of the class and one of the rest in which the former
// has the larger score, ties counting half.
func TestAUCCountsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 20).Draw(t, "n")
		labels := rapid.SliceOfN(rapid.Int32Range(0, 2), n, n).Draw(t, "labels")
		scores := rapid.SliceOfN(rapid.IntRange(0, 4), 3*n, 3*n).Draw(t, "scores")
		o := Outputs{Out: 3, Labels: labels}
		for _, s := range scores {
			o.Values = append(o.Values, float64(s))
		}
		sum, classes := 0.0, 0.0
		for k := range 3 {
			won, pairs := 0.0, 0.0
			for i, a := range labels {
				for j, b := range labels {
					if int(a) == k && int(b) != k {
						pairs++
						switch x, y := scores[3*i+k], scores[3*j+k]; {
						case x > y:
							won++
						case x == y:
							won += 0.5
						}
					}
				}
			}
			if pairs > 0 {
				sum += won / pairs
				classes++
			}
		}
		got := auc(o)
		if classes == 0 && !math.IsNaN(got) || classes > 0 && math.Abs(got-sum/classes) > 1e-12 {
			t.Fatalf("%v, want %v", got, sum/classes)
		}
	})
}

// TestDerivedClosedForms: perfect, useless and undefined outputs.
func TestDerivedClosedForms(t *testing.T) {
	perfect := Outputs{Out: 2, Values: []float64{1, 0, 0, 1, 1, 0}, Answers: []int32{0, 1, 0}, Labels: []int32{0, 1, 0}}
	same := Outputs{Out: 2, Values: []float64{.6, .4, .6, .4, .6, .4, .6, .4}, Answers: []int32{0, 0, 0, 0},
		Labels: []int32{0, 1, 0, 0}}
	oneClass := Outputs{Out: 2, Values: []float64{1, 0, 0, 1}, Answers: []int32{0, 1}, Labels: []int32{0, 0}}
	theMean := Outputs{Out: 1, Targets: []float32{1, 3}, Values: []float64{2, 2}}
	constant := Outputs{Out: 1, Targets: []float32{2, 2}, Values: []float64{2, 1}}
	for _, c := range []struct {
		of   func(Outputs) float64
		o    Outputs
		want float64
	}{
		{balancedError, perfect, 0}, {auc, perfect, 1}, {macroF1, perfect, 1},
		{balancedError, same, 0.5}, {auc, same, 0.5}, {macroF1, same, 2 * 3.0 / 7 / 2},
		{balancedError, oneClass, 0.5}, {auc, oneClass, math.NaN()},
		{auc, Outputs{Out: 2, Values: []float64{math.NaN(), 1, 0, 1}, Labels: []int32{0, 1}}, math.NaN()},
		{r2, theMean, 0}, {r2, constant, math.NaN()}, {r2, Outputs{}, math.NaN()}, {macroF1, Outputs{Out: 2}, math.NaN()},
	} {
		if got := c.of(c.o); math.Abs(got-c.want) > 1e-15 || math.IsNaN(got) != math.IsNaN(c.want) {
			t.Errorf("%v, want %v, of %+v", got, c.want, c.o)
		}
	}
}

func TestDerivedNames(t *testing.T) {
	for _, d := range AllDerived() {
		if again, ok := DerivedNamed(d.Measure()); !ok || again.Name != d.Name || d.Title == "" || d.Doc == "" {
			t.Errorf("%s is found as %s", d.Name, again.Name)
		}
		if _, taken := Named(d.Name); taken {
			t.Errorf("%s is a column, too", d.Name)
		}
	}
	for _, name := range []string{"auc", "valid_auc", "test_error", "test_", ""} {
		if d, ok := DerivedNamed(name); ok {
			t.Errorf("%q is found as %s", name, d.Name)
		}
	}
}
