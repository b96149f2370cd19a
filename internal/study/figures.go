package study

import (
	"slices"

	"nightshift/internal/study/source"
)

// figures reads which of them the report shows.
func (d *decoder) figures(n *source.Node) []string {
	report := d.part(n, "report", source.Mapping, "{figures: [curves, seeds]}")
	if report == nil {
		return nil
	}
	d.known(report, " in report", reportKeys)
	list := d.part(report, "figures", source.List, "[curves, seeds]")
	if list == nil {
		return nil
	}
	if len(list.Items) == 0 {
		d.Add(list.At, "figures is empty; leave it out for every figure that the data can support")
	}
	var known, chosen []string
	for _, f := range Figures() {
		known = append(known, f[0])
	}
	for _, item := range list.Items {
		switch {
		case item.Kind != source.Scalar || item.Null():
			d.Add(item.At, "a figure is a word; found %v", item)
		case !slices.Contains(known, item.Text):
			hint := source.Suggest(item.Text, known)
			if hint == "" {
				hint = "; there are " + source.Join(known)
			}
			d.Add(item.At, "unknown figure %q%s", item.Text, hint)
		case slices.Contains(chosen, item.Text):
			d.Add(item.At, "figure %s is given twice", item.Text)
		default:
			chosen = append(chosen, item.Text)
		}
	}
	return chosen
}
