package figure

import (
	"fmt"
	"math"
	"slices"
)

// span is how far an axis goes and how.
type span struct {
	min, max float64
	log      bool
	zero     bool    // zeros of a logarithmic axis have a place below min
	head     float64 // share of the axis above max, where nothing is but marks
}

// Below a logarithmic axis on which there are zeros, this share of it is theirs: they stand at one place, the break is
// at another.
const (
	zeroRoom  = 0.14
	zeroPlace = 0.04
	zeroBreak = 0.09
)

// Numbers beyond these are drawn at the end of an axis: differences of larger ones overflow, smaller ones have lost digits.
const (
	most  = 1e300
	least = 1e-300
)

// share is where a value lies between the ends of the axis, 0 at the lower, 1 at the upper; values beyond them lie on them.
// What is no number lies on the lower end, too.
func (s span) share(v float64) float64 {
	if s.log && s.zero && v == 0 {
		return zeroPlace
	}
	if v = s.inside(v); math.IsNaN(v) {
		return 0
	}
	share := (v - s.min) / (s.max - s.min)
	if s.log {
		share = (math.Log(v) - math.Log(s.min)) / (math.Log(s.max) - math.Log(s.min))
		if s.zero {
			share = zeroRoom + (1-zeroRoom)*share
		}
	}
	return share * (1 - s.head)
}

// inside is the value, or the end of the span that is nearest to it.
func (s span) inside(v float64) float64 { return min(max(v, s.min), s.max) }

// holds says whether a value has a place of its own on the axis.
func (s span) holds(v float64) bool { return v >= s.min && v <= s.max || s.zero && v == 0 }

// extent is what has to fit on an axis.
type extent struct {
	values []float64 // in any case
	ends   []float64 // of intervals, if they are not far outside
	edges  []float64 // of cells, up to which the axis goes and no further
	wild   []float64 // of runs that diverged, if they are not far outside of a logarithmic axis
}

// ranges gives the range of every axis of each panel, which those of the same label share: all that is drawn fits, and
// intervals, which may be far wider than what they are of where repeats are few, make the axis five times as long at most.
func (f Figure) ranges() [3][]span {
	var all [3][]span
	for along := range all {
		axes, fits := map[string]Axis{}, map[string]*extent{}
		keys := make([]string, len(f.Panels))
		for i, p := range f.Panels {
			a := [3]Axis{p.X, p.Y, p.Colour}[along]
			if keys[i] = a.Label; a.Own {
				keys[i] = fmt.Sprintf("%d %s", i, a.Label)
			}
			if fits[keys[i]] == nil {
				axes[keys[i]], fits[keys[i]] = a, &extent{}
			}
			p.fit(along, fits[keys[i]])
		}
		for _, key := range keys {
			all[along] = append(all[along], axes[key].span(*fits[key]))
		}
	}
	return all
}

// fit collects what a panel has along x (0), y (1) and in colour (2).
func (p Panel) fit(along int, e *extent) {
	heights := stack(p.Series)
	for i, s := range p.Series {
		for k, m := range s.Means {
			if s.Area {
				m.Y = heights[i][k].to
				e.add(along, XY{m.X, heights[i][k].from})
			}
			e.add(along, XY{m.X, m.Y})
			if along < 2 && (along == 0) == s.Along && m.Interval.Known() {
				e.ends = append(e.ends, m.Interval.Lo, m.Interval.Hi)
			}
		}
		for _, r := range s.Repeats {
			for _, q := range r.Points {
				if r.Ended == Diverged && along == 1 {
					e.wild = append(e.wild, q.Y)
				} else {
					e.add(along, q)
				}
			}
		}
	}
	for _, r := range p.References {
		for _, q := range r.Curve {
			e.add(along, q)
		}
		if r.Curve == nil && r.Upright == (along == 0) && along < 2 {
			e.values = append(e.values, r.At)
		}
	}
	for _, m := range p.Marks {
		if along == 0 {
			e.values = append(e.values, m.X)
		}
	}
	if along < 2 {
		e.edges = append(e.edges, p.edges(along)...)
		return
	}
	for _, c := range p.Cells {
		e.values = append(e.values, c.Value)
	}
}

