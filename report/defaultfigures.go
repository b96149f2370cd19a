package report

import (
	"slices"

	"nightshift/internal/study"
)

// mostOfClaims is how many figures the claims of a study choose.
const mostOfClaims = 3

// defaultFigures are the figures of a study that names none: first those of the axes that its claims speak of, or else of the final
// quality, then every kind that its data can support, and none that another one shows already.
func (r *results) defaultFigures() (all []study.Figure) {
	for _, e := range r.declared.Expect {
		f, ok := r.ofClaim(e)
		if ok && len(all) < mostOfClaims && !slices.ContainsFunc(all, func(o study.Figure) bool { return o.Text == f.Text }) {
			all = append(all, f)
		}
	}
	chosen := len(all)
	for _, k := range figureKinds {
		if k.name == "lr" && chosen == 0 { // behind the figure of pairs, which compares what they end with
			all = append(all, r.finalFigures()...)
		}
		if k.must == nil && k.measures == 0 && !k.named && !r.shownBy(all, k.name) {
			all = append(all, study.Figure{Kind: k.name, Text: k.name, Epoch: -1})
		}
	}
	return all
}

// shownBy says whether figures that claims chose show what a kind shows: the quality against the learning rate.
func (r *results) shownBy(all []study.Figure, kind string) bool {
	if kind != "lr" || len(r.cells) == 0 {
		return false
	}
	quality := test.name + "_" + r.cells[0].quality().key
	return slices.ContainsFunc(all, func(f study.Figure) bool { return f.X == lrAxis && f.Measures[0].Measure == quality })
}

// ofClaim is the figure of the axes that a claim speaks of: its measure along the one of numbers, with a line for each
// value of the one on which its cells differ; without numbers, the values ranked.
func (r *results) ofClaim(e study.Expectation) (study.Figure, bool) {
	terms := slices.Concat(e.Lhs.Terms, e.Rhs.Terms)
	if len(terms) == 0 || len(r.cells) == 0 {
		return study.Figure{}, false
	}
	t := terms[0]
	t.Number, t.Where, t.Axis = 1, nil, ""
	along := terms[0].Axis
	if t.Stat == "trend" {
		t.Stat = ""
	}
	f := study.Figure{Epoch: -1, Measures: []study.Term{t}}
	differs := differingAxis(terms)
	number := r.numbers(along, differs, terms)
	switch {
	case number != "":
		f.Kind, f.X = "plot", number
		if differs != number {
			f.Lines = differs
		}
	case differs != "":
		f.Kind, f.By = "dots", differs
	default:
		return study.Figure{}, false
	}
	f.Text = f.String()
	return f, true
}

// differingAxis is the one on which the cells of a claim differ; "" where there is none.
func differingAxis(terms []study.Term) string {
	for _, p := range terms[0].Where {
		for _, other := range terms[1:] {
			if slices.ContainsFunc(other.Where, func(q study.Place) bool { return q.Axis == p.Axis && q.Label != p.Label }) {
				return p.Axis
			}
		}
	}
	return ""
}

// numbers is the axis of numbers, with two values at least, that a figure goes along: of a trend, that on which the cells
// of a claim differ, or one that the claim names.
func (r *results) numbers(along, differs string, terms []study.Term) string {
	names := []string{along, differs}
	for _, t := range terms {
		for _, p := range t.Where {
			names = append(names, p.Axis)
		}
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		if x := newAxis(r.cells, name); len(x.values) > 1 {
			return name
		}
	}
	return ""
}
