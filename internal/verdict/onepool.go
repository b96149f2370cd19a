package verdict

import (
	"math"
	"slices"

	"nightshift/report/stat"
)

// poolRatio is how many test examples there are for each training example where the runs of operands draw both anew from one pool
// for each data seed, the most of several: by it their means are corrected (stat.OnePool). It is 0 where nothing is drawn anew,
// and NaN where no such correction is known.
func poolRatio(operands []Operand, d stat.Design) (ratio float64) {
	if !slices.Contains(d.Streams, "data") {
		return 0
	}
	for _, o := range operands {
		if o.Cell != nil {
			ratio = math.Max(ratio, o.Cell.Config.Data.TestRatio()) // NaN stays
		}
	}
	return ratio
}

// correctPool allows for the one pool that the runs of operands draw from.
func (e *Estimate) correctPool(operands []Operand) {
	switch ratio := poolRatio(operands, e.Design); {
	case ratio > 0:
		e.Difference, e.OverUnits = stat.OnePool(e.Difference, ratio), stat.OnePool(e.OverUnits, ratio)
	case math.IsNaN(ratio) && e.Difference.CI.Known():
		e.Difference.Warnings = append(e.Difference.Warnings, "runs draw from one pool and share examples, and no correction is "+
			"known for how they do: for another pool the interval is too narrow, and p too small")
	}
}
