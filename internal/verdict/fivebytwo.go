package verdict

import (
	"nightshift/report/stat"
)

// FiveByTwo tests two cells that are trained on halves of one pool (resample: folds,
// folds: 2) by the first five repetitions, whose data seeds are 0 to 9. It says no where
// one of these has no result of a metric on test.
func FiveByTwo(a, b *Cell) (t stat.FiveByTwo, ok bool) {
	m := a.Quality()
	errors := func(c *Cell) (halves [10]float64, ok bool) {
		if d := c.Config.Data; d.Resample != "folds" || d.Folds != 2 {
			return halves, false
		}
		var n [10]float64
		for _, one := range c.Finished() {
			if v := one.Test.At(m); one.SeedData < 10 && isFinite(v) {
				halves[one.SeedData] += v.V
				n[one.SeedData]++
			}
		}
		for i := range halves {
			if n[i] == 0 {
				return halves, false
			}
			halves[i] /= n[i]
		}
		return halves, true
	}
	x, known := errors(a)
	y, both := errors(b)
	if !known || !both || b.Quality().Name != m.Name {
		return t, false
	}
	var first, second [5]float64
	for i := range first {
		first[i], second[i] = x[2*i]-y[2*i], x[2*i+1]-y[2*i+1]
	}
	return stat.FiveByTwoCV(first, second), true
}
