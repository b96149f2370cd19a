package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/runner"
	"nightshift/runner/slurm"
)

// missing lists the runs that are still to be trained, in the order in which they are trained, and counts all of them: of the
// study or, where its cells compete, of the round that is not over.
func (sub *submitter) missing() (list []runner.Member, all int, err error) {
	db, err := sub.openIfThere()
	if err != nil {
		return nil, 0, err
	}
	if db != nil {
		defer db.Close()
	}
	if competes(sub.study) {
		return sub.missingOfRound(db)
	}
	known, err := night.Read(sub.ctx, db, sub.plan, time.Now(), night.Lease)
	if err != nil {
		return nil, 0, err
	}
	known.By = runner.Provenance()
	agenda := known.Agenda(sub.flags.retryFailed, sub.study)
	members, err := runner.Members(sub.plan, sub.sources)
	if err != nil {
		return nil, 0, err
	}
	all = len(members)
	return slices.DeleteFunc(members, func(m runner.Member) bool { return !agenda.Need(m.ID).Remains() }), all, nil
}

// competes says whether what is trained of a study depends on the results of its other runs.
func competes(s runner.Study) bool { return s.Prune != nil || s.Until != nil }

// missingOfRound is missing of the first round that is not over.
func (sub *submitter) missingOfRound(db *store.DB) (list []runner.Member, all int, err error) {
	r, err := runner.NextRound(sub.ctx, db, sub.study)
	if err != nil || r == nil {
		return nil, 0, err
	}
	sub.round = r.Number
	if list, err = runner.RoundMembers(sub.study, r, sub.sources); err != nil {
		return nil, 0, err
	}
	all = len(list)
	return slices.DeleteFunc(list, func(m runner.Member) bool { return !r.Remains(m.ID) }), all, nil
}

// openIfThere opens the database for reading; nil where there is none yet.
func (a *app) openIfThere() (*store.DB, error) {
	if _, err := os.Stat(a.dbPath()); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return a.openRead()
}

// division is what a submission adds to the one before.
type division struct {
	batch    int // that the tasks are of
	isNew    bool
	resumed  []int             // tasks of the batch that are submitted again
	added    [][]runner.Member // further tasks
	closed   []slurm.Place     // tasks whose runs stand in others now
	unmerged int               // runs that are trained, but not in the database
	queued   int               // runs of tasks that are in the queue
	missing  int               // runs to be submitted
	all      int               // runs of the study
}

// tasks are the numbers of the batch's tasks that are submitted, given how many it has already.
func (d division) tasks(have int) []int {
	list := slices.Clone(d.resumed)
	for i := range d.added {
		list = append(list, have+i+1)
	}
	return list
}

// divide says which tasks are to be submitted: those that are in no queue and have not come to their end, as they are, and
// further ones for missing runs that stand in none. Where
// --tasks asks for another number than before, what is missing is divided anew.
func (sub *submitter) divide() (d division, err error) {
	missing, all, err := sub.missing()
	if err != nil {
		return d, err
	}
	b, err := sub.batch()
	if err != nil {
		return d, err
	}
	s := &sub.submission
	over := competes(sub.study) && sub.round == 0
	if n := len(s.Batches); n == 0 || s.Batches[n-1].Sum != b.Sum && !over {
		b.At = now()
		if n > 0 && s.Batches[n-1].Version == b.Version {
			b.At = s.Batches[n-1].At // the same study, of which the database has one version
		}
		s.Batches = append(s.Batches, b)
		d.isNew = true
	}
	d.batch, d.all = len(s.Batches), all
	left := map[string]bool{}
	for _, m := range missing {
		left[m.ID] = true
	}
	if err := sub.subtract(&d, left); err != nil {
		return d, err
	}
	d.missing = len(left)
	var free []runner.Member
	for _, m := range missing {
		if left[m.ID] {
			free = append(free, m)
		}
	}
	if last := &s.Batches[d.batch-1]; !d.isNew && (sub.flags.tasks == 0 || sub.flags.tasks == last.Asked) {
		if free, err = sub.resume(&d, left, free); err != nil {
			return d, err
		}
	} else if len(free) > 0 {
		d.closed, last.Asked = sub.idle(), sub.flags.tasks
	}
	if len(free) > 0 {
		d.added = runner.Shares(free, sub.tasksFor(free))
	}
	return d, nil
}

