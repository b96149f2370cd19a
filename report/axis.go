package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
)

// span is the range of an axis.
type span struct{ min, max float64 }

// ranges gives the range of every axis of a figure by its label: all that is
// drawn fits, and intervals, which are wider than the plot where repeats are
// few, stretch it by a quarter at most.
func (f Figure) ranges() (x, y map[string]span) {
	x, y = map[string]span{}, map[string]span{}
	for along, spans := range []map[string]span{x, y} {
		values, ends := map[string][]float64{}, map[string][]float64{}
		axes := map[string]Axis{}
		for _, p := range f.Panels {
			a := []Axis{p.X, p.Y}[along]
			axes[a.Label] = a
			for _, s := range p.Series {
				for _, m := range s.Means {
					values[a.Label] = append(values[a.Label], []float64{m.X, m.Y}[along])
					if (along == 0) == s.Along && m.Interval.Known() {
						ends[a.Label] = append(ends[a.Label], m.Interval.Lo, m.Interval.Hi)
					}
				}
				for _, r := range s.Repeats {
					for _, q := range r.Points {
						values[a.Label] = append(values[a.Label], []float64{q.X, q.Y}[along])
					}
				}
			}
			if along == 0 {
				for _, d := range p.Marks {
					values[a.Label] = append(values[a.Label], d.X)
				}
			}
		}
		for label, a := range axes {
			spans[label] = a.span(values[label], ends[label])
		}
	}
	return x, y
}

func (a Axis) span(values, ends []float64) span {
	if a.Categories != nil {
		return span{-0.6, float64(len(a.Categories)) - 0.4}
	}
	usable := func(v float64) bool {
		return !math.IsNaN(v) && !math.IsInf(v, 0) && (!a.Log || v > 0)
	}
	to, from := func(v float64) float64 { return v }, func(v float64) float64 { return v }
	if a.Log {
		to, from = math.Log10, func(v float64) float64 { return math.Pow(10, v) }
	}
	s := span{math.Inf(1), math.Inf(-1)}
	for _, v := range values {
		if usable(v) {
			s.min, s.max = min(s.min, to(v)), max(s.max, to(v))
		}
	}
	if s.min > s.max {
		return span{from(0), from(1)}
	}
	least, most := s.min, s.max
	stretch := (most - least) / 4
	for _, v := range ends {
		if usable(v) {
			s.min = min(s.min, max(to(v), least-stretch))
			s.max = max(s.max, min(to(v), most+stretch))
		}
	}
	// Values that differ in their last bits only are one: no number of digits tells them apart.
	same := 1e-9
	if !a.Log { // logarithms differ by the ratio of the values already
		same *= max(math.Abs(s.min), math.Abs(s.max))
	}
	if s.max-s.min <= same {
		gap := 0.5
		if !a.Log {
			gap = max(math.Abs(s.min)/10, 1e-9)
		}
		s.min, s.max = s.min-gap, s.max+gap
	}
	margin := (s.max - s.min) * max(0.05, a.Room)
	s = span{s.min - margin, s.max + margin}
	if a.Most > 0 {
		s.max = min(s.max, to(a.Most))
	}
	if a.Zero && a.Room == 0 && least >= 0 {
		if s.min < 0 || least < (most-least) {
			s.min = 0
		}
	}
	return span{from(s.min), from(s.max)}
}

// ticks places labels at round numbers, or where the axis says.
func (a Axis) ticks(s span) []plot.Tick {
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
		return a.given(s)
	case a.Log:
		return logTicks(s)
	}
	return linearTicks(s, a.Whole)
}

// given labels the values of a grid, leaving out those that would run into
// each other.
func (a Axis) given(s span) []plot.Tick {
	const apart = 4 // points
	place := func(v float64) float64 { return (v - s.min) / (s.max - s.min) }
	if a.Log {
		place = func(v float64) float64 { return math.Log(v/s.min) / math.Log(s.max/s.min) }
	}
	last := math.Inf(-1)
	var ticks []plot.Tick
	for _, v := range slices.Sorted(slices.Values(a.Ticks)) {
		t := plot.Tick{Value: v}
		half := 0.045 // of the room that a label takes
		if a.length > 0 {
			half = max(half, (float64(lettering(tickSize, false, ink).Width(brief(v)))+apart)/2/a.length)
		}
		if place(v)-half > last {
			t.Label, last = brief(v), place(v)+half
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
				t.Label = short(v)
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

// short writes a number as on a slide: 0.01, 1, 1e-6.
func short(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-3 || a >= 1e5) {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// brief is short, with the four digits that labels of cells have.
func brief(v float64) string {
	if v == math.Trunc(v) {
		return short(v)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	return short(rounded)
}

// headroom leaves a strip, that share of the range, at the upper end in which nothing is drawn but marks.
func (s span) headroom(log bool, share float64) span {
	if log {
		s.max *= math.Pow(s.max/s.min, share)
	} else {
		s.max += (s.max - s.min) * share
	}
	return s
}

// useLog makes the vertical axes logarithmic where the means span more than a
// factor and the lower end of each is positive.
func useLog(panels []Panel, factor float64, end func(Point) float64) {
	low, high := math.Inf(1), 0.0
	for _, p := range panels {
		for _, s := range p.Series {
			for _, m := range s.Means {
				low, high = min(low, m.Y, end(m)), max(high, m.Y)
			}
		}
	}
	for i := range panels {
		panels[i].Y.Log = panels[i].Y.Log || low > 0 && high > factor*low
	}
}

// steep is the factor by which errors fall on a curve that would lie flat on a
// linear axis from then on.
const steep = 20

// mean is the end of a point whose interval need not fit the axis.
func mean(p Point) float64 { return p.Y }
