package mlp

import "math"

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
	list := []interval{} // not nil: known to be nowhere
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

func within(z float64, list []interval) bool {
	for _, i := range list {
		if i.from <= z && z <= i.to {
			return true
		}
	}
	return false
}
