package night

import (
	"fmt"
	"slices"
	"testing"

	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// twoClaims is a study of two claims, about cells a and b and about b and c, that may
// have four rounds of a run.
func twoClaims(t *testing.T) *trial {
	t.Helper()
	s := Study{Study: &study.Study{Name: "s", Until: &study.Until{Min: 1, Max: 4, Runs: 1}, Expect: make([]study.Expectation, 2)}}
	for round := range 4 {
		for _, cell := range []string{"a", "b", "c"} {
			s.Runs = append(s.Runs, study.Run{ID: fmt.Sprint(cell, round), Cell: cell, Label: cell, Round: round})
		}
	}
	tr, err := newTrial(t.Context(), nil, s)
	check(t, err)
	return tr
}

// Cells go on as long as a claim needs them; what is decided or given up stays so.
func TestClaimsOpenRounds(t *testing.T) {
	tr := twoClaims(t)
	const open, decided, undecidable = verdict.Open, verdict.Decided, verdict.Undecidable
	claims := func(first, second verdict.Stage) []verdict.ClaimState {
		return []verdict.ClaimState{{Stage: first, Cells: []string{"a", "b"}}, {Stage: second, Cells: []string{"b", "c"}}}
	}
	for n, look := range []struct {
		states []verdict.ClaimState
		opened []string
		text   string
		later  string // runs that may be wanted
	}{
		{claims(open, open), []string{"a1", "b1", "c1"}, "0 of 2 claims decided, 2 go on", "a2 a3 b2 b3 c2 c3"},
		{claims(open, undecidable), []string{"a2", "b2"}, "0 of 2 claims decided, 1 not decidable, 1 goes on", "a3 b3"},
		{claims(decided, open), nil, "1 of 2 claims decided, 1 not decidable", ""},
		{claims(open, decided), nil, "2 of 2 claims decided", ""},
	} {
		tr.looks = n + 1
		if opened := tr.goOn(look.states); !slices.Equal(opened, look.opened) {
			t.Errorf("look %d: %v are wanted, not %v", n+1, opened, look.opened)
		}
		later := ""
		for _, cell := range tr.cells {
			for _, runs := range cell {
				if tr.mayWant(runs[0]) {
					later += " " + runs[0]
				}
			}
		}
		if later != "" {
			later = later[1:]
		}
		q := Sequential{[]*trial{tr}}
		if text := q.Claims().String(); text != look.text || later != look.later || tr.ended != (look.opened == nil) {
			t.Errorf("look %d: %q, later %q, ended %v", n+1, text, later, tr.ended)
		}
	}
}

// A claim that is open when its cells have the most seeds is not decidable.
func TestOpenAtTheMost(t *testing.T) {
	tr := twoClaims(t)
	tr.looks = 4
	opened := tr.goOn([]verdict.ClaimState{{Stage: verdict.Open, Cells: []string{"a"}}, {Stage: verdict.Decided}})
	if opened != nil || !tr.ended || tr.claims[0].Stage != verdict.Undecidable || tr.due() {
		t.Errorf("%v, ended %v, %+v", opened, tr.ended, tr.claims)
	}
}

// The claims are looked at when every run that is wanted is over, and those alone count.
func TestDue(t *testing.T) {
	tr := twoClaims(t)
	for i, id := range []string{"b1", "a0", "c0", "a0", "b0"} { // b1 is another study's
		if tr.due() {
			t.Errorf("due before run %d", i)
		}
		tr.end(id)
	}
	if !tr.due() || !slices.Equal(tr.unread, []string{"a0", "c0", "b0"}) {
		t.Errorf("due: %v, %v", tr.due(), tr.unread)
	}
	other := tr.clone()
	tr.looks = 1
	if tr.want(1, 2); !slices.Equal(tr.unread, []string{"a0", "c0", "b0", "b1"}) || len(tr.left) != 0 || other.goals[1] != 1 {
		t.Errorf("%v, %v; the clone has %v", tr.unread, tr.left, other.goals)
	}
}