func (e *extent) add(along int, q XY) {
	if along < 2 {
		e.values = append(e.values, [2]float64{q.X, q.Y}[along])
	}
}

// Beyond is how many times the other values a logarithmic axis goes for runs that diverged: in float32 they may reach 10^38, beside
// which all others would be one line.
const Beyond = 1000

// usable says whether a value has a place on the axis.
func (a Axis) usable(v float64) bool {
	return math.Abs(v) <= most && (!a.Log || v >= least)
}

func (a Axis) span(e extent) span {
	if a.Categories != nil {
		beyond := 0.6
		if len(e.edges) > 0 {
			beyond = 0.5
		}
		return span{min: -beyond, max: float64(max(len(a.Categories), 1)-1) + beyond + a.Room}
	}
	to, from := func(v float64) float64 { return v }, func(v float64) float64 { return v }
	if a.Log {
		to, from = math.Log10, func(v float64) float64 { return math.Pow(10, min(max(v, -305), 305)) }
	}
	s := span{min: math.Inf(1), max: math.Inf(-1), log: a.Log}
	if !a.Log || !slices.ContainsFunc(e.values, a.usable) {
		e.values, e.wild = slices.Concat(e.values, e.wild), nil
	}
	for _, v := range slices.Concat(e.values, e.edges) {
		if a.usable(v) {
			s.min, s.max = min(s.min, to(v)), max(s.max, to(v))
		}
		s.zero = s.zero || a.Log && v == 0
	}
	if s.min > s.max {
		s.min, s.max = from(0), from(1)
		return s
	}
	low, high := s.min, s.max
	stretch := 2 * (high - low)
	if a.Log { // where an interval may go down to next to nothing
		stretch /= 4
	}
	if a.one(low, high) { // the interval is all that there is to see
		stretch = most
	}
	for _, v := range e.ends {
		if a.usable(v) {
			s.min = min(s.min, max(to(v), low-stretch))
			s.max = max(s.max, min(to(v), high+stretch))
		}
	}
	for _, v := range e.wild {
		if a.usable(v) {
			s.min, s.max = min(s.min, max(to(v), low-to(Beyond))), max(s.max, min(to(v), high+to(Beyond)))
		}
	}
	s.min, s.max = a.widened(s.min, s.max)
	if len(e.edges) == 0 {
		margin := (s.max - s.min) * max(0.05, a.Room)
		s.min, s.max = s.min-margin, s.max+margin
	}
	if a.Most > 0 {
		s.max = max(min(s.max, to(a.Most)), high)
	}
	if a.Zero && !a.Log && a.Room == 0 && low >= 0 && (s.min < 0 || low < high-low) {
		s.min = 0
	}
	s.min, s.max = from(s.min), from(s.max)
	return s
}

// one says whether the values of a range differ in the last bits of a training in float32 only.
func (a Axis) one(low, high float64) bool {
	same := 1e-6
	if !a.Log { // logarithms differ by the ratio of the values already
		same *= max(math.Abs(low), math.Abs(high))
	}
	return high-low <= same
}

// widened makes a range so wide that steps on it can be counted and are not finer than what was measured.
func (a Axis) widened(low, high float64) (from, to float64) {
	if a.one(low, high) {
		gap := 0.5
		if !a.Log {
			gap = max(math.Abs(low)/10, 1e-9)
			if low == 0 && a.Most > 0 {
				gap = a.Most / 100
			}
		}
		low, high = low-gap, high+gap
	}
	if few := fewestSteps * a.Step; !a.Log && high-low < few && few < most {
		low, high = (low+high-few)/2, (low+high+few)/2
	}
	return low, high
}

// fewestSteps is how many of the smallest differences that can be measured an axis shows at least.
const fewestSteps = 4
