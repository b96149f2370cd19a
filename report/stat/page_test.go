package stat_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"nightshift/report/stat"
)

// TestStatisticsPage recomputes the worked examples of docs/statistics.md: each
// of its blocks "```example NAME" is what the function of that name writes.
func TestStatisticsPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/statistics.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, block := range regexp.MustCompile("(?s)```example (\\w+)\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		name, text := block[1], block[2]
		compute, known := workedExamples[name]
		if !known {
			t.Errorf("nothing computes the example %s", name)
			continue
		}
		seen[name] = true
		if got := compute(); got != text {
			t.Errorf("example %s of the page is\n%sand comes out as\n%s", name, text, got)
		}
	}
	for name := range workedExamples {
		if !seen[name] {
			t.Errorf("the page has no example %s:\n%s", name, workedExamples[name]())
		}
	}
}

// workedExamples write the examples of the page.
var workedExamples = map[string]func() string{
	"unit": exampleUnit, "copies": exampleCopies, "paired": examplePaired, "examples": exampleExamples, "zero": exampleZero,
	"outcomes": exampleOutcomes, "digits": exampleDigits, "family": exampleFamily, "looks": exampleLooks, "cost": exampleCost,
	"spend": exampleSpend, "equal": exampleEqual, "reproduces": exampleReproduces, "parts": exampleParts, "shares": exampleShares,
	"selection": exampleSelection,
}

// lines joins the lines of an example.
func lines(format string, args ...any) string {
	return fmt.Sprintf(strings.TrimPrefix(format, "\n"), args...)
}

// grid is a cell of crossed seeds with one value for each.
func grid(y [][]float64) (runs []stat.Run, all []float64) {
	for d, row := range y {
		for i, v := range row {
			runs = append(runs, stat.Run{Seeds: stat.Seeds{Data: uint64(d), Init: uint64(i)}, Value: v})
			all = append(all, v)
		}
	}
	return runs, all
}

// errorsOfSets are test errors in percent, a row for each training set.
var errorsOfSets = [][]float64{{12.1, 12.4, 12.0}, {14.2, 14.6, 14.3}, {11.6, 11.9, 11.7}, {13.5, 13.6, 13.1}, {12.6, 13.0, 12.8}}

func exampleUnit() string {
	runs, all := grid(errorsOfSets)
	independent := stat.Describe(all)
	crossed, design := stat.Mean(runs)
	return lines(`
set 0  12.1 12.4 12.0
set 1  14.2 14.6 14.3
set 2  11.6 11.9 11.7
set 3  13.5 13.6 13.1
set 4  12.6 13.0 12.8
as if 15 independent runs:  %.2f to %.2f
as what it is, %s, %d training sets x 3 initialisations:  %.1f to %.1f
`, independent.CI.Lo, independent.CI.Hi, design.Kind, len(design.Sets), crossed.CI.Lo, crossed.CI.Hi)
}

func exampleCopies() string {
	runs := make([]stat.Run, 10)
	for i := range runs {
		runs[i] = stat.Run{Seeds: stat.Seeds{Order: uint64(i)}, Digest: "one", Value: 12}
	}
	d := stat.Classify(runs)
	return lines(`
10 order seeds under batch: full:  %s, %d copies
`, d.Kind, len(d.Copies))
}

func examplePaired() string {
	x, y := []float64{97.50, 97.62, 97.41, 97.70, 97.55}, []float64{97.10, 97.35, 97.05, 97.45, 97.20}
	m, p, w := stat.Describe(x), stat.Paired(x, y), stat.Welch(x, y)
	return lines(`
A  97.50 97.62 97.41 97.70 97.55   mean %.2f, 95 %% interval %.2f to %.2f
B  97.10 97.35 97.05 97.45 97.20
A - B, paired by seed:    %.2f to %.2f, p = %.4f
A - B, as if unrelated:   %.2f to %.2f, p = %.4f
`, m.Mean, m.CI.Lo, m.CI.Hi, p.CI.Lo, p.CI.Hi, p.P, w.CI.Lo, w.CI.Hi, w.P)
}

