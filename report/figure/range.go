package figure

import "math"

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

// headroom leaves a strip, that share of the range, at the upper end in which nothing is drawn but marks.
func (s span) headroom(log bool, share float64) span {
	if log {
		s.max *= math.Pow(s.max/s.min, share)
	} else {
		s.max += (s.max - s.min) * share
	}
	return s
}

// inside is the value, or the end of the span that is nearest to it.
func (s span) inside(v float64) float64 { return min(max(v, s.min), s.max) }

// share is where a value lies between the ends of the span: 0 at the lower, 1 at the upper.
func (s span) share(v float64, log bool) float64 {
	if log {
		return math.Log(v/s.min) / math.Log(s.max/s.min)
	}
	return (v - s.min) / (s.max - s.min)
}
