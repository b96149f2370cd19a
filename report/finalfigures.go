package report

import (
	"slices"

	"nightshift/internal/study"
)

// finalFigures are, of a study whose claims chose no figure, those of the final quality on test: for each block one along an axis
// of numbers, or of the words of an axis, unless a kind shows it that the page has in any case.
func (r *results) finalFigures() (all []study.Figure) {
	for _, b := range r.blocks {
		f, ok := b.finalFigure(r)
		if ok && !slices.ContainsFunc(all, func(o study.Figure) bool { return o.Text == f.Text }) {
			all = append(all, f)
		}
	}
	return all
}

// finalFigure is that of one block. Words are ranked, and compared with those of the cell that validation chooses; where the figure
// of pairs has these differences, they are not said twice.
func (b *block) finalFigure(r *results) (study.Figure, bool) {
	if r.declared.Sampled || len(b.axes) == 0 {
		return study.Figure{}, false
	}
	x, hasWords := axis{}, false
	for _, a := range b.axes {
		switch {
		case a.values == nil:
			hasWords = true
		case a.name == lrAxis:
			return study.Figure{}, false // the figure of the learning rates has a line for each word
		}
		// Of numbers the one with most values, else the same of words.
		if better := len(a.labels) > len(x.labels); x.name == "" || x.values == nil && a.values != nil ||
			(x.values == nil) == (a.values == nil) && better {
			x = a
		}
	}
	term := study.Term{Number: 1, Measure: test.name + "_" + b.quality().key, Epoch: -1}
	f := study.Figure{Kind: "dots", Measures: []study.Term{term}, By: x.name, Epoch: -1}
	if x.values != nil {
		if !hasWords && slices.Contains(capacityAxes, x.name) && len(x.values) > 2 {
			return study.Figure{}, false // which the figure of the capacity shows
		}
		f.Kind, f.X, f.By = "plot", x.name, ""
	} else if c := r.choose(b.cells); c != nil && !b.comparesPairs(x) {
		f.Against = c.axisLabel(x.name)
	}
	f.Text = f.String()
	return f, true
}
