package report

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
)

// The samples of stat/testdata/stats.json, as errors. Of their difference, scipy
// gives 0.326 with 95 % CI [0.2472, 0.4048] paired, and Welch's [0.1126, 0.5394].
var (
	sampleX = []float64{0.9750, 0.9762, 0.9741, 0.9770, 0.9755}
	sampleY = []float64{0.9710, 0.9735, 0.9705, 0.9745, 0.9720}
)

// errors adds a cell at a learning rate whose runs end with these test errors,
// the first with a seed. At epoch 1 they are half as large. On validation the
// order of the cells is the opposite.
func (n *night) errors(lr float64, seed uint64, values ...float64) {
	n.datasets["glyphs"] = store.Dataset{ID: "glyphs", Out: 2, In: 2, Classes: []string{"a", "b"}, TestLabels: []int32{0, 1},
		Spec: []byte("{}")}
	for i, v := range values {
		c := study.Config{Data: dataset.Spec{Set: "glyphs"}}
		c.LR, c.Output, c.Loss = lr, "softmax", "ce"
		r := n.add([]study.AxisValue{{Axis: "lr", Label: figure.Decimal(lr), Value: lr}}, c,
			study.Seeds{Init: seed + uint64(i), Order: seed + uint64(i)})
		at := func(v float64) store.Epoch {
			return store.Epoch{Train: store.Metrics{Loss: known(v)}, Valid: store.Metrics{Error: known(1 - v)},
				Test: store.Metrics{Error: known(v), NLL: known(math.Inf(1))}}
		}
		epochs := []store.Epoch{at(0.5), at(v / 2), at(v)}
		epochs[1].Epoch, epochs[2].Epoch = 1, 2
		n.finish(r, store.Done, epochs, nil)
		for e := range 3 {
			for layer := range 2 {
				n.results[len(n.results)-1].Layers = append(n.results[len(n.results)-1].Layers,
					store.Layer{Epoch: e, Layer: layer,
						Measures: metric.Measures{Gradient: v * float64(e), Dead: v / float64(1+layer), Weight: 2}})
			}
		}
	}
}

func at(measure string, lr float64) study.Term {
	return study.Term{Number: 1, Measure: measure, Epoch: -1, Where: []study.Place{{Axis: "lr", Label: figure.Decimal(lr)}}}
}

func value(v float64) study.Term { return study.Term{Number: v, Epoch: -1} }

// side is a side of a claim that a term stands on alone.
func side(t study.Term) study.Expr {
	if t.Measure == "" {
		return study.Expr{Constant: t.Number}
	}
	return study.Expr{Terms: []study.Term{t}}
}

// numbersOf is what the page says behind a verdict: its terms, then their sum.
func numbersOf(v verdict.Verdict) (lines []string) {
	for _, o := range v.Operands {
		if text := operandText(o); text != "" {
			lines = append(lines, text)
		}
	}
	if v.Sentence != "" {
		lines = append(lines, v.Sentence)
	}
	return lines
}

func verdictOn(t *testing.T, n *night, e study.Expectation) verdict.Verdict {
	t.Helper()
	return verdictIn(t, mustRead(t, n), e)
}