// fiveRuns are five runs on 200 test examples: 10 that all get wrong, and four
// more each that the others get right.
func fiveRuns() stat.Errors {
	var e stat.Errors
	e.Wrong.Examples = 200
	for run := range 5 {
		wrong := make([]bool, 200)
		for j := range 10 {
			wrong[j] = true
		}
		for j := range 4 {
			wrong[10+4*run+j] = true
		}
		if run == 0 {
			wrong[50] = true
		}
		e.Runs = append(e.Runs, stat.Run{Seeds: stat.Seeds{Init: uint64(run), Order: uint64(run)}})
		e.Wrong.Rows = append(e.Wrong.Rows, stat.Pack(wrong))
	}
	return e
}

func exampleExamples() string {
	r := stat.ErrorRate(fiveRuns())
	return lines(`
5 runs, 200 test examples, 15 14 14 14 14 wrong, 10 of them the same in all runs
mean error %.2f %%; over seeds %.1f to %.1f %%; with the test examples %.1f to %.1f %%
`, 100*r.Mean, 100*r.OverUnits.CI.Lo, 100*r.OverUnits.CI.Hi, 100*r.CI.Lo, 100*r.CI.Hi)
}

func exampleZero() string {
	e := stat.Errors{Wrong: stat.Wrong{Examples: 20}}
	for run := range 5 {
		e.Runs = append(e.Runs, stat.Run{Seeds: stat.Seeds{Init: uint64(run), Order: uint64(run)}})
		e.Wrong.Rows = append(e.Wrong.Rows, stat.Pack(make([]bool, 20)))
	}
	r := stat.ErrorRate(e)
	return lines(`
5 runs, each with 0 of 20 wrong:  %.0f to %.0f %%
`, 100*r.CI.Lo, 100*r.CI.Hi)
}

func exampleOutcomes() string {
	values := []float64{0.011, 0.250, 0.012, 0.009, 0.252, 0.010, 0.013, 0.011}
	o, m := stat.TwoOutcomes(values, 1000), stat.Describe(values)
	return lines(`
1.1 25.0 1.2 0.9 25.2 1.0 1.3 1.1 %% of 1000 wrong
mean and t interval:  %.1f, from %.1f to %.1f %%
two outcomes: %v; %d of 8 near %.1f %% (a share of %.0f to %.0f %%), %d near %.1f %%
`, 100*m.Mean, 100*m.CI.Lo, 100*m.CI.Hi, o.Two, o.Low, 100*o.LowMedian, 100*o.LowShare.Lo, 100*o.LowShare.Hi, o.High,
		100*o.HighMedian)
}

func exampleDigits() string {
	printed := func(mean, half float64) string {
		n, _ := stat.Decimals(half)
		return fmt.Sprintf("%.*f ± %.*f", n, mean, n, half)
	}
	return lines(`
0.1371519 with a half-width of 0.00426:  %s
371.519 with a half-width of 12.34:      %s
`, printed(0.1371519, 0.00426), printed(371.519, 12.34))
}

func exampleFamily() string {
	plain := []float64{0.001, 0.008, 0.039, 0.041}
	h := stat.Holm(plain)
	return lines(`
p          %.3f %.3f %.3f %.3f
corrected  %.3f %.3f %.3f %.3f
`, plain[0], plain[1], plain[2], plain[3], h[0], h[1], h[2], h[3])
}

// differences are those of pairs of seeds, in points, in the order of the study.
var differences = []float64{0.42, 0.15, 0.61, 0.38, -0.05, 0.47, 0.22, 0.55, 0.09, 0.33, 0.41, 0.18, 0.52, 0.27, 0.36}

