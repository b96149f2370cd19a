package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// planned is a run of a hand-made cell: its seeds, its test error and the digest of
// its weights.
type planned struct {
	data, init, order uint64
	err               float64
	digest            string
}

// cellOf adds a cell at a learning rate with these runs. Validation is a point below
// test, and training at half of it.
func (n *night) cellOf(lr float64, runs ...planned) {
	labels := make([]int32, 1000)
	n.datasets["glyphs"] = store.Dataset{ID: "glyphs", Out: 2, In: 2, Classes: []string{"a", "b"}, TestLabels: labels,
		Spec: []byte("{}")}
	for _, p := range runs {
		c := study.Config{Data: dataset.Spec{Set: "glyphs"}}
		c.LR, c.Output, c.Loss = lr, "softmax", "ce"
		r := n.add([]study.AxisValue{{Axis: "lr", Label: figure.Decimal(lr), Value: lr}}, c,
			study.Seeds{Data: p.data, Init: p.init, Order: p.order})
		r.Digest = p.digest
		at := func(v float64) store.Metrics { return store.Metrics{Loss: known(v), Error: known(v)} }
		epochs := []store.Epoch{{Train: at(0.9), Valid: at(0.9), Test: at(0.9)},
			{Epoch: 1, Train: at(p.err / 2), Valid: at(p.err - 0.01), Test: at(p.err)}}
		n.finish(r, store.Done, epochs, nil)
	}
}

// Hand-made designs of seeds with what the mean and its interval have to be, by the
// closed forms: of independent runs, of means of training sets, of two-way random effects.
func TestUnits(t *testing.T) {
	t.Parallel()
	together := func(errs ...float64) (runs []planned) {
		for i, e := range errs {
			runs = append(runs, planned{init: uint64(i), order: uint64(i), err: e})
		}
		return runs
	}
	var crossed, nested []planned
	sets := []float64{0.10, 0.12, 0.17, 0.13}
	for d, e := range sets {
		for s, off := range []float64{-0.01, 0, 0.01} {
			crossed = append(crossed, planned{data: uint64(d), init: uint64(s), err: e + off})
			nested = append(nested, planned{data: uint64(d), init: uint64(3*d + s), err: e + off})
		}
	}
	copies := together(0.1, 0.1, 0.1, 0.2, 0.25)
	for i := range copies {
		copies[i].digest = fmt.Sprint("network of error ", copies[i].err)
	}
	one := together(0.1, 0.1, 0.1, 0.1)
	for i := range one {
		one[i].digest = "the same"
	}
	for _, c := range []struct {
		name string
		runs []planned
		want []float64 // whose t interval it is; nil for none
		se   float64   // where it is not theirs
		unit string
	}{
		{"together", together(0.1, 0.12, 0.15), []float64{10, 12, 15}, 0, "3 runs, init and order together, one training set"},
		{"nested", nested, []float64{10, 12, 17, 13}, 0, "4 training sets with 3 runs of their own each"},
		// Without interaction MS_AB = 0: the variance of the mean is that of the rows and of the columns.
		{"crossed", crossed, []float64{10, 12, 17, 13}, math.Sqrt(math.Pow(stat.Describe([]float64{10, 12, 17, 13}).SD, 2)/4 + 1./3),
			"4 training sets × 3 initialisations, crossed"},
		{"copies", copies, []float64{10, 20, 25}, 0, "3 runs, init and order together, one training set, copies counted once"},
		{"one network", one, nil, 0, "one network, trained more than once: no repeat"},
		{"two", together(0.1, 0.12), nil, 0, "2 runs, init and order together, one training set"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNight("units", "")
			n.cellOf(0.1, c.runs...)
			r := mustRead(t, n)
			e := r.cells[0].estimate(test, measures["error"])
			if got := unitsOf(r.cells); got != c.unit {
				t.Errorf("unit %q, want %q", got, c.unit)
			}
			if c.want == nil {
				if e.CI.Known() {
					t.Errorf("an interval %v", e.CI)
				}
			} else {
				d := stat.Describe(c.want)
				se := c.se
				if se == 0 {
					se = d.SD / math.Sqrt(float64(d.N))
				}
				if math.Abs(e.Mean-d.Mean) > 1e-9 || math.Abs(e.SE-se) > 1e-9 {
					t.Errorf("mean %g ± %g, want %g ± %g", e.Mean, e.SE, d.Mean, se)
				}
			}
			for _, f := range slices.Concat(build(t, r, "curves"), build(t, r, "seeds")) {
				if said := f.Statement + f.Key; !strings.Contains(said, c.unit) {
					t.Errorf("%s does not name its unit: %s", f.Name, said)
				}
				noBarBelowThree(t, f, c.want == nil)
			}
		})
	}
}

