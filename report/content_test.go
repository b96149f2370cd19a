package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

func one(t *testing.T, all []figure.Figure, name string) figure.Figure {
	t.Helper()
	at := slices.IndexFunc(all, func(f figure.Figure) bool { return f.Name == name })
	if at < 0 {
		var names []string
		for _, f := range all {
			names = append(names, f.Name)
		}
		t.Fatalf("no figure %s among %q", name, names)
	}
	return all[at]
}

func series(f figure.Figure, panel, label string) figure.Series {
	for _, p := range f.Panels {
		for _, s := range p.Series {
			if p.Title == panel && s.Label == label {
				return s
			}
		}
	}
	return figure.Series{}
}

// Means and bands are those of the finished runs, computed here from what was
// put into the store; diverged runs are drawn, marked and left out of them.
func TestCurvesContent(t *testing.T) {
	t.Parallel()
	n := full()
	f := one(t, build(t, mustRead(t, n), "curves"), "curves-error-glyphs")
	for _, lr := range []string{"0.1", "10"} {
		s := series(f, "lr="+lr, "softmax+ce, test")
		var values []float64
		diverged := 0
		for _, r := range n.results {
			if !strings.HasSuffix(r.Run.Label, "softmax+ce, lr="+lr) {
				continue
			}
			if r.Run.Status == store.Diverged {
				diverged++
				continue
			}
			values = append(values, 100*r.Epochs[5].Test.Error.V)
		}
		want := stat.Describe(values)
		got := s.Means[5]
		if got.X != 5 || math.Abs(got.Y-want.Mean) > 1e-12 || math.Abs(got.Interval.Hi-want.CI.Hi) > 1e-12 {
			t.Errorf("lr %s at epoch 5: %+v, want %+v", lr, got, want)
		}
		marked := 0
		for _, one := range s.Repeats {
			if one.Ended == figure.Diverged {
				marked++
			}
		}
		if marked != diverged || len(s.Repeats) != len(values)+diverged {
			t.Errorf("lr %s: %d of %d lines marked, %d diverged", lr, marked, len(s.Repeats), diverged)
		}
	}
	if !slices.ContainsFunc(f.Warnings, func(w string) bool { return strings.Contains(w, "3 of 40 runs diverged") }) {
		t.Errorf("the diverged runs are not counted: %q", f.Warnings)
	}
}

func TestLearningRateContent(t *testing.T) {
	t.Parallel()
	r := mustRead(t, full())
	r.declared.Figures = []study.Figure{{Kind: "lr"}} // beside the figure of pairs it compares nothing
	f := one(t, build(t, r, "lr"), "lr-glyphs")
	for _, words := range []string{"sigmoid+mse: lr 1 is best on validation", "softmax+ce: lr 0.1 is best on validation",
		"points (95\u00a0% CI 2.05 to 3.72), p = 0.00065", "Each over 5 runs, init and order together, one training set"} {
		if !strings.Contains(f.Statement, words) {
			t.Errorf("the statement does not say %q: %s", words, f.Statement)
		}
	}
	if len(f.Panels[0].Marks) != 1 || f.Panels[0].Marks[0].Label != "3/5" {
		t.Errorf("marks %+v", f.Panels[0].Marks)
	}

	narrow := newNight("narrow", "")
	narrow.glyphs(5, 0.1, 1)
	f = one(t, build(t, mustRead(t, narrow), "lr"), "lr")
	for _, optimum := range []string{"sigmoid+mse: the best learning rate, 1, lies on the edge",
		"softmax+ce: the best learning rate, 0.1, lies on the edge"} {
		if !slices.ContainsFunc(f.Warnings, func(w string) bool { return strings.HasPrefix(w, optimum) }) {
			t.Errorf("not flagged: %s: %q", optimum, f.Warnings)
		}
	}
}

