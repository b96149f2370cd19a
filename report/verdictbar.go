package report

import (
	"fmt"
	"math"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/internal/verdict"
	"nightshift/report/stat"
)

// claimScale is the common scale of all claims in one unit.
type claimScale struct {
	stat.Interval
	factor float64
	unit   string
	ratio  bool // of two spreads: a logarithmic scale, and what one is held against in place of 0
}

const ratioOfSpreads = "ratio of SDs"

// scaleName is the unit in which the interval of a claim is drawn; "" where it has none.
func scaleName(v verdict.Verdict) string {
	if len(v.Operands) == 0 {
		return ""
	}
	o := v.Operands[0]
	switch m := quantity(o.Term); {
	case len(v.Operands) > 1 && o.Stat == "sd":
		return ratioOfSpreads
	case m.scale == percent:
		return "points"
	case o.Stat == "trend":
		return "rank correlation"
	case o.Stat == "distance_between":
		return "distance of the weights"
	case o.Stat == "barrier":
		return "barrier in the loss"
	case o.Measure == "":
		return "squared error"
	default:
		if _, base, ok := metric.Parse(o.Measure); ok {
			return base.Title
		}
		return m.short
	}
}

// scalesOf gives each unit the range that holds all of its intervals, with the margins and what they are held against.
func scalesOf(verdicts []verdict.Verdict) map[string]*claimScale {
	scales := map[string]*claimScale{}
	for _, v := range verdicts {
		name := scaleName(v)
		if name == "" || !v.Interval.Known() {
			continue
		}
		s := scales[name]
		if s == nil {
			s = &claimScale{factor: quantity(v.Operands[0].Term).scale, unit: name, ratio: name == ratioOfSpreads}
			if s.ratio {
				s.factor, s.Lo, s.Hi = 1, s.null(v), s.null(v)
			}
			scales[name] = s
		}
		ci, null := s.interval(v), s.null(v)
		if s.drawable(ci) {
			s.Lo = min(s.Lo, ci.Lo, null-s.factor*v.Margin)
			s.Hi = max(s.Hi, ci.Hi, null+s.factor*v.Margin)
		}
	}
	return scales
}

// interval is that of a claim, in the units of the scale; of ratios a verdict holds what they are more than they are held
// against.
func (s *claimScale) interval(v verdict.Verdict) stat.Interval {
	null := s.null(v)
	return stat.Interval{Lo: null + s.factor*v.Interval.Lo, Hi: null + s.factor*v.Interval.Hi}
}

// drawable says whether there is room for an interval: a ratio of thousands would leave none for the others.
func (s *claimScale) drawable(ci stat.Interval) bool { return !s.ratio || ci.Lo > 1e-3 && ci.Hi < 1e3 }

// null is what the value of a claim is held against: no difference, or the ratio that its factors give.
func (s *claimScale) null(v verdict.Verdict) float64 {
	if !s.ratio {
		return 0
	}
	return math.Abs(v.Operands[1].Number / v.Operands[0].Number)
}

// intervalBar is the interval of a claim beside zero, in the units of its drawing.
type intervalBar struct {
	Zero, Lo, Hi, Mean float64
	From, Margin       float64 // the margin around zero and its width
	Numbers            string  // the estimate with its interval
	Of                 string  // which is what of the two sides
}

// barAxis is the scale below the intervals in one unit.
type barAxis struct {
	Ticks []barTick
	Unit  string
}

type barTick struct {
	At    float64
	Label string
}

const barWidth, barMargin = 300, 14

// at is where a value stands, in the units of the drawing.
func (s *claimScale) at(x float64) float64 {
	share := (x - s.Lo) / (s.Hi - s.Lo)
	if s.ratio {
		share = math.Log(x/s.Lo) / math.Log(s.Hi/s.Lo)
	}
	return math.Round(10*(barMargin+(barWidth-2*barMargin)*share)) / 10
}

// bar draws the interval of a claim; nil where there is none.
func (s *claimScale) bar(v verdict.Verdict) *intervalBar {
	if s == nil || !v.Interval.Known() || s.Lo == s.Hi {
		return nil
	}
	ci := s.interval(v)
	if !s.drawable(ci) {
		return nil
	}
	mean := s.null(v) + s.factor*v.Estimate
	b := &intervalBar{Zero: s.at(s.null(v)), Lo: s.at(ci.Lo), Hi: s.at(ci.Hi), Mean: s.at(mean), Of: s.what()}
	margin := s.factor * v.Margin
	if v.Relation == "=" {
		b.From = s.at(-margin)
		b.Margin = s.at(margin) - b.From
	}
	// Digits far below the margin, or below what is drawn, tell nobody anything.
	write := number.Digits(mean, ci)
	if small := math.Abs(mean); v.Relation == "=" && small > margin/1000 && ci.Hi-ci.Lo < margin/100 {
		write = number.Digits(mean, stat.Interval{Lo: mean - margin/100, Hi: mean + margin/100})
	}
	b.Numbers = fmt.Sprintf("%s (%s to %s)", write(mean), write(ci.Lo), write(ci.Hi))
	if v.Interval.Lo == v.Interval.Hi { // which is not sure for all that
		b.Numbers = write(mean) + " (the same in every repeat)"
	}
	return b
}

// what says of the two sides what is drawn.
func (s *claimScale) what() string {
	if s.ratio {
		return "left over right, " + s.unit
	}
	return "left minus right, " + s.unit
}

// axis has round numbers and no more than five of them.
func (s *claimScale) axis() *barAxis {
	if s == nil || s.Lo == s.Hi {
		return nil
	}
	a := &barAxis{Unit: s.what()}
	if s.ratio {
		for _, times := range []float64{0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100} {
			if s.Lo <= times && times <= s.Hi {
				a.Ticks = append(a.Ticks, barTick{s.at(times), number.Written(times)})
			}
		}
		return a
	}
	step := math.Pow10(int(math.Floor(math.Log10((s.Hi - s.Lo) / 2))))
	for _, times := range []float64{1, 2, 5} {
		if (s.Hi-s.Lo)/(times*step) <= 5 {
			step *= times
			break
		}
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)*(1-1e-12))))
	for i := math.Ceil(s.Lo / step); i*step <= s.Hi; i++ {
		label := number.Rounded(i*step, decimals)
		if i == 0 {
			label = "0"
		} else if decimals > 3 {
			label = number.Written(i * step)
		}
		a.Ticks = append(a.Ticks, barTick{s.at(i * step), label})
	}
	return a
}