// noBarBelowThree looks for intervals where there may be none.
func noBarBelowThree(t *testing.T, f figure.Figure, none bool) {
	t.Helper()
	for _, p := range f.Panels {
		for _, s := range p.Series {
			for _, m := range s.Means {
				if none && m.Interval.Known() {
					t.Errorf("%s: an interval at %+v", f.Name, m)
				}
			}
		}
	}
}

// Where the runs of a cell fall into two groups, no figure draws their mean, and the
// words give the share of each with Wilson's interval and the median.
func TestTwoOutcomes(t *testing.T) {
	t.Parallel()
	n := newNight("two", "")
	var runs []planned
	for i := range uint64(20) {
		e := 0.02 + 0.0002*float64(i)
		if i >= 12 {
			e = 0.5 + 0.0002*float64(i)
		}
		runs = append(runs, planned{init: i, order: i, err: e})
	}
	n.cellOf(0.1, runs...)
	n.cellOf(1, runs[:12]...)
	n.cellOf(10, runs[:12]...)
	r := mustRead(t, n)
	w := stat.Wilson(12, 20)
	want := fmt.Sprintf("two outcomes, 12 of 20 near 2.11 %% (60 %%, 95 %% CI %.0f to %.0f) and 8 of 20 near", 100*w.Lo, 100*w.Hi)
	for _, kind := range []string{"curves", "seeds", "lr"} {
		for _, f := range build(t, r, kind) {
			said := plainSpaces(f.Statement + strings.Join(f.Warnings, " "))
			if f.Name != "curves-loss" && !strings.Contains(said, want) {
				t.Errorf("%s does not say %q: %s", f.Name, want, said)
			}
			if !strings.Contains(f.Key, "Where runs fall into two groups: their median (in outlines), without an interval.") {
				t.Errorf("%s: key %q", f.Name, f.Key)
			}
			for _, p := range f.Panels {
				for _, s := range p.Series {
					for _, m := range s.Means {
						value := m.Y
						if s.Along {
							value = m.X
						}
						if !m.Median && (value > 3 && value < 50 || value > 0.03 && value < 0.5 && value != 0.1) && kind != "curves" {
							t.Errorf("%s: a mean of two outcomes at %+v", f.Name, m)
						}
						if m.Median && m.Interval.Known() {
							t.Errorf("%s: a median with a bar: %+v", f.Name, m)
						}
					}
				}
			}
		}
	}
	if table := r.table(r.blocks[0], nil); !slices.ContainsFunc(table.Rows[0].Entries, func(e entry) bool {
		return e.Text == "two outcomes" && strings.HasPrefix(e.Small, "12 × 2.1")
	}) {
		t.Errorf("table row %+v", table.Rows[0])
	}
}

// Means of rates stay within 0 and 100 %.
func TestIntervalsAreClipped(t *testing.T) {
	t.Parallel()
	n := newNight("clipped", "")
	n.cellOf(0.1, planned{init: 0, err: 0}, planned{init: 1, err: 0}, planned{init: 2, err: 0.02})
	n.cellOf(1, planned{init: 0, err: 1}, planned{init: 1, err: 0.99}, planned{init: 2, err: 0.93})
	r := mustRead(t, n)
	for i, want := range []float64{0, 100} {
		ci := r.cells[i].estimate(test, measures["error"]).CI
		if ends := []float64{ci.Lo, ci.Hi}; ends[i] != want {
			t.Errorf("interval %v, want it to end at %g", ci, want)
		}
	}
}

// answering adds a cell whose runs get the first so many of the test examples wrong,
// with the outputs that say so.
func (n *night) answering(lr float64, examples int, wrong ...int) {
	labels := make([]int32, examples)
	n.datasets["glyphs"] = store.Dataset{ID: "glyphs", Out: 2, In: 2, Classes: []string{"a", "b"}, TestLabels: labels,
		Spec: []byte("{}")}
	for seed, count := range wrong {
		c := study.Config{Data: dataset.Spec{Set: "glyphs"}}
		c.LR, c.Output, c.Loss = lr, "softmax", "ce"
		r := n.add([]study.AxisValue{{Axis: "lr", Label: figure.Decimal(lr), Value: lr}}, c, study.Seeds{Init: uint64(seed)})
		outputs := make([]float32, 0, 2*examples)
		for i := range examples {
			if i < count {
				outputs = append(outputs, 0, 1)
			} else {
				outputs = append(outputs, 1, 0)
			}
		}
		rate := store.Metrics{Loss: known(0.1), Error: known(float64(count) / float64(examples))}
		n.finish(r, store.Done, []store.Epoch{{Epoch: 1, Train: rate, Valid: rate, Test: rate}}, outputs)
	}
}

