package report

import "slices"

// dataWarnings are what was doubtful about the files that the runs were trained
// on, each once.
func (r *results) dataWarnings() []string {
	var all []string
	for _, b := range r.blocks {
		for _, c := range b.cells {
			for _, w := range c.Data.Warnings {
				if !slices.Contains(all, w) {
					all = append(all, w)
				}
			}
		}
	}
	return all
}