func exampleLooks() string {
	var b strings.Builder
	b.WriteString("0.42 0.15 0.61 0.38 -0.05 0.47 0.22 0.55 0.09 0.33 0.41 0.18 0.52 0.27 0.36\n")
	looks := stat.Anytime(differences)
	for _, n := range []int{5, 10, 15} {
		fixed, any := stat.Over(differences[:n], 0), looks[n-2]
		fmt.Fprintf(&b, "after %2d seeds: t, looked at once %5.2f to %.2f;  anytime %5.2f to %.2f\n", n, fixed.CI.Lo, fixed.CI.Hi,
			any.CI.Lo, any.CI.Hi)
	}
	return b.String()
}

func exampleCost() string {
	var b strings.Builder
	for _, sds := range []float64{2, 1, 0.5} {
		once, _ := stat.SeedsNeeded(sds, 1, 0.05)
		any, _ := stat.AnytimeNeeded(sds, 1, 0.05)
		fmt.Fprintf(&b, "a difference of %3v SD: %2d seeds looked at once, %2d when looked at after each\n", sds, once, any)
	}
	return b.String()
}

func exampleSpend() string {
	return lines(`
p = 0.01 at the first look counts %.2f, at the second %.2f, at the third %.2f
`, stat.Spend(0.01, 1), stat.Spend(0.01, 2), stat.Spend(0.01, 3))
}

func exampleEqual() string {
	close := []float64{0.04, -0.06, 0.02, 0.05, -0.03, 0.01, -0.02, 0.03}
	d := stat.Over(close, 0)
	return lines(`
0.04 -0.06 0.02 0.05 -0.03 0.01 -0.02 0.03 points
no difference: p = %.2f, which says nothing; within 0.2 points: p = %.6f, which does
within 0.02 points: p = %.2f
`, d.P, stat.Within(-0.2, 0.2, d), stat.Within(-0.02, 0.02, d))
}

func exampleReproduces() string {
	x := []float64{2.41, 2.36, 2.44, 2.35, 2.43}
	m, p := stat.Describe(x), stat.Prediction(x, 1)
	return lines(`
2.41 2.36 2.44 2.35 2.43
the mean lies in %.2f to %.2f, one more run in %.2f to %.2f
the published 2.33 lies in the first: %v; in the second: %v
`, m.CI.Lo, m.CI.Hi, p.Lo, p.Hi, m.CI.Contains(2.33), p.Contains(2.33))
}

func exampleParts() string {
	y := [][]float64{{1, 3}, {4, 4}, {6, 8}}
	f := make([][][]float64, len(y))
	for k, row := range y {
		for _, v := range row {
			f[k] = append(f[k], []float64{v})
		}
	}
	nested, err := stat.Decompose(f, []float64{2}, 0)
	crossed, err2 := stat.DecomposeCrossed(f, []float64{2}, 0)
	if err != nil || err2 != nil {
		return fmt.Sprintln(err, err2)
	}
	return lines(`
predictions at one point, where the truth is 2:  set 0: 1 3   set 1: 4 4   set 2: 6 8
nested   variance %.3f (training set %.3f, initialisation %.3f), bias² %.3f
crossed  variance %.3f (training set %.3f, initialisation %.3f, both %.3f), bias² %.3f
`, nested.Variance.Value, nested.Data.Value, nested.Init.Value, nested.Bias2.Value, crossed.Variance.Value, crossed.Data.Value,
		crossed.Init.Value, crossed.Interaction.Value, crossed.Bias2.Value)
}

func exampleShares() string {
	w := stat.Wilson(19, 20)
	return lines(`
19 of 20 runs solve it:  %.0f to %.0f %%
"more than 90 %%" needs %d runs, "more than 95 %%" %d
`, 100*w.Lo, 100*w.Hi, stat.RunsForShare(0.9), stat.RunsForShare(0.95))
}

func exampleSelection() string {
	return lines(`
the best of 5, 24 and 100 equal configurations is ahead by %.2f, %.2f and %.2f SD of its mean
`, stat.ExpectedMax(5), stat.ExpectedMax(24), stat.ExpectedMax(100))
}