// 0 wrong of 20 examples is 0 to 16 %, whatever the number of seeds: Wilson's
// interval 0 to z²/(20+z²). Where seeds and examples both vary, both parts are said.
func TestTestExamples(t *testing.T) {
	t.Parallel()
	n := newNight("examples", "")
	n.answering(0.1, 20, 0, 0, 0, 0, 0)
	r := mustRead(t, n)
	z2 := 1.959963984540054 * 1.959963984540054
	e := r.cells[0].estimate(test, measures["error"])
	if e.Mean != 0 || e.CI.Lo != 0 || math.Abs(e.CI.Hi-100*z2/(20+z2)) > 1e-9 {
		t.Errorf("0 of 20: %g in %v, want 0 to %g", e.Mean, e.CI, 100*z2/(20+z2))
	}
	if said := plainSpaces(measures["error"].words(e)); said != "0.0 % (95 % CI 0.0 to 16.1; "+
		"over seeds ±0.0, with the 20 test examples ±8.1)" {
		t.Errorf("0 of 20: %q", said)
	}

	n = newNight("both", "")
	n.answering(0.1, 100, 10, 12, 11, 13, 9)
	n.answering(1, 100, 20, 22, 21, 24, 23)
	r = mustRead(t, n)
	e = r.cells[0].estimate(test, measures["error"])
	over := stat.Describe([]float64{10, 12, 11, 13, 9})
	if half := (over.CI.Hi - over.CI.Lo) / 2; math.Abs(e.halfUnits-half) > 1e-9 || e.halfExamples <= half {
		t.Errorf("±%g over seeds, ±%g with examples; want ±%g and more", e.halfUnits, e.halfExamples, half)
	}
	for _, kind := range []string{"lr", "curves"} {
		f := build(t, r, kind)[0]
		if said := plainSpaces(f.Statement); !strings.Contains(said, "; over seeds ±2.0, with the 100 test examples ±6.2)") {
			t.Errorf("%s: %s", f.Name, said)
		}
	}
	if f := build(t, r, "lr")[0]; !strings.Contains(f.Key, "one training set, and over the test examples;") {
		t.Errorf("key %q", f.Key)
	}
}

// additive adds a width sweep whose runs err by an effect of their training set plus
// one of their initialisation. Crossed seeds share the initialisations.
func (n *night) additive(sets, inits []float64, crossed bool, widths ...int) {
	const points = 4
	n.datasets["sine1d"] = store.Dataset{ID: "sine1d", In: 1, Out: 1, Regression: true, NoiseVariance: 0.09,
		Spec: []byte("{}"), TestTruth: make([]float32, points), TestTargets: make([]float32, points)}
	for d, a := range sets {
		for s, b := range inits {
			for _, width := range widths {
				c := study.Config{Data: dataset.Spec{Set: "sine1d"}}
				c.Hidden, c.Output, c.Loss = []int{width}, "identity", "mse"
				seeds := study.Seeds{Data: uint64(d), Init: uint64(s)}
				if !crossed {
					seeds.Init = uint64(len(inits)*d + s)
				}
				r := n.add([]study.AxisValue{{Axis: "width", Label: fmt.Sprint(width), Value: width}}, c, seeds)
				off := float32(0.5 + a + b)
				at := store.Metrics{Loss: known(1), MSE: known(float64(off * off))}
				n.finish(r, store.Done, []store.Epoch{{Epoch: 1, Train: at, Valid: at, Test: at}}, []float32{off, off, off, off})
			}
		}
	}
}