func verdictIn(t *testing.T, r *results, e study.Expectation) verdict.Verdict {
	t.Helper()
	all, err := r.Verdicts(t.Context(), &study.Study{Expect: []study.Expectation{e}})
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	change := func(t study.Term, to func(*study.Term)) study.Term { to(&t); return t }
	x, y := at("test_error", 0.1), at("test_error", 1)
	n := newNight("claims", "")
	n.errors(0.1, 0, sampleX...)
	n.errors(1, 0, sampleY...)
	n.errors(2, 50, sampleY...)
	n.errors(3, 0, 0.9720, 0.9712, 0.9731, 0.9722, 0.9708)
	n.errors(4, 0, 0.5)
	n.errors(5, 0, 0.5, 0.501)
	n.errors(8, 0, 0.5, 0.501, 0.5)
	n.errors(6, 0, slices.Repeat([]float64{0.5, 0.6}, 10)...)
	for i, r := range n.results {
		if r.Run.Label == "lr=6" && r.Run.SeedInit%2 == 0 {
			n.results[i].Run.Status = store.Diverged
		}
	}
	results := mustRead(t, n)
	for _, c := range []struct {
		name     string
		lhs, rhs study.Term
		relation string
		margin   float64
		want     verdict.Outcome
		words    string // in the numbers, the reason or the warnings
	}{
		{"greater", x, y, ">", 0, verdict.Held, "0.326 points (95 % CI 0.247 to 0.405, on this split; 5 runs, init and order " +
			"together, one training set)"},
		{"less", x, y, "<", 0, verdict.NotHeld, "Test error at lr=0.1: 97.56 % (95 % CI 97.42 to 97.69) over 5 runs, init and order " +
			"together, one training set."},
		{"the other way round", y, x, "<", 0, verdict.Held, "−0.326 points (95 % CI −0.405 to −0.247"},
		{"other seeds", x, at("test_error", 2), ">", 0, verdict.Held, "no seeds shared"},
		{"straddling", y, at("test_error", 3), "<", 0, verdict.Undecided, "includes zero"},
		{"equal within more than the 90 % interval", x, y, "=", 0.0039, verdict.Held, "p = 0.04"},
		{"equal within less than it", x, y, "=", 0.0038, verdict.Undecided, "reaches over the margin"},
		{"equal within less than the 95 % interval", x, y, "=", 0.0024, verdict.NotHeld, ""},
		{"equal within a bit of it", x, y, "=", 0.0025, verdict.Undecided, "reaches over the margin"},
		{"more than a number below the interval", x, value(0.9741), ">", 0, verdict.Held, "5 runs"},
		{"more than a number inside", x, value(0.9743), ">", 0, verdict.Undecided, "includes zero"},
		{"a number on the left", value(0.9741), x, "<", 0, verdict.Held, ""},
		{"a factor", change(x, func(t *study.Term) { t.Number = 0.5 }), value(0.49), "<", 0, verdict.Held,
			"0.5 × test error at lr=0.1: 48.778 %"},
		{"an epoch", change(x, func(t *study.Term) { t.Epoch = 1 }), value(0.49), "<", 0, verdict.Held,
			"Test error at epoch 1 at lr=0.1: 48.778 % (95 % CI 48.709 to 48.847)"},
		{"an epoch that was not measured", change(x, func(t *study.Term) { t.Epoch = 7 }), value(0.49), "<", 0, verdict.Undecided,
			"5 without the measurement"},
		{"a layer at the end", change(at("gradient", 0.1), func(t *study.Term) { t.Layer = 2 }), value(1.9), ">", 0, verdict.Held,
			"Gradient norm of layer 2 at lr=0.1: 1.9511 (95 % CI"},
		{"a share of a layer", change(at("dead", 0.1), func(t *study.Term) { t.Layer = 2 }), value(0.5), "<", 0, verdict.Held,
			"Dead share of layer 2 at lr=0.1: 48.778 % (95 % CI"},
		{"a layer at an epoch", change(at("gradient", 0.1), func(t *study.Term) { t.Layer, t.Epoch = 1, 1 }), value(1), "<", 0,
			verdict.Held, ""},
		{"always the same", change(at("weight", 0.1), func(t *study.Term) { t.Layer = 1 }), value(1), ">", 0, verdict.Held, "no width"},
		{"one run", at("test_error", 4), y, "<", 0, verdict.Undecided, "1 unit gives no interval"},
		{"two runs", at("test_error", 5), value(0.9), "<", 0, verdict.Undecided, "three units are the least"},
		{"few runs", at("test_error", 8), value(0.5005), "<", 0, verdict.Undecided, "with only 3 units"},
		{"three runs", at("test_error", 8), value(0.9), "<", 0, verdict.Held, "it rests on 3 units only"},
		{"no such cell", at("test_error", 9), y, "<", 0, verdict.Undecided, "no cell of the study is at lr=9"},
		{"many cells", change(x, func(t *study.Term) { t.Where = nil }), y, "<", 0, verdict.Undecided, "8 cells are at"},
		{"not finite", at("test_nll", 0.1), value(3), "<", 0, verdict.Undecided, "5 with a value that is not finite"},
		{"not measured at all", at("test_ece", 0.1), value(3), "<", 0, verdict.Undecided, "5 without the measurement"},
		{"itself", x, x, "=", 1, verdict.Undecided, "both sides are the same"},
		{"share of runs and a mean", at("diverged", 0.1), y, "<", 0, verdict.Undecided, "cannot be compared"},
		{"epochs", at("epochs", 0.1), value(2), "=", 0.1, verdict.Held,
			"The number of epochs at lr=0.1: 2.00 (the same in every repeat)"},
		{"none of five diverged", at("diverged", 0.1), value(0.6), "<", 0, verdict.Held,
			"The share of diverged runs at lr=0.1: 0 % (95 % CI 0 to 43) over 5 runs"},
		{"some of twenty", at("diverged", 6), value(0.1), ">", 0, verdict.Held,
			"The share of diverged runs at lr=6: 50 % (95 % CI 30 to 70) over 20 runs"},
		{"against none of five", at("diverged", 6), at("diverged", 0.1), ">", 0, verdict.Held,
			"50 points (95 % CI 2 to 70;"},
		{"means with diverged runs", at("test_error", 6), y, "<", 0, verdict.Undecided, "10 diverged"},
		{"before they diverged", change(at("test_error", 6), func(t *study.Term) { t.Epoch = 1 }), value(0.4), "<", 0, verdict.Held,
			"20 runs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := verdictIn(t, results, study.Expectation{Text: c.name, Lhs: side(c.lhs), Rhs: side(c.rhs), Relation: c.relation,
				Margin: c.margin})
			said := plainSpaces(strings.Join(append(append(numbersOf(got), got.Because), got.Warnings...), "\n"))
			if got.Outcome != c.want || !strings.Contains(said, c.words) {
				t.Errorf("%s, want %s with %q in:\n%s", got.Outcome, c.want, c.words, said)
			}
			if (got.Because == "") != (got.Outcome != verdict.Undecided) {
				t.Errorf("%s because %q", got.Outcome, got.Because)
			}
			if strings.Contains(said, "NaN") || strings.Contains(said, "%!") || strings.Contains(said, "  ") {
				t.Errorf("words: %s", said)
			}
		})
	}
}

