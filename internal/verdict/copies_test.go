package verdict

import (
	"context"
	"testing"

	"nightshift/internal/study"
)

// Cells that differ in what no training depends on are the same networks: neither is less than
// the other, they are equal on any number of examples, and count once on a board.
func TestCellsThatAreCopies(t *testing.T) {
	l := newLab(t)
	l.says("base: {epochs: 4}\ngrid: {log.every: [1, 2], width: [4, 8]}\nseeds: 8\nexpect:\n" +
		"  - test_error(width=4, log.every=1) < test_error(width=4, log.every=2)\n" +
		"  - test_error(width=4, log.every=1) = test_error(width=4, log.every=2) within 0.001\n" +
		"  - test_error(width=4, log.every=1) = test_error(width=8, log.every=2) within 0.001\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		width := cell[len(cell)-1:]
		e := ended{wrong: some(30, testExamples), digest: width + string(rune('a'+s.Init))}
		if s.Init%2 == 0 {
			e.wrong[31] = true
		}
		return e
	})
	all := l.verdicts()
	l.is(all[0], Undecided)
	if want := "both sides are the same networks to the bit: neither can be less"; all[0].Because != want {
		t.Errorf("undecided because %q", all[0].Because)
	}
	l.is(all[1], Held, "both sides are the same networks to the bit")
	l.is(all[2], Undecided, "may be unseen") // others, which agree on these examples
	r, err := Read(context.Background(), l.db, "lab")
	if err != nil {
		t.Fatal(err)
	}
	if !r.Cells[0].Copies(r.Cells[2]) || r.Cells[0].Copies(r.Cells[1]) || r.Cells[0].Copies(r.Cells[0]) {
		t.Errorf("%s and %s, %s", r.Cells[0].Label, r.Cells[2].Label, r.Cells[1].Label)
	}
	if distinct := Distinct(r.Cells); len(distinct) != 2 || distinct[0] != r.Cells[0] || distinct[1] != r.Cells[1] {
		t.Errorf("%d of %d cells are distinct", len(distinct), len(r.Cells))
	}
	if board, err := r.Rank(context.Background(), r.Cells, 10); err != nil || board.Ranked != 2 || board.Copies != 2 {
		t.Errorf("%d ranked, %d copies: %v", board.Ranked, board.Copies, err)
	}
}
