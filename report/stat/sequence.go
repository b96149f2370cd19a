package stat

import "fmt"

// Anytime gives the looks at a mean after 2, 3, ... units of x, which are in the
// study's order. Each is valid however often one looks: Below, Above and Within
// take their maxima of evidence over all of them, and what is decided stays
// decided. The last one is what figures show.
func Anytime(x []float64) []Difference {
	var m moments
	var looks []Difference
	for _, v := range x {
		m.add(v)
		if m.n >= 2 {
			looks = append(looks, m.difference())
		}
	}
	return looks
}

// Last is the newest look; without any it has no interval.
func Last(looks []Difference) Difference {
	if len(looks) == 0 {
		return moments{}.difference()
	}
	return looks[len(looks)-1]
}

// firstOneCell is the number of units before which one cell against a number is
// not decided.
const firstOneCell = 20

// OneCell gives the looks that count where one cell is held against a number: those
// from 20 units on, and what the page says then. Pairs of cells cancel the skew of
// their values, one cell does not: looked at from the second unit on, exponential
// values give 12 % false verdicts, and 5 % of stuck runs 75 %.
func OneCell(looks []Difference) (counted []Difference, warning string) {
	for _, d := range looks {
		if d.N >= firstOneCell {
			counted = append(counted, d)
		}
	}
	if counted == nil {
		return nil, "below 20 units one cell is not held against a number: skewed values and rare failures would deceive"
	}
	n := counted[len(counted)-1].N
	return counted, fmt.Sprintf("a failure rarer than 3 in %d may be unseen", n)
}
