package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// tick is a place on an axis; one without a label is small.
type tick struct {
	value    float64
	label    string
	exponent string // stands raised behind the label
}

// mostGiven is how many values of an axis are its ticks; beyond that round numbers are clearer.
const mostGiven = 16

// ticks places labels at round numbers, or where the axis says, and no two of them run into each other on an axis of that
// length.
func (a Axis) ticks(s span, length vg.Length, upright bool) []tick {
	axis := tickAxis{s, length, upright}
	switch {
	case a.Categories != nil:
		var ticks []tick
		for i, name := range a.Categories {
			ticks = append(ticks, tick{value: float64(i), label: name})
		}
		return ticks
	case len(a.Ticks) > 0 && len(a.Ticks) <= mostGiven:
		return axis.given(a.Ticks)
	case s.log:
		return axis.log()
	}
	top := s.max
	if a.Most > 0 {
		top = min(top, a.Most)
	}
	return axis.linear(top, a.Whole, a.Step)
}

// tickAxis is an axis of a given length on paper, along which labels are placed.
type tickAxis struct {
	span
	length  vg.Length
	upright bool
}

// at is the stretch that a label takes, with some room around it.
func (r tickAxis) at(t tick) (from, to vg.Length) {
	half := (nameLeading + 1) / 2
	if !r.upright {
		half = t.width()/2 + 3
	}
	middle := vg.Length(r.share(t.value)) * r.length
	return middle - half, middle + half
}

// overlap says whether a label runs into another.
func (r tickAxis) overlap(a, b tick) bool {
	fromA, toA := r.at(a)
	fromB, toB := r.at(b)
	return fromA < toB && fromB < toA
}

// apart says whether no label runs into the one before it.
func (r tickAxis) apart(ticks []tick) bool {
	last := -1
	for i, t := range ticks {
		if t.label == "" {
			continue
		}
		if last >= 0 && r.overlap(ticks[last], t) {
			return false
		}
		last = i
	}
	return true
}

// given labels the values of a grid, the two at the ends first, leaving out those that would run into others.
func (r tickAxis) given(values []float64) []tick {
	var ticks []tick
	for _, v := range slices.Compact(slices.Sorted(slices.Values(values))) {
		if r.holds(v) {
			ticks = append(ticks, tick{value: v})
		}
	}
	if len(ticks) == 0 {
		return nil
	}
	var taken []tick
	order := append([]int{0, len(ticks) - 1}, make([]int, 0, len(ticks))...)
	for i := 1; i < len(ticks)-1; i++ {
		order = append(order, i)
	}
	powers := slices.ContainsFunc(ticks, func(t tick) bool { return strings.Contains(Brief(t.value), "e") })
	for _, i := range order {
		t := written(ticks[i].value, powersBelow(powers, ticks[i].value, Brief))
		if ticks[i].label == "" && !slices.ContainsFunc(taken, func(o tick) bool { return r.overlap(o, t) }) {
			ticks[i] = t
			taken = append(taken, t)
		}
	}
	return ticks
}

// log labels as many digits of each decade as fit.
func (r tickAxis) log() []tick {
	var zero []tick
	if r.zero {
		zero = []tick{{label: "0"}}
	}
	decades := math.Log10(r.max) - math.Log10(r.min)
	if decades < 0.7 {
		return append(zero, r.linear(r.max, false, 0)...)
	}
	for _, some := range []struct {
		digits []int
		up     float64 // to so many decades
	}{{[]int{1, 2, 3, 5, 7}, 1.3}, {[]int{1, 3}, 3.2}} {
		if ticks := append(zero, r.decades(some.digits, 1)...); decades < some.up && r.apart(ticks) {
			return ticks
		}
	}
	every := max(1, int(decades/7))
	for ; every < 600 && !r.clear(r.decades([]int{1}, every)); every++ {
	}
	return append(zero, r.decades([]int{1}, every)...)
}

