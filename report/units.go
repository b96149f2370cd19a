package report

import (
	"nightshift/internal/verdict"
	"nightshift/report/stat"
)

// design is what the seeds of the cell's finished runs amount to.
func (c *cell) design() stat.Design { return stat.Classify(runsOf(c.Finished(), nil)) }

// unitsOf words what is one repeat of some cells, and how many there are: "20 runs,
// init and order together, one training set". Cells without a finished run have none.
func unitsOf(cells []*cell) string {
	var designs []stat.Design
	for _, c := range cells {
		if d := c.design(); d.Units() > 0 {
			designs = append(designs, d)
		}
	}
	return verdict.UnitWords(designs...)
}
