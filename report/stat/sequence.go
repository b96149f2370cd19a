package stat

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

// AnytimeWithExamples gives the looks at errors on test examples, from the
// outputs after 2, 3, ... runs: the anytime-valid interval over the runs, widened
// by the examples as WithExamples does. Simulated, 2 to 6 % of verdicts are false
// at 5 to 40 looks; there is no proof.
func AnytimeWithExamples(prefixes []Outputs) []Difference {
	looks := make([]Difference, len(prefixes))
	for i, o := range prefixes {
		var m moments
		for _, v := range o.Means {
			m.add(v)
		}
		looks[i] = WithExamples(m.difference(), o)
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

// SequenceWarning says what anytime-valid verdicts do not protect from: one cell
// against a number below 20 units, and failures rarer than 3/n.
func SequenceWarning(n int, oneCell bool) (warning string, refuse bool) {
	if !oneCell {
		return "", false
	}
	if n < leastSkewed {
		return "below 20 units one cell against a number is not decided: skewed values and rare failures would deceive", true
	}
	return "a failure rarer than 3 in the number of units may be unseen", false
}

const leastSkewed = 20