// clear says whether the labels are few and stand apart.
func (r tickAxis) clear(ticks []tick) bool { return r.apart(ticks) && labels(ticks) <= 7 }

func labels(ticks []tick) int {
	n := 0
	for _, t := range ticks {
		if t.label != "" {
			n++
		}
	}
	return n
}

// finely is the length of a decade with ticks at all its digits.
const finely = vg.Length(16)

// decades places ticks at the digits of each decade, and labels some of these in every so many decades.
func (r tickAxis) decades(digits []int, every int) []tick {
	low, high := int(math.Floor(math.Log10(r.min))), int(math.Ceil(math.Log10(r.max)))
	var ticks []tick
	for e := low; e <= high; e++ {
		for d := 1; d < 10; d++ {
			// Through the decimal notation, so that 0.3 is not 0.30000000000000004.
			v, _ := strconv.ParseFloat(fmt.Sprintf("%de%d", d, e), 64)
			if v < r.min || v > r.max || d > 1 && r.length < finely*vg.Length(high-low) {
				continue
			}
			t := tick{value: v}
			if slices.Contains(digits, d) && e%every == 0 {
				t = written(v, powersBelow(strings.Contains(Decimal(r.min), "e"), v, Decimal))
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// written is a tick with its number, in powers of ten where it has an exponent: 10⁻⁶, 3·10⁻⁶. Signs are minus signs.
func written(v float64, number string) tick {
	t := tick{value: v}
	factor, exponent, powers := strings.Cut(number, "e")
	if t.label = signed(factor); powers {
		n, _ := strconv.Atoi(exponent)
		t.label, t.exponent = signed(factor)+"·10", signed(strconv.Itoa(n))
		if factor == "1" {
			t.label = "10"
		}
	}
	return t
}

// powersBelow writes a number as a label does, but below 0.001 as a power of ten where others of the axis are powers.
func powersBelow(powers bool, v float64, write func(float64) string) string {
	if powers && v > 0 && v < 1e-3 {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return write(v)
}

// width is that of the label with its exponent.
func (t tick) width() vg.Length {
	return widestLine(tickStyle, t.label) + exponentStyle.Width(t.exponent)
}

// signed writes the sign of a number as a minus.
func signed(number string) string { return strings.ReplaceAll(number, "-", "−") }

// linear steps by 1, 2 or 5 times a power of ten, no finer than what can be measured.
func (r tickAxis) linear(top float64, whole bool, finest float64) []tick {
	raw := max(0.79*(r.max-r.min)/r.steps(), finest) // a step of 2 serves for 2.5, too
	if raw == 0 || math.IsInf(raw, 0) || math.IsNaN(raw) {
		return nil
	}
	for range 12 {
		ticks, step := r.multiples(raw, top, whole)
		if r.apart(ticks) {
			return ticks
		}
		raw = 1.5 * step
	}
	return nil
}

// steps is about how many an axis has: more where it is long.
func (r tickAxis) steps() float64 { return min(max(float64(r.length)/40, 4), 7) }

// multiples places a label at each multiple of the first step that is not below raw.
func (r tickAxis) multiples(raw, top float64, whole bool) (ticks []tick, step float64) {
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
	step = float64(factor) * math.Pow10(exponent)
	decimals := max(0, -exponent)
	if factor == 10 {
		decimals = max(0, -exponent-1)
	}
	// So many tell one step from the next.
	digits := max(3, 1+int(math.Floor(math.Log10(max(math.Abs(r.min), math.Abs(r.max)))))-exponent)
	first, last := math.Ceil(r.min/step-1e-9), math.Floor(top/step+1e-9)
	for i := first; i <= last && len(ticks) < 20; i++ {
		label := strconv.FormatFloat(i*step, 'f', decimals, 64)
		if math.Abs(i*step) >= 1e5 || decimals > 4 {
			label = strconv.FormatFloat(i*step, 'g', digits, 64)
		}
		if i == 0 {
			label = "0"
		}
		ticks = append(ticks, written(i*step, label))
	}
	return ticks, step
}
