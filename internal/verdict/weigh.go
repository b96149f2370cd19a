package verdict

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/report/stat"
)

// weigh turns evidence into the p values of the claim.
func (f *finding) weigh(c claim, e evidence) {
	if e.TwoOutcomes() >= 0 { // t covers the mean of such runs far less often than it says
		e.CI, e.OverUnits, e.Examples = unknown, stat.Over(nil, 0), 0
	}
	f.Difference, f.Unit, f.N = e.Difference, e.Unit, e.N
	f.Warnings = append(f.Warnings, e.Warnings...)
	border := c.number()
	if e.border != 0 {
		border = e.border
	}
	f.Estimate = e.Mean - border
	f.Interval = stat.Interval{Lo: e.CI.Lo - border, Hi: e.CI.Hi - border}
	if !f.outcomesOnly {
		f.describe(c, e)
	}
	early := e.N < stat.FutileFrom // what a few units look like, more of them may not
	if f.problem = e.problem; f.problem != "" {
		f.wanting = early
		return
	}
	if isMeans(f.Operands) && math.IsNaN(poolRatio(f.Operands, e.Design)) {
		f.problem = "its runs draw from one pool and share examples in a way (bootstrap, or sizes that only the file knows) for " +
			"which no correction is known: how another pool would come out cannot be said"
		return
	}
	if e.Design.Kind == stat.OneNetwork && (len(f.Operands) == 1 || c.Relation == "=" && undrawn(f.Operands)) {
		if c.Relation == "=" && !math.IsNaN(e.Mean) {
			f.point, f.held = true, 1
			if math.Abs(e.Mean-c.number()) <= c.Margin {
				f.held = 0
			}
			return
		}
		f.problem, f.wanting = "one network is no repeat: three units are the least, five are better", true
		return
	}
	if e.Design.Kind == stat.OneNetwork && undrawn(f.Operands) {
		f.problem = "no seed changes these networks: there is one of each, and further seeds are no repeats of it"
		return
	}
	if !e.CI.Known() && (len(e.looks) == 0 || !f.anytime) {
		f.problem, f.wanting = fmt.Sprintf("%s no interval; three units are the least, five are better", unitsGive(e.N)), true
		return
	}
	f.compare(c, e)
	if e.least > 0 && f.distance < e.least {
		f.held, f.contrary, f.wanting = 1, 1, early
		in := scaleOf(f.Operands)
		f.problem = fmt.Sprintf("all units agree on all %d test examples, and a difference of up to %s%s may be unseen on so few",
			e.Examples, digits(in.factor*e.least), in.difference())
	}
	f.P = min(f.held, f.contrary)
}

// describe says what the evidence on a claim rests on, in numbers, words and warnings.
func (f *finding) describe(c claim, e evidence) {
	f.HalfUnits, f.HalfExamples = e.HalfUnits(), e.HalfExamples()
	f.design = f.designOf(c, e)
	if e.Method == stat.CorrectedPool {
		f.design.sd = math.NaN() // of further splits of one pool no number decides
	}
	f.Sentence = f.sentence(e)
	if on := f.thisSplit(e); on != "" {
		f.Warnings = append(f.Warnings, "its interval is over seeds alone, for "+on)
	}
	if e.Method == stat.CorrectedPool {
		f.Warnings = append(f.Warnings, "its runs draw from one pool and share examples, for which interval and p are corrected "+
			"(Nadeau and Bengio's resampled t): more splits of the same pool narrow them little")
	} else if !isMeans(f.Operands) && poolRatio(f.Operands, e.Design) != 0 {
		f.Warnings = append(f.Warnings, "its runs draw from one pool, and it speaks of splits of this pool alone")
	}
}

// thisSplit names the examples that a claim about test or validation is made on, where other examples are not counted; "" where
// they are, or where there is no interval.
func (f *finding) thisSplit(e evidence) string {
	if e.Examples > 0 || !e.CI.Known() || !isMeans(f.Operands) {
		return ""
	}
	for _, split := range []string{"test", "valid"} {
		for _, o := range f.Operands {
			if o.Cell == nil || !strings.HasPrefix(o.Measure, split+"_") || o.Cell.Config.Data.Resample != "" {
				continue
			}
			if n := o.Cell.Examples("valid"); split == "valid" && n > 0 {
				return "these " + number.Count(n, "validation example")
			}
			return "these " + map[string]string{"test": "test", "valid": "validation"}[split] + " examples"
		}
	}
	return ""
}

// undrawn says whether no seed changes any of the networks that a claim speaks of: theory may predict how they differ, and one of
// each is all that there is.
func undrawn(operands []Operand) bool {
	return !slices.ContainsFunc(operands, func(o Operand) bool { return o.Cell == nil || o.Cell.Config.Drawn() })
}

// compare takes the p values of a claim and of its contrary from the looks at its evidence.
func (f *finding) compare(c claim, e evidence) {
	level := func(v float64) float64 {
		if e.level != nil {
			return e.level(v)
		}
		return v
	}
	at, lo, hi := level(c.number()), level(c.number()-c.Margin), level(c.number()+c.Margin)
	switch c.Relation {
	case "<":
		f.held, f.contrary = stat.Below(at, e.looks...), stat.Above(at, e.looks...)
		f.distance = math.Abs(e.Mean - c.number())
	case ">":
		f.held, f.contrary = stat.Above(at, e.looks...), stat.Below(at, e.looks...)
		f.distance = math.Abs(e.Mean - c.number())
	default:
		if math.IsNaN(lo) {
			lo = math.Inf(-1)
		}
		f.held, f.contrary = stat.Within(lo, hi, e.looks...), stat.Outside(lo, hi, e.looks...)
		f.distance = math.Abs(math.Abs(e.Mean-c.number()) - c.Margin)
	}
}

func unitsGive(n int) string {
	if n == 1 {
		return "1 unit gives"
	}
	return fmt.Sprintf("%d units give", n)
}

// reproduce holds a published single run against the prediction interval of one more
// run.
func (f *finding) reproduce() {
	o := f.Operands[0]
	units := o.units()
	design := stat.Classify(units)
	f.Unit, f.N = UnitWords(design), design.Units()
	var singles []float64 // one run of each unit, which are independent
	for _, set := range design.Sets {
		singles = append(singles, o.factor()*units[set[0]].Value)
	}
	s := stat.Describe(singles)
	f.Estimate = s.Mean - f.Number
	p := stat.Prediction(singles, 1)
	if !p.Known() {
		f.problem = fmt.Sprintf("%s no prediction interval of one more run, which five do", unitsGive(len(singles)))
		return
	}
	if least, most := o.limits(); o.factor() == 1 {
		p = p.Clip(least, most)
	}
	f.Interval = stat.Interval{Lo: p.Lo - f.Number, Hi: p.Hi - f.Number}
	f.P = stat.PredictionP(singles, f.Number)
	shown := scaleOf(f.Operands)
	write := number.Digits(shown.factor*s.Mean, shown.interval(p))
	f.Sentence = fmt.Sprintf("One more run is expected between %s and %s (95"+space+"%% prediction interval; %s).",
		write(shown.factor*p.Lo), write(shown.factor*p.Hi)+shown.unit, f.Unit)
	if o := o.outcomes(); o.Two {
		f.problem = fmt.Sprintf("there are two outcomes, %s: no interval predicts one more", f.Operands[0].groups(o))
		return
	}
	f.contrary = f.P
}
