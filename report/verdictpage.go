package report

import (
	"fmt"
	"math"
	"strings"

	"nightshift/internal/verdict"
	"nightshift/report/stat"
)

// shownVerdict is a verdict as the page shows it. Sign and text say what its
// colour says.
type shownVerdict struct {
	verdict.Verdict
	Numbers     []string // what it rests on, in words
	Class, Sign string
	Bar         *intervalBar
}

// showVerdicts adds to verdicts what the page shows of them.
func showVerdicts(verdicts []verdict.Verdict) []shownVerdict {
	var all []shownVerdict
	for _, v := range verdicts {
		s := shownVerdict{Verdict: v, Numbers: numbersOf(v), Class: strings.ReplaceAll(string(v.Outcome), " ", "-"), Bar: barOf(v)}
		s.Sign = map[verdict.Outcome]string{verdict.Held: "✓", verdict.NotHeld: "✗", verdict.Undecided: "?"}[v.Outcome]
		all = append(all, s)
	}
	return all
}

// tally counts the verdicts and says what their intervals are.
func tally(verdicts []verdict.Verdict) string {
	count := map[verdict.Outcome]int{}
	for _, v := range verdicts {
		count[v.Outcome]++
	}
	var parts []string
	for _, o := range []verdict.Outcome{verdict.Held, verdict.NotHeld, verdict.Undecided} {
		if count[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[o], o))
		}
	}
	return fmt.Sprintf("%s: %s. A claim holds, or does not, where its p value is below 5 %% after Holm's correction for "+
		"the whole list; intervals are at 95 %% and not corrected.", plural(len(verdicts), "claim"), strings.Join(parts, ", "))
}

// intervalBar is the interval of a difference beside zero, in the units of its drawing.
type intervalBar struct {
	Zero, Lo, Hi, Mean float64
	From, Margin       float64 // the margin around zero and its width
}

const barWidth = 320

// barOf draws the interval with zero, and the margin of an equality, in view.
func barOf(v verdict.Verdict) *intervalBar {
	ci := v.Interval
	if !ci.Known() {
		return nil
	}
	in := stat.Interval{Lo: min(0, ci.Lo, -v.Margin), Hi: max(0, ci.Hi, v.Margin)}
	if in.Lo == in.Hi {
		return nil
	}
	at := func(x float64) float64 {
		return math.Round(10*(8+(barWidth-16)*(x-in.Lo)/(in.Hi-in.Lo))) / 10
	}
	b := &intervalBar{Zero: at(0), Lo: at(ci.Lo), Hi: at(ci.Hi), Mean: at(v.Estimate)}
	if v.Relation == "=" {
		b.From, b.Margin = at(-v.Margin), at(v.Margin)-at(-v.Margin)
	}
	return b
}
