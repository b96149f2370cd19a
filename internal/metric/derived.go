package metric

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Derived describes a metric that is no column: it is computed of the outputs on the test split, which are stored.
type Derived struct {
	Name       string  // after the name of the split, in claims and JSON: auc
	Title      string  // in tables: AUC
	Doc        string  // what it is, in a line
	Percent    bool    // it is a share from 0 to 1, shown in percent
	Least      float64 // that it can be; none is larger than 1
	Regression bool    // it is of a regression; else of classes
	of         func(Outputs) float64
}

// Outputs are what a network says of examples, and what is right.
type Outputs struct {
	Out     int       // classes, or targets of a regression
	Values  []float64 // [n, out]: probabilities of the classes, or what is predicted of the targets
	Answers []int32   // [n]: the class that is told; nil for a regression
	Labels  []int32   // [n]: the right class; nil for a regression
	Targets []float32 // [n, out] of a regression
}

var derived = [...]Derived{
	{Name: "balanced_error", Title: "balanced error", Percent: true, of: balancedError,
		Doc: "mean over the classes of the share of their examples that are told wrong"},
	{Name: "auc", Title: "AUC", of: auc,
		Doc: "area under the ROC curve of each class against the rest, mean over the classes"},
	{Name: "f1", Title: "macro F1", of: macroF1, Doc: "harmonic mean of precision and recall of each class, mean over the classes"},
	{Name: "r2", Title: "R²", Regression: true, Least: math.Inf(-1), of: r2,
		Doc: "share of the variance of the targets that is predicted, mean over the targets; below 0 if their mean is better"},
}

// AllDerived lists the metrics that are computed of outputs.
func AllDerived() []Derived { return slices.Clone(derived[:]) }

// Measure is the name of the metric in claims, which is of the test split alone.
func (d Derived) Measure() string { return "test_" + d.Name }

// DerivedNamed finds such a metric by its name in claims.
func DerivedNamed(measure string) (Derived, bool) {
	name, ok := strings.CutPrefix(measure, "test_")
	i := slices.IndexFunc(derived[:], func(d Derived) bool { return d.Name == name })
	if !ok || i < 0 {
		return Derived{}, false
	}
	return derived[i], true
}

// Of is the metric of outputs; NaN where they do not define it: no examples, one class, targets that do not vary.
func (d Derived) Of(o Outputs) float64 { return d.of(o) }

// confusion counts for each class its examples, those that are told to be of it, and those that are rightly.
func (o Outputs) confusion() (examples, told, right []float64) {
	examples, told, right = make([]float64, o.Out), make([]float64, o.Out), make([]float64, o.Out)
	for i, y := range o.Labels {
		examples[y]++
		told[o.Answers[i]]++
		if o.Answers[i] == y {
			right[y]++
		}
	}
	return examples, told, right
}

// balancedError is one minus the mean recall of the classes that have examples (Brodersen et al. 2010, The balanced
// accuracy and its posterior distribution).
func balancedError(o Outputs) float64 {
	examples, _, right := o.confusion()
	var recalls []float64
	for k, n := range examples {
		if n > 0 {
			recalls = append(recalls, right[k]/n)
		}
	}
	return 1 - mean(recalls)
}

// macroF1 is the mean of F1 = 2 TP / (2 TP + FP + FN) over the classes that have examples or are told (Opitz and Burst
// 2019, Macro F1 and Macro F1: the average of the scores, not the score of averages).
func macroF1(o Outputs) float64 {
	examples, told, right := o.confusion()
	var scores []float64
	for k := range examples {
		if n := examples[k] + told[k]; n > 0 {
			scores = append(scores, 2*right[k]/n)
		}
	}
	return mean(scores)
}

// auc is the mean over the classes of the probability that an example of the class has a larger output for it than one of
// the rest, ties counting half (Hanley and McNeil 1982; Provost and Domingos 2000 for several classes, here with equal
// weights). Of two classes both have the same.
func auc(o Outputs) float64 {
	n := len(o.Labels)
	order := make([]int, n)
	var areas []float64
	for k := range o.Out {
		score := func(i int) float64 { return o.Values[i*o.Out+k] }
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(score(a), score(b)) })
		var ranks, own float64 // of the examples of the class
		for begin := 0; begin < n; {
			end := begin
			for end < n && score(order[end]) == score(order[begin]) {
				end++
			}
			if end == begin { // not a number
				return math.NaN()
			}
			for _, i := range order[begin:end] {
				if int(o.Labels[i]) == k {
					ranks += float64(begin+end+1) / 2 // mean rank of those that are equal, from 1
					own++
				}
			}
			begin = end
		}
		if rest := float64(n) - own; own > 0 && rest > 0 {
			areas = append(areas, (ranks-own*(own+1)/2)/(own*rest))
		}
	}
	return mean(areas)
}

// r2 is one minus the residual over the total sum of squares of each target (Draper and Smith 1998, Applied Regression
// Analysis), mean over the targets.
func r2(o Outputs) float64 {
	if o.Out == 0 {
		return math.NaN()
	}
	n := len(o.Targets) / o.Out
	shares := make([]float64, o.Out)
	for k := range shares {
		target := make([]float64, n)
		for i := range target {
			target[i] = float64(o.Targets[i*o.Out+k])
		}
		var residual, total float64
		centre := mean(target)
		for i, y := range target {
			residual += (y - o.Values[i*o.Out+k]) * (y - o.Values[i*o.Out+k])
			total += (y - centre) * (y - centre)
		}
		if total == 0 {
			return math.NaN()
		}
		shares[k] = 1 - residual/total
	}
	return mean(shares)
}

// mean is NaN of nothing.
func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