// Predictions that are an effect of the training set plus one of the initialisation,
// off by 0.5, in closed form. Crossed: each effect has its variance, of their
// interaction there is none, and bias² is 0.25 less the variance of the mean. Nested,
// the same numbers are variances between and within sets.
func TestDecompositions(t *testing.T) {
	t.Parallel()
	sets, inits := []float64{-0.3, -0.1, 0.1, 0.3}, []float64{-0.2, 0, 0.2}
	ofSets, ofInits := math.Pow(stat.Describe(sets).SD, 2), math.Pow(stat.Describe(inits).SD, 2)
	for _, c := range []struct {
		name            string
		inits           []float64
		crossed         bool
		bias2, variance float64
		words           string
	}{
		{"crossed", inits, true, 0.25 - ofSets/4 - ofInits/3, ofSets + ofInits, "that of both together"},
		{"nested", inits, false, 0.25 - ofSets/4, ofSets + ofInits*(1-1./3), "the part of the training sets is"},
		// The one initialisation, off by 0.2, is part of the bias.
		{"one initialisation", []float64{0.2}, true, 0.49 - ofSets/4, ofSets, "the bias² holds the whole effect of these weights"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNight("additive", "")
			n.additive(sets, c.inits, c.crossed, 1, 2)
			f := build(t, mustRead(t, n), "bias-variance")[0]
			for label, want := range map[string]float64{"bias²": c.bias2, "variance": c.variance} {
				if got := series(f, "", label).Means[0].Y; math.Abs(got-want) > 1e-6 {
					t.Errorf("%s is %g, want %g", label, got, want)
				}
			}
			if said := strings.Join(f.Warnings, " "); !strings.Contains(said, c.words) {
				t.Errorf("%q is not said: %s", c.words, said)
			}
			if f.Title != "From width 1 to 2: bias² undecided, variance undecided" {
				t.Errorf("two equal widths: %q", f.Title)
			}
			if strings.Contains(f.Statement, "lowest") {
				t.Errorf("chosen on test: %s", f.Statement)
			}
		})
	}
}

// Pairing takes the runs that both cells have, all of them or some, else there is
// Welch's t; below three there is nothing.
func TestDifferences(t *testing.T) {
	t.Parallel()
	n := newNight("pairs", "")
	runs := func(first uint64, errs ...float64) (all []planned) {
		for i, e := range errs {
			all = append(all, planned{init: first + uint64(i), err: e})
		}
		return all
	}
	n.cellOf(0.1, runs(0, 0.10, 0.11, 0.13, 0.12, 0.17)...)
	n.cellOf(1, runs(1, 0.09, 0.12, 0.10, 0.13, 0.20)...) // shares seeds 1 to 4
	n.cellOf(2, runs(3, 0.30, 0.31)...)                   // shares seeds 3 and 4
	n.cellOf(3, runs(50, 0.09, 0.12, 0.10)...)            // shares none
	r := mustRead(t, n)
	for _, c := range []struct {
		other int
		want  stat.Difference
	}{
		{1, stat.Paired([]float64{11, 13, 12, 17}, []float64{9, 12, 10, 13})},
		{2, stat.Paired([]float64{12, 17}, []float64{30, 31})},
		{3, stat.Welch([]float64{10, 11, 13, 12, 17}, []float64{9, 12, 10})},
	} {
		d, err := r.difference(t.Context(), r.cells[0], r.cells[c.other], measures["error"])
		if err != nil || math.Abs(d.Mean-c.want.Mean) > 1e-9 || d.CI.Known() != c.want.CI.Known() ||
			d.CI.Known() && math.Abs(d.CI.Hi-c.want.CI.Hi) > 1e-9 || d.Method != c.want.Method {
			t.Errorf("against %s: %+v, want %+v (%v)", r.cells[c.other].Label, d.Difference, c.want, err)
		}
	}
}

// What had more configurations to choose from is not compared as tuned.
func TestUnfairTuning(t *testing.T) {
	t.Parallel()
	n := newNight("unfair", "")
	n.glyphs(5, 0.1, 1)
	drop := func(label string) bool { return label == "softmax+ce, lr=1" }
	n.members = slices.DeleteFunc(n.members, func(m store.StudyRun) bool { return drop(m.CellLabel) })
	n.runs = slices.DeleteFunc(n.runs, func(r store.Run) bool { return drop(r.Label) })
	n.results = slices.DeleteFunc(n.results, func(r store.Result) bool { return drop(r.Run.Label) })
	r := mustRead(t, n)
	const want = "Not compared as tuned: softmax+ce had 1 configuration to choose from, sigmoid+mse 2."
	for _, kind := range []string{"pairs", "lr"} {
		r.declared.Figures = []study.Figure{{Kind: kind}} // alone, so that it does not leave the comparison to the other
		for _, f := range build(t, r, kind) {
			if !strings.Contains(f.Statement, want) || strings.Contains(f.Statement, " minus ") || strings.HasPrefix(f.Title, "Tuned") {
				t.Errorf("%s: %s: %s", f.Name, f.Title, f.Statement)
			}
			for _, p := range f.Panels {
				if strings.HasPrefix(p.Title, "Tuned") {
					t.Errorf("%s: a panel %q", f.Name, p.Title)
				}
			}
		}
	}
}

