package study

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nightshift/internal/metric"
)

// TestClaimsArePrinted: what is printed of any claim is read as the same.
func TestClaimsArePrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawClaim(t)
		if e.trivial() {
			t.Skip("its terms cancel")
		}
		s, err := readClaim(e.String())
		if err != nil {
			t.Fatalf("%v\nis refused: %v", e, err)
		}
		e.Text = s.Expect[0].Text
		if diff := cmp.Diff(e, s.Expect[0]); diff != "" {
			t.Fatalf("%v\nis read as another claim: %s", e, diff)
		}
		checkClaim(t, s)
	})
}

// drawClaim draws a claim about the cells of claimStudy.
func drawClaim(t *rapid.T) Expectation {
	stat := rapid.SampledFrom([]string{"", "", "share", "sd", "trend", "bias2", "variance_data", "disagreement", "barrier"}).Draw(t,
		"statistic")
	everywhere := rapid.Bool().Draw(t, "everywhere")
	e := Expectation{Everywhere: everywhere, Relation: rapid.SampledFrom([]string{"<", ">", "=", "reproduces"}).Draw(t, "relation")}
	number := rapid.Float64Range(0.1, 0.9)
	lr := rapid.SampledFrom([]string{"0.1", "1", "10"})
	e.Lhs.Terms = []Term{drawTerm(t, stat, "a, b", lr.Draw(t, "lr"), everywhere)}
	switch {
	case stat == "sd" && (e.Relation == "=" || e.Relation == "reproduces"), e.Relation == "reproduces" && stat != "":
		e.Relation = ">"
	case e.Relation == "reproduces":
		e.Rhs.Constant = number.Draw(t, "published")
		return e
	}
	if rapid.Bool().Draw(t, "against a number") {
		e.Lhs.Terms[0].Number = 1
		e.Rhs.Constant = number.Draw(t, "number")
	} else {
		e.Rhs.Terms = []Term{drawTerm(t, stat, "it's", lr.Draw(t, "lr"), everywhere)}
	}
	if stat != "sd" && stat != "share" {
		for range rapid.IntRange(0, 2).Draw(t, "more terms") {
			e.Lhs.Terms = append(e.Lhs.Terms, drawTerm(t, stat, "a, b", "1", everywhere))
		}
		e.Lhs.Constant = rapid.SampledFrom([]float64{0, 0, -1e-7, 1.5}).Draw(t, "constant")
	}
	if e.Relation == "=" {
		e.Margin = rapid.Float64Range(1e-9, 0.02).Draw(t, "margin")
		e.Because = rapid.SampledFrom([]string{"", "so", `a "quoted" word`, "it's, so (to say) = wide"}).Draw(t, "because")
	}
	return e
}

// drawTerm draws a term of a statistic; the axis width is open everywhere.
func drawTerm(t *rapid.T, stat, pair, lr string, everywhere bool) Term {
	x := Term{Number: rapid.SampledFrom([]float64{1, 1, 0.5, 3e7, 1e-9}).Draw(t, "factor"), Stat: stat, Epoch: -1,
		Where: []Place{{"pair", pair}}}
	if stat != "sd" && rapid.Bool().Draw(t, "negative") {
		x.Number = -x.Number
	}
	if stat != "trend" {
		x.Where = append(x.Where, Place{"lr", lr})
	} else {
		x.Axis = "lr"
	}
	switch {
	case everywhere:
	case stat != "trend" && rapid.Bool().Draw(t, "best"):
		x.Best = true
	default:
		x.Where = append(x.Where, Place{"width", "16"})
	}
	if x.alone() {
		x.Aligned = stat == "barrier" && rapid.Bool().Draw(t, "aligned")
		return x
	}
	m := rapid.SampledFrom(slices.DeleteFunc(Measures(), func(m Measure) bool {
		d, _ := metric.DerivedNamed(m.metric)
		return m.Name == "diverged" || d.Regression
	})).Draw(t, "measure")
	x.Measure = m.metric
	if m.Layered {
		x.Layer = 1
		if !m.Weights {
			x.Layer = rapid.IntRange(1, 2).Draw(t, "layer")
		}
	}
	if !m.Whole && rapid.Bool().Draw(t, "at an epoch") {
		x.Epoch = rapid.IntRange(1, 10).Draw(t, "epoch")
	}
	if stat == "share" {
		x.Relation = rapid.SampledFrom([]string{"<", ">"}).Draw(t, "property")
		x.Bound = rapid.Float64Range(-3, 3).Draw(t, "bound")
	}
	return x
}
