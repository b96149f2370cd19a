package cli

import (
	"context"
	"errors"
	"fmt"

	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/runner"
)

// plannedRound is what comes next of a study that is trained in rounds.
type plannedRound struct {
	Study string   `json:"study"`
	Round int      `json:"round"` // that comes next, or is not over; 0 where the study is over
	Of    int      `json:"rounds_at_most"`
	Runs  int      `json:"runs"`           // of the round
	Open  int      `json:"open"`           // of them, those that are not where it ends
	List  []string `json:"list,omitempty"` // their identities
}

// planRound prints which round of a study comes next by what a database (nil for none yet) holds: its number, or nothing.
func (a *app) planRound(ctx context.Context, db *store.DB, plan []runner.Study, f planFlags) error {
	if len(plan) != 1 || f.given() {
		return usage(errors.New("--next-round is of one whole study; --shard, --only and --round are for run"))
	}
	s := plan[0]
	r, err := runner.NextRound(ctx, db, s)
	if err != nil {
		return err
	}
	p := plannedRound{Study: s.Name, Of: night.Rounds(s.Study)}
	if r != nil {
		p.Round, p.Runs, p.Open = r.Number, len(r.Runs), r.Open
		for i := range r.Runs {
			if id := r.Runs[i].ID; f.runs && r.Remains(id) {
				p.List = append(p.List, id)
			}
		}
	}
	switch {
	case f.json:
		return a.printJSON(p)
	case r == nil:
		fmt.Fprintf(a.err, "study %s is over: nothing is to be trained\n", s.Name)
	default:
		fmt.Fprintf(a.err, "round %d of %s, at most %d: %s, of which %d are not where it ends\n", r.Number, s.Name, p.Of,
			number.Count(p.Runs, "run"), p.Open)
		fmt.Fprintln(a.out, r.Number)
	}
	return nil
}