// The best cell on test is worse on validation: it is not chosen.
func TestChoiceIgnoresTest(t *testing.T) {
	t.Parallel()
	n := newNight("choice", "")
	n.glyphs(3, 0.01, 0.1, 1)
	for i, r := range n.results {
		if strings.HasSuffix(r.Run.Label, "lr=0.01") {
			n.results[i].Run.Test.Error.V = 0
		}
	}
	r := mustRead(t, n)
	if c := r.choose(r.blocks[0].cells); c.Label != "softmax+ce, lr=0.1" {
		t.Errorf("chosen: %s", c.Label)
	}
	some := func(labels ...string) (cells []*cell) {
		for _, c := range r.blocks[0].cells {
			if slices.Contains(labels, c.Label) {
				cells = append(cells, c)
			}
		}
		return cells
	}
	for _, c := range []struct{ with, want string }{{"softmax+ce, lr=0.1", "Chosen on validation, softmax+ce, lr=0.1: "},
		{"sigmoid+mse, lr=0.1", "Chosen on validation among the cells of this figure, "}} {
		if text := r.blocks[0].endings(r, some("softmax+ce, lr=0.01", c.with), measures["error"]); !strings.HasPrefix(text, c.want) {
			t.Errorf("of a figure with %s: %s", c.with, text)
		}
	}
	for i := range n.results {
		n.results[i].Run.Valid = store.Metrics{}
	}
	n.study.Select = "valid_error"
	r = mustRead(t, n)
	if c := r.choose(r.blocks[0].cells); c != nil {
		t.Errorf("chosen without a validation split: %s", c.Label)
	}
	for _, f := range build(t, r, "lr") {
		if !strings.Contains(f.Statement, "no validation split") {
			t.Errorf("statement %q", f.Statement)
		}
	}
}

// A cell that loses runs is not chosen over one that keeps them all.
func TestChoicePrefersWhatConverges(t *testing.T) {
	t.Parallel()
	n := newNight("survivors", "")
	n.glyphs(4, 0.1, 1)
	for i, r := range n.results {
		if r.Run.Label == "softmax+ce, lr=0.1" && r.Run.SeedInit == 0 {
			n.results[i].Run.Status = store.Diverged
		}
	}
	r := mustRead(t, n)
	if c := r.choose(r.blocks[0].cells); c.Label != "sigmoid+mse, lr=1" {
		t.Errorf("chosen: %s", c.Label)
	}
}

// Bias² and variance come back within their own error bars.
func TestBiasVarianceContent(t *testing.T) {
	t.Parallel()
	f := one(t, build(t, mustRead(t, full()), "bias-variance"), "bias-variance-sine1d")
	for label, want := range map[string]func(float64) float64{
		"bias²": sineBias2, "variance": sineVariance,
		"risk":  func(w float64) float64 { return sineNoise + sineBias2(w) + sineVariance(w) },
		"noise": func(float64) float64 { return sineNoise },
	} {
		s := series(f, "", label)
		if len(s.Means) != 6 {
			t.Fatalf("%s has %d points", label, len(s.Means))
		}
		for _, m := range s.Means {
			slack := 1e-9
			if m.Interval.Known() {
				slack = 1.5 * (m.Interval.Hi - m.Y)
			}
			if math.Abs(m.Y-want(m.X)) > slack {
				t.Errorf("%s at width %g is %.4f in %v, want %.4f", label, m.X, m.Y, m.Interval, want(m.X))
			}
		}
	}
	risk, areas := series(f, "", "risk"), f.Panels[1].Series
	for i, m := range risk.Means { // the parts, one upon the other, reach up to it
		top := 0.0
		for _, s := range areas {
			top += s.Means[i].Y
		}
		if len(areas) != 3 || f.Panels[1].Y.Log || math.Abs(top-m.Y) > 1e-9 {
			t.Errorf("%d areas reach up to %g, the risk is %g", len(areas), top, m.Y)
		}
	}
	if f.Title != "From width 1 to 32: bias² falls, variance rises (sine1d)" {
		t.Errorf("title %q", f.Title)
	}
}

