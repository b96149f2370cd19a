package dataset

import "math"

// scales are the scalings of inputs. unit and symmetric map the range of the
// inputs to [0, 1] and [-1, 1]: the known range 0..255 of pixels, and for other
// sets the smallest and largest value of each column of the training split, so
// validation and test values may lie outside; they are not clipped. standard
// subtracts each column's mean and divides by its SD (divisor n), both of the
// training split. A column that is constant in training teaches nothing and has
// no width to divide by: it becomes 0 in every split.
var scales = []string{"none", "unit", "symmetric", "standard"}

// scaling maps column j of a row: (x - shift[j]) * factor[j].
type scaling struct{ shift, factor []float64 }

func fit(scale string, pixels bool, train part) scaling {
	sc := scaling{make([]float64, train.in), make([]float64, train.in)}
	for j := range sc.factor {
		sc.factor[j] = 1
	}
	switch scale {
	case "unit", "symmetric":
		low, high := make([]float64, train.in), make([]float64, train.in)
		if pixels {
			for j := range high {
				high[j] = 255
			}
		} else {
			low, high = train.ranges()
		}
		for j := range low {
			sc.shift[j] = low[j]
			width := high[j] - low[j]
			if scale == "symmetric" && width > 0 {
				sc.shift[j] = low[j] + width/2
				width /= 2
			}
			sc.divide(j, width)
		}
	case "standard":
		mean, sd := train.moments()
		for j := range mean {
			sc.shift[j] = mean[j]
			sc.divide(j, sd[j])
		}
	}
	return sc
}

// divide sets the factor of a column to 1/width, or to 0 where it is constant
// or so narrow that the quotient is not finite.
func (sc scaling) divide(j int, width float64) {
	sc.factor[j] = 1 / width
	if math.IsInf(sc.factor[j], 0) {
		sc.factor[j] = 0
	}
}

// ranges are the smallest and largest value of each column.
func (p part) ranges() (low, high []float64) {
	low, high = make([]float64, p.in), make([]float64, p.in)
	x := make([]float64, p.in)
	for k, i := range p.index {
		p.row(int(i), x)
		for j, v := range x {
			if k == 0 {
				low[j], high[j] = v, v
			}
			low[j], high[j] = min(low[j], v), max(high[j], v)
		}
	}
	return low, high
}

// moments are the mean and the SD (divisor n) of each column, by Welford's
// recurrence, which gives a constant column exactly SD 0.
func (p part) moments() (mean, sd []float64) {
	mean, sd = make([]float64, p.in), make([]float64, p.in)
	x := make([]float64, p.in)
	for k, i := range p.index {
		p.row(int(i), x)
		for j, v := range x {
			d := v - mean[j]
			mean[j] += d / float64(k+1)
			sd[j] += d * (v - mean[j])
		}
	}
	for j := range sd {
		sd[j] = math.Sqrt(sd[j] / float64(len(p.index)))
	}
	return mean, sd
}