// resume submits tasks of the batch again that have missing runs, as they are, so that these go on from their checkpoints, and
// gives the runs that stand in none.
func (sub *submitter) resume(d *division, left map[string]bool, free []runner.Member) ([]runner.Member, error) {
	kept := map[string]bool{}
	for _, p := range sub.idle() {
		if p.Batch != d.batch {
			continue
		}
		ids, err := sub.folder.ReadTask(p.Batch, p.Task)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(ids, func(id string) bool { return left[id] }) {
			d.resumed = append(d.resumed, p.Task)
			for _, id := range ids {
				kept[id] = true
			}
		}
	}
	return slices.DeleteFunc(free, func(m runner.Member) bool { return kept[m.ID] }), nil
}

// now is the time to the millisecond, as databases have it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// idle lists the tasks that are in no queue and not closed.
func (sub *submitter) idle() (list []slurm.Place) {
	queued := sub.submission.Queued(sub.queue)
	for b, batch := range sub.submission.Batches {
		for t, task := range batch.Tasks {
			p := slurm.Place{Batch: b + 1, Task: t + 1}
			if _, is := queued[p]; !is && !task.Closed {
				list = append(list, p)
			}
		}
	}
	return list
}

// subtract takes out of left what tasks in the queue have, and what others have trained.
func (sub *submitter) subtract(d *division, left map[string]bool) error {
	take := func(ids []string) (n int) {
		for _, id := range ids {
			if left[id] {
				delete(left, id)
				n++
			}
		}
		return n
	}
	queued := sub.submission.Queued(sub.queue)
	for p := range queued {
		if sub.submission.Batches[p.Batch-1].Round != sub.round {
			continue
		}
		ids, err := sub.folder.ReadTask(p.Batch, p.Task)
		if err != nil {
			return err
		}
		d.queued += take(ids)
	}
	for b, batch := range sub.submission.Batches {
		for t := range batch.Tasks {
			p := slurm.Place{Batch: b + 1, Task: t + 1}
			if _, is := queued[p]; is || batch.Round != sub.round {
				continue
			}
			over, err := sub.trained(p)
			if err != nil {
				return err
			}
			d.unmerged += take(over)
		}
	}
	return nil
}

// trained lists the runs of a task that need nothing more, by the database that it has copied back.
func (sub *submitter) trained(p slurm.Place) ([]string, error) {
	if sub.round > 0 { // where a round ends, most runs have no result yet
		said, err := sub.folder.Progress(p)
		if err != nil || !said.Complete() {
			return nil, err
		}
		return sub.folder.ReadTask(p.Batch, p.Task)
	}
	path := sub.folder.Database(p.Batch, p.Task)
	if !exists(path) {
		return nil, nil
	}
	db, err := store.OpenReadOnly(path)
	if err != nil {
		return nil, fmt.Errorf("what task %d has copied back (move the file away, and all of it is trained again): %w", p.Task, err)
	}
	defer db.Close()
	states, err := db.States(sub.ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for id, s := range states {
		switch s.Status {
		case store.Done, store.Diverged, store.Pruned:
			ids = append(ids, id)
		case store.Failed:
			if !sub.flags.retryFailed {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// hour is the cost of an hour of one core at the reference speed, in the units of runner.Member.
const hour = 3600 * 1e6

// tasksFor is how many tasks runs are divided into: as many as were asked for, else tasks of an hour, 100 at most; never more
// than would leave a core without a run.
func (sub *submitter) tasksFor(runs []runner.Member) int {
	n := sub.flags.tasks
	if n == 0 {
		var cost int64
		for _, m := range runs {
			cost += m.Cost
		}
		n = min(100, int(float64(cost)/hour/float64(sub.options.CPUs))+1)
	}
	return max(1, min(n, (len(runs)+sub.options.CPUs-1)/sub.options.CPUs))
}