// Probabilities of classes: with the same distribution p for every training
// set but a flip between two, bias² and variance are those of science's closed
// form for p̄.
func TestBiasVarianceOfClasses(t *testing.T) {
	t.Parallel()
	// The three distributions (.7,.2,.1), (.5,.3,.2), (.2,.5,.3) with class 0:
	// risk .5, plug-in bias² .435556 and plug-in variance .064444, so the
	// unbiased variance is .064444·3/2 and the bias² .5 - .096667.
	n := newNight("classes", "")
	n.datasets["blobs"] = store.Dataset{ID: "blobs", Out: 3, In: 2, Classes: []string{"a", "b", "c"}, TestLabels: []int32{0},
		Spec: []byte("{}")}
	for width := 1; width <= 2; width++ {
		for set, p := range [][]float64{{0.7, 0.2, 0.1}, {0.5, 0.3, 0.2}, {0.2, 0.5, 0.3}} {
			c := study.Config{}
			c.Data.Set, c.Output, c.Loss, c.Hidden = "blobs", "softmax", "ce", []int{width}
			r := n.add([]study.AxisValue{{Axis: "width", Label: figure.Decimal(float64(width)), Value: width}}, c,
				study.Seeds{Data: uint64(set)})
			logits := []float32{float32(math.Log(p[0])), float32(math.Log(p[1])), float32(math.Log(p[2]))}
			n.finish(r, store.Done, n.learning(3, 1, 0.1, 1, false), logits)
		}
	}
	f := one(t, build(t, mustRead(t, n), "bias-variance"), "bias-variance")
	for label, want := range map[string]float64{"risk": 0.5, "variance": 0.06444444444 * 1.5,
		"bias² + noise": 0.5 - 0.06444444444*1.5} {
		s := series(f, "", label)
		if len(s.Means) != 2 || math.Abs(s.Means[0].Y-want) > 1e-6 {
			t.Errorf("%s is %+v, want %.6f", label, s.Means, want)
		}
	}
}

func TestSeedsContent(t *testing.T) {
	t.Parallel()
	n := oneCell()
	f := one(t, build(t, mustRead(t, n), "seeds"), "seeds")
	var losses []float64
	for _, r := range n.results {
		losses = append(losses, r.Run.Train.Loss.V)
	}
	d := stat.Describe(losses)
	write := number.Digits(d.SD, d.SDCI)
	for _, words := range []string{"Over 20 runs, init and order together, one training set, the", "SD of single runs " + write(d.SD),
		"95 % CI " + write(d.SDCI.Lo) + " to " + write(d.SDCI.Hi) + ", chi-square"} {
		if !strings.Contains(plainSpaces(f.Statement), words) {
			t.Errorf("the statement does not say %q: %s", words, f.Statement)
		}
	}
	if rows := len(f.Panels[0].Y.Categories); rows != 21 || len(f.Panels) != 2 {
		t.Errorf("%d panels with %d rows", len(f.Panels), rows)
	}
}

func TestPairsContent(t *testing.T) {
	t.Parallel()
	f := one(t, build(t, mustRead(t, full()), "pairs"), "pairs-glyphs")
	if len(f.Panels) != 2 || !strings.Contains(f.Panels[0].Title, "0.1") ||
		!strings.Contains(f.Panels[1].Title, "sigmoid+mse lr=1; softmax+ce lr=0.1") {
		t.Errorf("panels %q and %q", f.Panels[0].Title, f.Panels[len(f.Panels)-1].Title)
	}
	if f.Panels[0].Y.Label != "test error (%)" {
		t.Errorf("axis %q: losses of different kinds cannot be compared", f.Panels[0].Y.Label)
	}
}

func TestFewSeedsWarn(t *testing.T) {
	t.Parallel()
	for _, f := range build(t, mustRead(t, oneSeed()), "curves") {
		if !slices.ContainsFunc(f.Warnings, func(w string) bool { return strings.Contains(w, "one finished run only") }) {
			t.Errorf("%s: warnings %q", f.Name, f.Warnings)
		}
		for _, p := range f.Panels {
			for _, s := range p.Series {
				for _, m := range s.Means {
					if m.Interval.Known() {
						t.Fatalf("%s: an interval from one run: %+v", f.Name, m)
					}
				}
			}
		}
	}
	crossed := build(t, mustRead(t, nested()), "curves")[0]
	if !strings.Contains(crossed.Key, "6 training sets × 2 initialisations, crossed") ||
		!slices.ContainsFunc(crossed.Warnings, func(w string) bool { return strings.Contains(w, "two seeds of one stream") }) {
		t.Errorf("crossed seeds: key %q, warnings %q", crossed.Key, crossed.Warnings)
	}
}