// A claim about the end says nothing while runs are missing from a mean, and
// names how many and why; one about an epoch that they have reached does.
func TestVerdictsWithRunsMissing(t *testing.T) {
	t.Parallel()
	for status, end := range map[store.Status]verdict.Outcome{
		store.Done: verdict.Held, store.Pruned: verdict.Undecided, store.Diverged: verdict.Undecided, store.Failed: verdict.Undecided,
		store.Interrupted: verdict.Undecided, store.Running: verdict.Undecided,
	} {
		n := newNight("missing", "")
		n.errors(0.1, 0, sampleX...)
		n.errors(1, 0, sampleY...)
		n.results[7].Run.Status = status
		claim := study.Expectation{Lhs: side(at("test_error", 0.1)), Rhs: side(at("test_error", 1)), Relation: ">"}
		got := verdictOn(t, n, claim)
		if got.Outcome != end || end == verdict.Undecided && !strings.Contains(got.Because,
			fmt.Sprintf("of the 5 runs of lr=1, 1 %s:", status)) {
			t.Errorf("%s: %s because %q", status, got.Outcome, got.Because)
		}
		claim.Lhs.Terms[0].Epoch, claim.Rhs.Terms[0].Epoch = 1, 1
		if got := verdictOn(t, n, claim); got.Outcome != verdict.Held {
			t.Errorf("%s, at an epoch before: %s because %q", status, got.Outcome, got.Because)
		}
	}
}

