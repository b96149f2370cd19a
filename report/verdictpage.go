package report

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/verdict"
)

// shownVerdict is a verdict as the page shows it. Sign and text say what its
// colour says.
type shownVerdict struct {
	verdict.Verdict
	Numbers     string   // what it rests on
	OwnWarnings []string // those that are not said for many claims at once
	Terms       []string // the value of each term
	Class, Sign string
	Bar         *intervalBar
}

// claims are all verdicts with what holds for the whole list.
type claims struct {
	Tally    string
	Warnings []string // that concern several claims
	Groups   []claimGroup
}

// claimGroup has the claims in one unit, whose intervals stand on one scale.
type claimGroup struct {
	List []shownVerdict
	Axis *barAxis // nil where none of them has an interval that can be drawn
}

// outcomeSigns are the outcomes with their class in the style sheet and the sign that says what its colour says.
var outcomeSigns = []struct {
	outcome     verdict.Outcome
	class, sign string
}{{verdict.Held, "held", "✓"}, {verdict.NotHeld, "not-held", "✗"}, {verdict.Undecided, "undecided", "?"}}

// showClaims adds to verdicts what the page shows of them.
func showClaims(verdicts []verdict.Verdict) claims {
	all := claims{Tally: tally(verdicts)}
	count := map[string]int{}
	for _, v := range verdicts {
		for _, w := range v.Warnings {
			if count[w]++; count[w] == 2 {
				all.Warnings = append(all.Warnings, w)
			}
		}
	}
	for i, w := range all.Warnings {
		all.Warnings[i] = fmt.Sprintf("Of each of %s: %s.", number.Count(count[w], "claim"), w)
	}
	scales := scalesOf(verdicts)
	at := map[string]int{}
	for _, v := range verdicts {
		name := scaleName(v)
		i, known := at[name]
		if !known {
			i = len(all.Groups)
			at[name] = i
			all.Groups = append(all.Groups, claimGroup{Axis: scales[name].axis()})
		}
		s := shownOf(v, scales[name])
		s.OwnWarnings = slices.DeleteFunc(slices.Clone(v.Warnings), func(w string) bool {
			said := v.Because != "" && !v.Interval.Known() && strings.HasSuffix(w, ": no interval")
			return count[w] > 1 || said
		})
		all.Groups[i].List = append(all.Groups[i].List, s)
	}
	return all
}

// shownOf adds to a verdict its signs and words.
func shownOf(v verdict.Verdict, scale *claimScale) shownVerdict {
	v.Words = sentence(v.Words)
	s := shownVerdict{Verdict: v, Numbers: sentence(v.Sentence), Bar: scale.bar(v)}
	for _, o := range outcomeSigns {
		if o.outcome == v.Outcome {
			s.Class, s.Sign = o.class, o.sign
		}
	}
	for _, o := range v.Operands {
		if text := operandText(o); text != "" {
			s.Terms = append(s.Terms, text)
		}
	}
	return s
}

// tally counts the verdicts and says what they are corrected for.
func tally(verdicts []verdict.Verdict) string {
	count := map[verdict.Outcome]int{}
	for _, v := range verdicts {
		count[v.Outcome]++
	}
	var parts []string
	for _, o := range outcomeSigns {
		if n := count[o.outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o.outcome))
		}
	}
	text := fmt.Sprintf("%s: %s.", number.Count(len(verdicts), "claim"), strings.Join(parts, ", "))
	if len(verdicts) > 1 {
		return text + " They are one family: p values are corrected by Holm's method for the whole list, so that the chance of " +
			"even one false verdict is 5" + number.Space + "%. Intervals are at 95" + number.Space + "%, not corrected."
	}
	return text
}
