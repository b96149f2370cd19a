package verdict

import (
	"fmt"
	"math"

	"nightshift/internal/number"
	"nightshift/report/stat"
)

// decideAll corrects the p values of all findings by Holm's method and reads the
// verdicts from them.
func decideAll(findings []finding) []Verdict {
	var members []int
	var ps []float64
	for i := range findings {
		f := &findings[i]
		f.Outcome, f.Because = Undecided, f.problem
		if f.point || f.problem != "" && math.IsNaN(f.P) && f.Relation == "reproduces" {
			continue
		}
		members = append(members, i)
		ps = append(ps, f.decisive())
	}
	corrected := stat.Holm(ps)
	open := 0
	for _, p := range corrected {
		if !(p < alpha) {
			open++
		}
	}
	for k, i := range members {
		findings[i].read(corrected[k], len(ps), open)
	}
	verdicts := make([]Verdict, len(findings))
	for i := range findings {
		f := &findings[i]
		if f.point {
			f.Outcome = NotHeld
			if f.held == 0 {
				f.Outcome = Held
			}
			why := "one network is held against a number: no repeat"
			if len(f.Operands) > 1 {
				why = "seeds change none of these networks, so one of each is all that there is"
			}
			f.Warnings = append(f.Warnings, why)
		}
		f.giveUp()
		verdicts[i] = f.Verdict
	}
	return verdicts
}

// giveUp gives up a claim of a study that goes on until its claims are decided, where
// more seeds will not decide it.
func (f *finding) giveUp() {
	if f.until == 0 {
		return
	}
	f.Futile = f.Outcome == Undecided && (f.Futile || f.problem != "" && !f.wanting)
	if f.Futile && f.problem == "" {
		f.Because = fmt.Sprintf("not decidable with at most %d rounds of seeds: ", f.until) + f.Because
	}
}

// decisive is the p value that would decide the claim, either way; 1 where nothing
// can.
func (f *finding) decisive() float64 {
	if f.problem != "" {
		return 1
	}
	return min(f.held, f.contrary)
}

// read reads the verdict from the corrected p value, in a family of so many claims of
// which some are open.
func (f *finding) read(corrected float64, family, open int) {
	if f.problem != "" {
		return
	}
	f.Corrected = corrected
	switch {
	case f.Relation == "reproduces" && !(f.P < alpha):
		f.Outcome = Held
	case corrected < alpha:
		f.Outcome = f.decided()
	}
	if f.outcomesOnly {
		return
	}
	f.Sentence += fmt.Sprintf(" p %s", number.P(f.P))
	if family > 1 {
		f.Sentence += fmt.Sprintf(", corrected for %s %s", number.Count(family, "claim"), number.BareP(corrected))
	}
	f.Sentence += "."
	if f.Outcome == Undecided {
		f.undecided(family, open)
	}
	if f.Outcome == Undecided || f.Relation == "reproduces" {
		return
	}
	switch {
	case f.Interval.Lo == f.Interval.Hi:
		f.Warnings = append(f.Warnings, fmt.Sprintf("all %s give exactly the same difference, so its interval has no width",
			number.Count(f.N, "unit")))
	case f.N < 5:
		f.Warnings = append(f.Warnings, "it rests on "+number.Count(f.N, "unit")+" only")
	}
}

// decided is the outcome of a claim whose p value is small enough.
func (f *finding) decided() Outcome {
	if f.held <= f.contrary {
		return Held
	}
	return NotHeld
}

// undecided says why, and how many units would be enough.
func (f *finding) undecided(family, open int) {
	switch {
	case f.Relation == "reproduces":
		f.Because = fmt.Sprintf("the number lies outside of the interval, as one of twenty would, which contradicts nothing in a "+
			"list of %s", number.Count(family, "claim"))
		return
	case f.decisive() < alpha:
		of := ""
		if f.Looks > 1 && f.Interval.Known() && !f.plainlyDecided() {
			of = " of an earlier look"
		}
		f.Because = fmt.Sprintf("p %s%s is above 5 %% when it is corrected for a list of %s: %s", number.P(f.P), of,
			number.Count(family, "claim"), number.BareP(f.Corrected))
	case f.Looks > 1 && f.Interval.Known() && f.plainlyDecided():
		f.Because = fmt.Sprintf("p %s is above 5 %%: it holds for %d looks, the interval for one", number.P(f.P), f.Looks)
	case f.Relation != "=" && len(f.Operands) == 1 && f.Operands[0].isShare() && f.plainlyDecided():
		f.Because = fmt.Sprintf("p %s is above 5 %%: of so few runs the binomial distribution leaves more to chance than the interval "+
			"does", number.P(f.P))
	case f.Relation == "=":
		f.Because = "the interval of the difference reaches over the margin"
	case len(f.Operands) == 2 && f.Operands[0].Stat == "sd":
		f.Because = "the interval of the ratio includes " + number.Written(f.Operands[1].Number/f.Operands[0].Number)
	default:
		f.Because = "the interval of the difference includes zero"
	}
	if f.Looks > 1 && f.N > 0 && !f.Interval.Known() {
		f.Because = fmt.Sprintf("looked at %d times, %s rule nothing out yet", f.Looks, number.Count(f.N, "unit"))
	}
	if f.N < 5 {
		f.Because += ", with only " + number.Count(f.N, "unit")
	}
	if n := f.design.needed(f.distance, alpha/float64(max(1, open))); n > f.N {
		f.SeedsNeeded = n
		f.Because += fmt.Sprintf("; a difference of this size takes about %s units",
			number.Rounded(float64(n), min(0, 1-int(math.Log10(float64(n))))))
	}
}

// plainlyDecided says whether the interval would decide the claim if it had been
// looked at once.
func (f *finding) plainlyDecided() bool {
	if f.Relation != "=" {
		return !f.Interval.Contains(0)
	}
	margin := stat.Interval{Lo: -f.Margin, Hi: f.Margin}
	return f.Interval.Inside(margin) || f.Interval.Lo > margin.Hi || f.Interval.Hi < margin.Lo
}
