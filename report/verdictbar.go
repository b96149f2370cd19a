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
}

// scaleName is the unit in which the interval of a claim is drawn; "" where it is not,
// because its value is a ratio.
func scaleName(v verdict.Verdict) string {
	if len(v.Operands) == 0 || len(v.Operands) > 1 && v.Operands[0].Stat == "sd" {
		return ""
	}
	o := v.Operands[0]
	switch m := claimMeasure(v.Operands); {
	case m.scale == percent:
		return "points"
	case o.Stat == "trend":
		return "rank correlation"
	case o.Measure == "":
		return "squared error"
	default:
		if _, base, ok := metric.Parse(o.Measure); ok {
			return base.Title
		}
		return m.name
	}
}

// scalesOf gives each unit the range that holds all of its intervals, with 0 and the
// margins.
func scalesOf(verdicts []verdict.Verdict) map[string]*claimScale {
	scales := map[string]*claimScale{}
	for _, v := range verdicts {
		name := scaleName(v)
		if name == "" || !v.Interval.Known() {
			continue
		}
		s := scales[name]
		if s == nil {
			s = &claimScale{factor: claimMeasure(v.Operands).scale, unit: name}
			scales[name] = s
		}
		s.Lo = min(s.Lo, s.factor*v.Interval.Lo, -s.factor*v.Margin)
		s.Hi = max(s.Hi, s.factor*v.Interval.Hi, s.factor*v.Margin)
	}
	return scales
}

// intervalBar is the interval of a claim beside zero, in the units of its drawing.
type intervalBar struct {
	Zero, Lo, Hi, Mean float64
	From, Margin       float64 // the margin around zero and its width
	Numbers            string  // the estimate with its interval
}

// barAxis is the scale below the intervals in one unit.
type barAxis struct {
	Zero  float64
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
	return math.Round(10*(barMargin+(barWidth-2*barMargin)*(x-s.Lo)/(s.Hi-s.Lo))) / 10
}

// bar draws the interval of a claim; nil where there is none.
func (s *claimScale) bar(v verdict.Verdict) *intervalBar {
	if s == nil || !v.Interval.Known() || s.Lo == s.Hi {
		return nil
	}
	ci := stat.Interval{Lo: s.factor * v.Interval.Lo, Hi: s.factor * v.Interval.Hi}
	mean := s.factor * v.Estimate
	write := number.Digits(mean, ci)
	b := &intervalBar{Zero: s.at(0), Lo: s.at(ci.Lo), Hi: s.at(ci.Hi), Mean: s.at(mean),
		Numbers: fmt.Sprintf("%s (%s to %s)", write(mean), write(ci.Lo), write(ci.Hi))}
	if v.Relation == "=" {
		b.From = s.at(-s.factor * v.Margin)
		b.Margin = s.at(s.factor*v.Margin) - b.From
	}
	return b
}

// axis has round numbers and no more than five of them.
func (s *claimScale) axis() *barAxis {
	if s == nil || s.Lo == s.Hi {
		return nil
	}
	a := &barAxis{Zero: s.at(0), Unit: s.unit}
	step := math.Pow10(int(math.Floor(math.Log10((s.Hi - s.Lo) / 2))))
	for _, times := range []float64{1, 2, 5} {
		if (s.Hi-s.Lo)/(times*step) <= 5 {
			step *= times
			break
		}
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)*(1-1e-12))))
	for i := math.Ceil(s.Lo / step); i*step <= s.Hi; i++ {
		a.Ticks = append(a.Ticks, barTick{s.at(i * step), number.Rounded(i*step, decimals)})
	}
	return a
}
