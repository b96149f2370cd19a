package report

import (
	"fmt"
	"math"
	"strings"

	"nightshift/report/stat"
)

// claimShown is a claim as the page shows it. Sign and words say what the
// colour of the verdict says.
type claimShown struct {
	Claim
	Class, Sign string
	Bar         *bar
}

func show(claims []Claim) []claimShown {
	var all []claimShown
	for _, c := range claims {
		s := claimShown{Claim: c, Class: strings.ReplaceAll(string(c.Verdict), " ", "-"), Bar: c.bar()}
		s.Sign = map[Verdict]string{Held: "✓", NotHeld: "✗", Undecided: "?"}[c.Verdict]
		all = append(all, s)
	}
	return all
}

// tally counts the verdicts and says what their intervals are.
func tally(claims []Claim) string {
	count := map[Verdict]int{}
	for _, c := range claims {
		count[c.Verdict]++
	}
	var parts []string
	for _, v := range []Verdict{Held, NotHeld, Undecided} {
		if count[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[v], v))
		}
	}
	text := fmt.Sprintf("%s: %s. A claim holds, or does not, where the 95 %% interval of its difference lies on one side; equality takes a 90 %% interval inside of the margin.",
		plural(len(claims), "claim"), strings.Join(parts, ", "))
	if len(claims) > 1 {
		text += fmt.Sprintf(" The intervals are not corrected for there being %d claims.", len(claims))
	}
	return text
}

// bar is the interval of a difference beside zero, in the units of its drawing.
type bar struct {
	Zero, Lo, Hi, Mean float64
	From, Margin       float64 // the margin around zero and its width
}

const barWidth = 320

// bar draws the interval with zero, and the margin of an equality, in view.
func (c Claim) bar() *bar {
	d := c.difference
	if !d.CI.Known() {
		return nil
	}
	in := stat.Interval{Lo: min(0, d.CI.Lo, -c.margin), Hi: max(0, d.CI.Hi, c.margin)}
	if in.Lo == in.Hi {
		return nil
	}
	at := func(v float64) float64 {
		return math.Round(10*(8+(barWidth-16)*(v-in.Lo)/(in.Hi-in.Lo))) / 10
	}
	b := &bar{Zero: at(0), Lo: at(d.CI.Lo), Hi: at(d.CI.Hi), Mean: at(d.Mean)}
	if c.relation == "=" {
		b.From, b.Margin = at(-c.margin), at(c.margin)-at(-c.margin)
	}
	return b
}
