package report

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/stat"
)

// The claims come from the study file, stand on the page before anything else,
// and their numbers beside it.
func TestClaimsOnThePage(t *testing.T) {
	t.Parallel()
	n := newNight("claimed", "Does it hold?")
	n.study.YAML = `study: claimed
data: {set: glyphs}
grid: {lr: [0.1, 1]}
seeds: 5
expect:
  - test_error(lr=0.1) > test_error(lr=1)
  - test_error(lr=0.1) < test_error(lr=1)
  - 1.0 * test_error(lr=0.1) = test_error(lr=1) within 0.0038
`
	n.errors(0.1, 0, sampleX...)
	n.errors(1, 0, sampleY...)
	dir := t.TempDir()
	s, page := write(t, n, dir)
	if len(s.Verdicts) != 3 || s.Verdicts[0].Outcome != verdict.Held || s.Verdicts[1].Outcome != verdict.NotHeld ||
		s.Verdicts[2].Outcome != verdict.Undecided {
		t.Fatalf("claims %+v", s.Verdicts)
	}
	for _, words := range []string{
		"3 claims: 1 held, 1 not held, 1 undecided.", "They are one family: p values are corrected by Holm&#39;s method for the " +
			"whole list", "test_error(lr=0.1) &gt; test_error(lr=1)",
		"✓ held", "✗ not held", "</span> Test error at lr=0.1 is above test error at lr=1.",
		"equals test error at lr=1 within 0.38\u00a0points",
		"left minus right, points", "? undecided", "5 runs, init and order together, one training set",
		"the interval of the difference reaches over the margin",
	} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	if claims, figure := strings.Index(page, `id="answer"`), strings.Index(page, "<figure"); claims < 0 || figure < claims {
		t.Error("the claims do not come first")
	}
	file, err := os.Open(filepath.Join(dir, "expectations.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	column := func(name string) string { return rows[1][slices.Index(rows[0], name)] }
	for name, want := range map[string]float64{"difference": 0.00326, "low": 0.00247177, "high": 0.00404823,
		"left_mean": 0.97556, "n": 5} {
		var got float64
		if _, err := fmt.Sscan(column(name), &got); err != nil || math.Abs(got-want) > 1e-8 {
			t.Errorf("%s is %s, want %g", name, column(name), want)
		}
	}
	if column("method") != "paired" || column("verdict") != "held" || column("left_cell") != "lr=0.1" {
		t.Errorf("row %q", rows[1])
	}

	n.study.YAML = "study: [claimed"
	if _, page := write(t, n, t.TempDir()); !strings.Contains(page, "cannot read the stored study file") ||
		!strings.Contains(page, "<figure") {
		t.Error("a study file that cannot be read")
	}
}

// The intervals of all claims in one unit are drawn on one scale that holds them,
// zero and the margins; its labels are round numbers. Another unit has its own.
func TestClaimScale(t *testing.T) {
	t.Parallel()
	on := func(measure string, lo, hi, margin float64) verdict.Verdict {
		return verdict.Verdict{Operands: []verdict.Operand{{Term: study.Term{Measure: measure}}}, Estimate: (lo + hi) / 2,
			Interval: stat.Interval{Lo: lo, Hi: hi}, Margin: margin, Relation: "="}
	}
	verdicts := []verdict.Verdict{on("test_error", 0.01, 0.04, 0), on("valid_error", -0.02, 0.01, 0.06), on("test_mse", 5, 7, 0)}
	groups := showClaims(verdicts).Groups
	if len(groups) != 2 || len(groups[0].List) != 2 || len(groups[1].List) != 1 {
		t.Fatalf("groups %+v", groups)
	}
	first, second, other := groups[0].List[0].Bar, groups[0].List[1].Bar, groups[1].List[0].Bar
	if first.Zero != second.Zero || groups[0].Axis.Unit != "left minus right, points" ||
		groups[1].Axis.Unit != "left minus right, MSE" || other.Zero == first.Zero {
		t.Fatalf("bars %+v, %+v and %+v", first, second, other)
	}
	var labels []string
	for _, tick := range groups[0].Axis.Ticks {
		labels = append(labels, tick.Label)
	}
	if want := []string{"−5", "0", "5"}; !slices.Equal(labels, want) {
		t.Errorf("labels %q, want %q", labels, want)
	}
	// From -6 to 6 points over the width of 272: 3 points are 68.
	if first.Hi-first.Lo != 68 || second.Margin != 272 || second.From != barMargin || first.Numbers != "2.5 (1.0 to 4.0)" {
		t.Errorf("bars %+v and %+v", first, second)
	}
}

// Spreads are compared by their ratio, on a logarithmic scale around what it is held against; a verdict holds how much more it
// is.
func TestClaimScaleOfRatios(t *testing.T) {
	t.Parallel()
	sd := func(factor float64, right bool) verdict.Operand {
		return verdict.Operand{Term: study.Term{Stat: "sd", Measure: "test_error", Number: factor}, Right: right}
	}
	of := func(estimate, lo, hi float64) verdict.Verdict {
		return verdict.Verdict{Operands: []verdict.Operand{sd(1, false), sd(2, true)}, Relation: ">", Estimate: estimate,
			Interval: stat.Interval{Lo: lo, Hi: hi}}
	}
	groups := showClaims([]verdict.Verdict{of(2, -1, 6), of(3e9, 1, 4e10)}).Groups
	if len(groups) != 1 || groups[0].Axis.Unit != "left over right, ratio of SDs" || len(groups[0].Axis.Ticks) != 3 {
		t.Fatalf("groups %+v", groups)
	}
	// From 1 to 8, three times twice: 2 is a third of the way and 4 two.
	want := intervalBar{Zero: 104.7, Lo: 14, Hi: 286, Mean: 195.3, Numbers: "4.0 (1.0 to 8.0)", Of: "left over right, ratio of SDs"}
	if got := groups[0].List[0].Bar; got == nil || *got != want {
		t.Errorf("bar %+v, want %+v", got, want)
	}
	if got := groups[0].List[1].Bar; got != nil {
		t.Errorf("a ratio of billions is drawn: %+v", got)
	}
}
