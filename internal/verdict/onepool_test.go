package verdict

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// TestOnePoolClaims: forty runs on independent training sets decide what forty holdouts of one pool leave open: their difference
// has the variance (1/40 + 200/800) s² in place of s²/40. For bootstrap samples nothing is said.
func TestOnePoolClaims(t *testing.T) {
	const text = two + "seeds: {data: 40, init: 1, nested: true}\n" + slower
	verdict := func(set ...string) Verdict {
		l := newLab(t)
		l.says(text, append(set, "data.train=800")...)
		l.trains(-1, lossOf)
		return l.verdicts()[0]
	}
	apart := verdict()
	if apart.Outcome != Held {
		t.Fatalf("independent: %s", apart.Line())
	}
	held := verdict("data.resample=holdout")
	want := 2 * (distuv.StudentsT{Sigma: 1, Nu: 39}).CDF(-apart.Difference.T/math.Sqrt(1+40*0.25))
	if math.Abs(held.P-want) > 1e-6 || held.Outcome != Undecided || held.SeedsNeeded != 0 {
		t.Errorf("holdouts: %s, %d seeds needed, p %g; want p %g", held.Line(), held.SeedsNeeded, held.P, want)
	}
	if all := strings.Join(held.Warnings, "\n"); !strings.Contains(all, "Nadeau and Bengio") {
		t.Errorf("warnings %q", all)
	}
	if v := verdict("data.resample=bootstrap"); v.Outcome != Undecided || !strings.Contains(v.Because, "no correction is known") {
		t.Errorf("bootstrap: %s", v.Line())
	}
}
