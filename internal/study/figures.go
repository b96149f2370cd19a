package study

import "slices"

// Figures lists what a report can show, and what each is. A report's own table
// has the same names.
func Figures() [][2]string {
	return [][2]string{
		{"pairs", "the rows of a paired axis against each other"},
		{"lr", "the error against the learning rate"},
		{"curves", "learning curves with intervals"},
		{"seeds", "what the seeds do"},
		{"bias-variance", "bias and variance over data seeds"},
		{"capacity", "training and validation error against the size of the network"},
		{"dead", "dead units over the epochs, and the error against their share"},
	}
}

// figures reads which of them the report shows.
func (d *decoder) figures(n *node) []string {
	report := d.part(n, "report", mapping, "{figures: [curves, seeds]}")
	if report == nil {
		return nil
	}
	d.known(report, " in report", reportKeys)
	list := d.part(report, "figures", list, "[curves, seeds]")
	if list == nil {
		return nil
	}
	if len(list.items) == 0 {
		d.add(list.at, "figures is empty; leave it out for every figure that the data can support")
	}
	var known, chosen []string
	for _, f := range Figures() {
		known = append(known, f[0])
	}
	for _, item := range list.items {
		switch {
		case item.kind != scalar || item.null():
			d.add(item.at, "a figure is a word; found %v", item)
		case !slices.Contains(known, item.text):
			hint := Suggest(item.text, known)
			if hint == "" {
				hint = "; there are " + join(known)
			}
			d.add(item.at, "unknown figure %q%s", item.text, hint)
		case slices.Contains(chosen, item.text):
			d.add(item.at, "figure %s is given twice", item.text)
		default:
			chosen = append(chosen, item.text)
		}
	}
	return chosen
}
