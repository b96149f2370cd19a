// Package night says what a database knows of studies, and what a night of them
// still has to do. run, plan, status and report ask here, so that they agree.
//
// The database is read once, by Read, and what was there is a value: a Snapshot.
// Everything else is a pure function of it.
//
//	snapshot.go   Read: statuses, owners, checkpoints, weights, results, metrics at the rungs
//	owner.go      whether a process that holds runs is alive
//	agenda.go     what a night has to do with each run: the table below
//	retention.go  which weights of a run its studies keep
//	halving.go    how far the runs of studies that prune are trained; bracket.go the competition of one study
//	round.go      the part of such a study that can be trained in shares
//	sequential.go which runs studies want that go on until their claims are decided; trial.go one such study
//	timeleft.go   the time that the rest takes
//
// A run in the database, and what an Agenda makes of it:
//
//	pending -----> running -----> done, diverged -----> Present, or Backfill where weights are lacking
//	   ^              |    -----> failed -------------> Failed, or Missing where failures are tried again
//	   |              |    -----> pruned -------------> Present, or Reopened where it is wanted further
//	   |              v
//	   +----- interrupted (its process has stopped, or is dead) and pending: Missing, or where no study
//	          wants the run Later, if one may come to, and Unwanted
package night

import "nightshift/internal/study"

// Study is a study with the runs that it consists of, or with a share of them.
type Study struct {
	*study.Study
	Runs []study.Run // that are seen to
	// Planned are the runs of the whole study, where Runs are a share of them that is trained apart from the others; nil where
	// Runs are all of them.
	Planned []study.Run
	Round   *Round // that Runs are of, in a study that prunes; nil for none
}

// Whole are the runs of the whole study.
func (s Study) Whole() []study.Run {
	if s.Planned != nil {
		return s.Planned
	}
	return s.Runs
}

// Shared says which runs a share of the study has; nil for a whole one.
func (s Study) Shared() (has func(id string) bool) {
	if s.Planned == nil {
		return nil
	}
	in := make(map[string]bool, len(s.Runs))
	for i := range s.Runs {
		in[s.Runs[i].ID] = true
	}
	return func(id string) bool { return in[id] }
}