// The best cell is that with the lowest mean on validation, whatever its test
// error; while some are not finished there is none.
func TestBestOfClaims(t *testing.T) {
	t.Parallel()
	n := newNight("best", "")
	n.errors(0.1, 0, sampleX...) // higher on test, lower on validation
	n.errors(1, 0, sampleY...)
	claim := study.Expectation{Lhs: side(study.Term{Number: 1, Measure: "test_error", Epoch: -1, Best: true}),
		Rhs:      side(value(0.9741)),
		Relation: ">"}
	got := verdictOn(t, n, claim)
	if got.Outcome != verdict.Held ||
		!strings.HasPrefix(plainSpaces(numbersOf(got)[0]), "Test error at the best on validation (lr=0.1): 97.56 % (95 % CI") {
		t.Errorf("%s: %q", got.Outcome, numbersOf(got))
	}
	n.results[9].Run.Status = store.Interrupted
	if got := verdictOn(t, n, claim); got.Outcome != verdict.Undecided || !strings.Contains(got.Because, "before the 1 run left") ||
		len(numbersOf(got)) > 0 {
		t.Errorf("%s because %q with %q", got.Outcome, got.Because, numbersOf(got))
	}
	n.results[9].Run.Status = store.Pruned
	if got := verdictOn(t, n, claim); got.Outcome != verdict.Held ||
		!strings.Contains(strings.Join(got.Warnings, " "), "1 run pruned") {
		t.Errorf("%s: %q", got.Outcome, got.Warnings)
	}
}

// Every measure that a study file may claim something about is found: the names
// are those of the documentation, which is that of the parser.
func TestEveryMeasure(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/study-file.md")
	if err != nil {
		t.Fatal(err)
	}
	_, generated, _ := strings.Cut(string(text), "<!-- generated: measures -->")
	generated, _, _ = strings.Cut(generated, "<!-- end -->")
	lines := regexp.MustCompile("(?m)^\\| (`.*?`) \\|.*\\| (.*) \\|$").FindAllStringSubmatch(generated, -1)
	n := newNight("measures", "")
	n.errors(0.1, 0, sampleX...)
	for i, r := range n.results {
		one := func() store.Metrics {
			return store.Metrics{Loss: known(1), Error: known(1), MSE: known(1), NLL: known(1), Brier: known(1), ECE: known(1)}
		}
		r.Run.Train, r.Run.Valid, r.Run.Test = one(), one(), one()
		n.results[i] = r
	}
	r := mustRead(t, n)
	count := 0
	for _, line := range lines {
		for _, name := range strings.Split(strings.ReplaceAll(line[1], "`", ""), ", ") {
			if _, computed := metric.DerivedNamed(name); computed || name == study.UnitCorrelation {
				continue // of stored outputs or weights, which these runs have not
			}
			count++
			term := at(strings.TrimPrefix(name, "activation_"), 0.1) // which has another name in the database
			if strings.Contains(line[2], "layer") {
				term.Layer = 1
			}
			got := verdictIn(t, r, study.Expectation{Lhs: side(term), Rhs: side(value(1e6)), Relation: "<"})
			if n, _, _ := got.Operands[0].Estimate(); n != 5 || got.Outcome != verdict.Held {
				t.Errorf("%s: %s over %d values: %s", name, got.Outcome, n, got.Because)
			}
			if strings.HasPrefix(got.Words, name+" at") {
				t.Errorf("%s has no words", name)
			}
		}
	}
	if count < 28 {
		t.Errorf("%d measures in the documentation", count)
	}
}