// Two cells whose errors lie far apart have sure ranks, two equal ones have not; and
// the optimism is the point that test lies above validation.
func TestRanksAndOptimism(t *testing.T) {
	t.Parallel()
	n := newNight("ranks", "")
	errs := []float64{0.10, 0.11, 0.13, 0.12}
	for i, e := range errs {
		s := uint64(i)
		n.cellOf(0.1, planned{init: s, err: e})
		n.cellOf(1, planned{init: s, err: e + 0.5})
		n.cellOf(2, planned{init: s, err: errs[(i+1)%4]})
	}
	r := mustRead(t, n)
	c := r.cells
	ranks := func(a, b *cell) ([][]float64, error) {
		p, _, err := r.Ranks(t.Context(), []*verdict.Cell{a.Cell, b.Cell}, "test_error", draws, rand.New(rand.NewPCG(1, 1)))
		return p, err
	}
	p, err := ranks(c[0], c[1])
	if err != nil || p[0][0] != 1 || p[1][0] != 0 {
		t.Errorf("far apart: %v, %v", p, err)
	}
	if p, err = ranks(c[0], c[2]); err != nil || math.Abs(p[0][0]-0.5) > 0.1 {
		t.Errorf("the same values in another order: %v", p)
	}
	text, _, err := compare(t.Context(), r, []*cell{c[0], c[1]}, []string{"a", "b"}, measures["error"])
	for _, words := range []string{"B minus a: 50.0 points", "Probability of the lowest test error: a above 99 %, b below 1 %",
		"Optimism of the choice, test minus validation of a: 1.00 points"} {
		if err != nil || !strings.Contains(plainSpaces(text), words) {
			t.Errorf("%q is not said: %s (%v)", words, text, err)
		}
	}
}

// A page about one training set says so, once, and how to widen it; one with several
// does not.
func TestOneTrainingSet(t *testing.T) {
	t.Parallel()
	if page := pageOf(t, mustRead(t, oneSeed())); strings.Count(page, "All cells were trained on one training set,") != 1 ||
		!strings.Contains(page, "seeds: {data: 5, init: 1, nested: true}") {
		t.Error("a page about one training set does not say so")
	}
	if page := pageOf(t, mustRead(t, nested())); strings.Contains(page, "trained on one training set") {
		t.Error("a page about several training sets speaks of one")
	}
	if page := pageOf(t, mustRead(t, full())); strings.Count(page, "All cells of glyphs were trained on one training set,") != 1 {
		t.Error("a page about both does not say which cells have one training set")
	}
}

// Axes that change together, runs that diverged and equal values on validation are said, and no title says more.
func TestTitlesSayNoMoreThanTheCells(t *testing.T) {
	t.Parallel()
	// Errors fall from cell to cell by so much; at one learning rate a run diverges where that is asked for.
	made := func(step float64, width, diverges bool) *night {
		n := newNight("said", "")
		for i, lr := range []float64{0.01, 0.1, 1} {
			var all []planned
			for s := range uint64(8) {
				all = append(all, planned{init: s, order: s, err: 0.3 - step*float64(i)*float64(8+s%3)/8})
			}
			n.cellOf(lr, all...)
			for k := len(n.members) - 8; k < len(n.members) && width; k++ {
				n.members[k].Axes = fmt.Appendf(nil, `[{"axis":"lr","label":"%g","value":%g},{"axis":"width","label":"%d","value":%d}]`, lr, lr, 4<<i, 4<<i)
			}
		}
		if diverges {
			n.results[9].Run.Status = store.Diverged
		}
		return n
	}
	title := func(n *night) string {
		r := mustRead(t, n)
		all, err := plots(t.Context(), r, r.blocks[0], plotOf("lr", "test_error"))
		if err != nil || len(all) != 1 {
			t.Fatal(len(all), err)
		}
		return all[0].Title
	}
	if got := title(made(0.05, false, false)); !strings.Contains(got, "falls") {
		t.Errorf("with nothing against it the title is %q", got)
	}
	if got := title(made(0.05, false, true)); strings.Contains(got, "falls") {
		t.Errorf("of survivors it is %q", got)
	}
	together := made(0.05, true, false)
	if got := title(together); strings.Contains(got, "falls") {
		t.Errorf("of axes that change together it is %q", got)
	}
	for words, n := range map[string]*night{
		"No two cells differ in learning rate or in width alone: they change together": together,
		"The same validation error: lr=0.1; lr=1; the one that stands first":           made(0, false, false),
	} {
		if page := pageOf(t, mustRead(t, n)); !strings.Contains(page, words) {
			t.Errorf("the page does not say: %s", words)
		}
	}
}
