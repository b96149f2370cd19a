package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"nightshift/internal/study"
	"nightshift/report/figure"
)

// longLabel is how many bytes a label of an axis may have before figures shorten it.
const longLabel = 80

// shortLabels is what words of figures and tables go through: long labels of axes are shortened as those of cells are.
func (r *results) shortLabels() *strings.Replacer {
	labels := map[string][]string{}
	var all []string
	for _, c := range r.cells {
		for _, a := range c.Axes {
			if len(a.Label) > longLabel && !slices.Contains(labels[a.Axis], a.Label) {
				labels[a.Axis] = append(labels[a.Axis], a.Label)
				all = append(all, a.Label)
			}
		}
	}
	short := map[string]string{}
	for _, one := range labels {
		maps.Copy(short, study.ClipLabels(one))
	}
	// One that is the beginning of another comes after it.
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, long := range all {
		pairs = append(pairs, long, short[long], sentence(long), sentence(short[long]))
	}
	return strings.NewReplacer(pairs...)
}

// withShortLabels is the figure as it is drawn.
func withShortLabels(f figure.Figure, short *strings.Replacer) figure.Figure {
	all := func(texts []string) []string {
		texts = slices.Clone(texts)
		for i, t := range texts {
			texts[i] = short.Replace(t)
		}
		return texts
	}
	for _, text := range []*string{&f.Title, &f.Statement, &f.Alt, &f.Key} {
		*text = short.Replace(*text)
	}
	f.Warnings = all(f.Warnings)
	f.Panels = slices.Clone(f.Panels)
	for i := range f.Panels {
		p := &f.Panels[i]
		p.Title = short.Replace(p.Title)
		p.X.Categories, p.Y.Categories = all(p.X.Categories), all(p.Y.Categories)
		p.Series = slices.Clone(p.Series)
		for j := range p.Series {
			p.Series[j].Label = short.Replace(p.Series[j].Label)
		}
	}
	return f
}
