package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// ticks places labels at round numbers, or where the axis says. The length of a
// horizontal axis tells whether two labels run into each other; 0 is not known.
func (a Axis) ticks(s span, length vg.Length) []plot.Tick {
	switch {
	case a.Categories != nil:
		every := 1 + (len(a.Categories)-1)/40
		var ticks []plot.Tick
		for i, name := range a.Categories {
			if i%every == 0 {
				ticks = append(ticks, plot.Tick{Value: float64(i), Label: name})
			}
		}
		return ticks
	case len(a.Ticks) > 0 && len(a.Ticks) <= 8:
		return a.given(s, length)
	case a.Log:
		return logTicks(s)
	}
	return apart(linearTicks(s, a.Whole), s, length)
}

// apart leaves out as many labels, evenly, as would run into each other along an axis of that length.
func apart(ticks []plot.Tick, s span, length vg.Length) []plot.Tick {
	style := lettering(tickSize, false, ink)
	var widest vg.Length
	for _, t := range ticks {
		widest = max(widest, style.Width(t.Label))
	}
	if len(ticks) < 2 || length <= 0 {
		return ticks
	}
	step := vg.Length((ticks[1].Value-ticks[0].Value)/(s.max-s.min)) * length
	every := int(math.Ceil(float64((widest + gap) / step)))
	for i := range ticks {
		if i%every != 0 {
			ticks[i].Label = ""
		}
	}
	return ticks
}

// given labels the values of a grid, leaving out those that would run into
// each other.
func (a Axis) given(s span, length vg.Length) []plot.Tick {
	const apart = 4 // points
	last := math.Inf(-1)
	var ticks []plot.Tick
	for _, v := range slices.Sorted(slices.Values(a.Ticks)) {
		t := plot.Tick{Value: v}
		half := 0.045 // of the room that a label takes
		if length > 0 {
			half = max(half, float64(lettering(tickSize, false, ink).Width(Brief(v))+apart)/2/float64(length))
		}
		if s.share(v, a.Log)-half > last {
			t.Label, last = Brief(v), s.share(v, a.Log)+half
		}
		if v >= s.min && v <= s.max {
			ticks = append(ticks, t)
		}
	}
	return ticks
}

func logTicks(s span) []plot.Tick {
	low, high := int(math.Floor(math.Log10(s.min))), int(math.Ceil(math.Log10(s.max)))
	digits := []int{1}
	if decades := math.Log10(s.max / s.min); decades < 0.7 {
		return linearTicks(s, false)
	} else if decades < 1.3 {
		digits = []int{1, 2, 3, 5, 7}
	} else if decades < 2.2 {
		digits = []int{1, 3}
	}
	every := 1 + (high-low-1)/6
	var ticks []plot.Tick
	for e := low; e <= high; e++ {
		for d := 1; d < 10; d++ {
			// Through the decimal notation, so that 0.3 is not 0.30000000000000004.
			v, _ := strconv.ParseFloat(fmt.Sprintf("%de%d", d, e), 64)
			if v < s.min || v > s.max {
				continue
			}
			t := plot.Tick{Value: v}
			if slices.Contains(digits, d) && e%every == 0 {
				t.Label = Decimal(v)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// linearTicks steps by 1, 2 or 5 times a power of ten.
func linearTicks(s span, whole bool) []plot.Tick {
	raw := (s.max - s.min) / 5.5
	exponent := int(math.Floor(math.Log10(raw)))
	factor := 10
	for _, f := range []int{1, 2, 5} {
		if float64(f)*math.Pow10(exponent) >= raw {
			factor = f
			break
		}
	}
	if whole && exponent < 0 {
		factor, exponent = 1, 0
	}
	step := float64(factor) * math.Pow10(exponent)
	decimals := max(0, -exponent)
	if factor == 10 {
		decimals = max(0, -exponent-1)
	}
	// So many tell one step from the next.
	digits := max(3, 1+int(math.Floor(math.Log10(max(math.Abs(s.min), math.Abs(s.max)))))-exponent)
	var ticks []plot.Tick
	for i := math.Ceil(s.min/step - 1e-9); i*step <= s.max+step*1e-9; i++ {
		label := strconv.FormatFloat(i*step, 'f', decimals, 64)
		if math.Abs(i*step) >= 1e5 || decimals > 4 {
			label = strconv.FormatFloat(i*step, 'g', digits, 64)
		}
		if i == 0 {
			label = "0"
		}
		ticks = append(ticks, plot.Tick{Value: i * step, Label: label})
	}
	return ticks
}
