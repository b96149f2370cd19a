package night

import (
	"fmt"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Round is a part of a study that machines may share which know nothing of each other: what it consists of depends on the
// results of the rounds before only. In a study that prunes it is the way from one rung to the next of the cells that go on,
// and giving up the others; in one that goes on until its claims are decided the seeds that one look at these has asked for;
// any other study is one round.
type Round struct {
	Number int         // counted from 1
	Of     int         // rounds that the study may have at most
	Runs   []study.Run // in the order of the study, whatever has become of them
	Open   int         // of them, those that are not where the round ends

	name     string
	from, to int                      // epochs where those that go on start and stop; study.End for their last one
	stop     map[string]bool          // runs that are given up
	known    map[string]store.AtRungs // of a study that prunes: how far all runs are
	remains  map[string]bool
}

// Remains says whether a run of the round is not where the round ends.
func (r *Round) Remains(id string) bool { return r.remains[id] }

// Epochs are those between which the round trains a run; none of one that is given up.
func (r *Round) Epochs(run *study.Run) (from, to int) {
	if r.stop[run.ID] {
		return 0, 0
	}
	return r.from, min(r.to, run.Epochs)
}

// String says what the round is.
func (r *Round) String() string { return fmt.Sprintf("round %d of %s", r.Number, r.name) }

// Share gives the study with some of the round's runs, which has members according to the whole.
func (r *Round) Share(s Study, has func(id string) bool) Study {
	part := Study{Study: s.Study, Planned: s.Runs}
	if s.Until != nil { // what the round has is decided
		decided := *s.Study
		decided.Until = nil
		part.Study = &decided
	}
	if s.Prune != nil {
		part.Round = r
	}
	for _, run := range r.Runs {
		if has(run.ID) {
			part.Runs = append(part.Runs, run)
		}
	}
	return part
}

// Rounds is how many rounds a study may have at most.
func Rounds(s *study.Study) int {
	switch {
	case s.Prune != nil:
		return len(s.Prune.Rungs) + 1
	case s.Until != nil:
		return s.Until.Max - s.Until.Min + 1
	}
	return 1
}

// Round is one of a study, by what the snapshot knows of the rounds before: they have to be over.
func (s *Snapshot) Round(of Study, number int) (*Round, error) {
	r := &Round{Number: number, Of: Rounds(of.Study), name: "study " + of.Name, to: study.End, stop: map[string]bool{},
		remains: map[string]bool{}}
	if number < 1 || number > r.Of {
		return nil, fmt.Errorf("study %s has rounds 1 to %d, and no round %d", of.Name, r.Of, number)
	}
	agenda := s.Agenda(false, of)
	over := true
	switch {
	case of.Prune != nil:
		over = r.competing(of, s.atRungs[of.Name])
	case of.Until != nil:
		over = r.growing(of, s.trials[false][of.Name])
	default:
		r.Runs = of.Runs
	}
	if !over {
		return nil, fmt.Errorf("round %d of study %s cannot begin: the one before it is not over in the database of what was merged; "+
			"merge the databases of all of its shares first, or train what is missing with --round %d", number, of.Name, number-1)
	}
	for i := range r.Runs {
		id := r.Runs[i].ID
		if r.open(id, s.Status(id), agenda) {
			r.remains[id] = true
			r.Open++
		}
	}
	return r, nil
}

// NextRound is the first round of a study that is not over; nil where all are that there will be.
func (s *Snapshot) NextRound(of Study) (*Round, error) {
	for n := 1; n <= Rounds(of.Study); n++ {
		r, err := s.Round(of, n)
		if err != nil {
			return nil, err
		}
		if r.Open > 0 {
			return r, nil
		}
		if len(r.Runs) == 0 { // no claim has asked for more
			return nil, nil
		}
	}
	return nil, nil
}

// open says whether a run is not where the round ends.
func (r *Round) open(id string, status store.Status, agenda *Agenda) bool {
	switch {
	case r.known == nil:
		return agenda.Need(id).Remains()
	case Final(status):
		return false
	case r.stop[id]:
		return status != store.Pruned
	}
	return r.to == study.End || r.known[id].Last < r.to
}

// competing finds the runs of a round of a study that prunes. It is false where the round before is not over.
func (r *Round) competing(of Study, known map[string]store.AtRungs) (over bool) {
	if r.known = known; known == nil {
		r.known = map[string]store.AtRungs{}
	}
	b := newBracket(of)
	r.restrict(b)
	b.decide()
	if r.Number <= len(b.Rungs) {
		r.to = b.Rungs[r.Number-1]
	}
	if r.Number > 1 {
		r.from = b.Rungs[r.Number-2]
	}
	for i := range of.Runs {
		run := &of.Runs[i]
		switch goal := b.goals[b.of[run.ID]]; {
		case goal.Epoch >= r.to:
		case goal.Epoch == r.from && goal.Decided:
			r.stop[run.ID] = true
		case !goal.Decided:
			return false
		default:
			continue // given up in a round before
		}
		r.Runs = append(r.Runs, *run)
	}
	return true
}

// restrict lets a bracket go by how runs stood at the rungs before the round, which is the same however far the round is.
func (r *Round) restrict(b *bracket) {
	b.known = b.Rungs[:r.Number-1]
	b.recordAll(r.known, false)
}

// growing finds the runs of a round of a study that goes on until its claims are decided. It is false where the round before
// is not over.
func (r *Round) growing(of Study, t *trial) (over bool) {
	last := of.Until.Min + r.Number - 2 // round of seeds, counted from 0
	if r.Number > 1 && t.looks < last && !t.ended {
		return false
	}
	for i := range of.Runs {
		if run := &of.Runs[i]; (run.Round == last || r.Number == 1 && run.Round < last+1) && t.wants(run.ID) {
			r.Runs = append(r.Runs, *run)
		}
	}
	return true
}
