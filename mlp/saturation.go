package mlp

import (
	"math"

	"nightshift/mlp/internal/kernel"
)

// saturation is the share of the steepest slope below which an activation
// counts as saturated.
const saturation = 0.05

// interval is a range of z, ends included.
type interval struct{ from, to float64 }

// flat lists where the activation is saturated. Asking whether z is there costs
// less than its slope, which for some activations takes an exponential.
func (a activation) flat(alpha float64) []interval {
	least := saturation * a.steepest(alpha)
	isFlat := func(z float64) bool { return math.Abs(a.slope(z, a.value(z, alpha), alpha)) < least }
	// Beyond the limits no slope changes any more as far as saturation goes.
	const limit, step = 64, 1.0 / 32
	var list []interval
	flat := isFlat(-limit)
	if flat {
		list = append(list, interval{from: math.Inf(-1)})
	}
	for z := -limit + step; z <= limit; z += step {
		if isFlat(z) == flat {
			continue
		}
		edge := change(isFlat, z-step, z)
		if flat {
			list[len(list)-1].to = math.Nextafter(edge, math.Inf(-1))
		} else {
			list = append(list, interval{from: edge})
		}
		flat = !flat
	}
	if flat {
		list[len(list)-1].to = math.Inf(1)
	}
	return list
}

// change is the smallest z above low that has the answer of high.
func change(f func(float64) bool, low, high float64) float64 {
	answer := f(high)
	for {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			return high
		}
		if f(middle) == answer {
			high = middle
		} else {
			low = middle
		}
	}
}

// ranges are the parts of z where an activation is saturated, the outer two by
// themselves: most activations have no others.
type ranges struct {
	below, above float64 // NaN for none
	inner        []interval
}

func rangesOf(list []interval) ranges {
	r := ranges{below: math.NaN(), above: math.NaN()}
	for _, i := range list {
		switch {
		case math.IsInf(i.from, -1):
			r.below = i.to
		case math.IsInf(i.to, 1):
			r.above = i.from
		default:
			r.inner = append(r.inner, i)
		}
	}
	return r
}

// flatOutputs is where an output a of a softmax or sigmoid is saturated, whose
// slope is a(1-a) and 1/4 at its steepest.
func flatOutputs() ranges {
	isFlat := func(a float64) bool { return a*(1-a) < saturation/4 }
	return ranges{below: math.Nextafter(change(isFlat, 0, 0.5), 0), above: change(isFlat, 0.5, 1)}
}

// countOf counts the elements of z in the ranges.
func countOf[F kernel.Float](r *ranges, z []F) int {
	n := kernel.Outside(z, toward[F](r.below, -1), toward[F](r.above, 1))
	if r.inner == nil {
		return n
	}
	for _, v := range z {
		for _, i := range r.inner {
			if i.from <= float64(v) && float64(v) <= i.to {
				n++
			}
		}
	}
	return n
}

// toward rounds a limit to the nearest number on the side of sign: numbers of
// the precision are beyond one if they are beyond the other.
func toward[F kernel.Float](limit float64, sign int) F {
	v := F(limit)
	if (float64(v)-limit)*float64(sign) < 0 {
		v = F(math.Nextafter32(float32(v), float32(math.Inf(sign))))
	}
	return v
}
