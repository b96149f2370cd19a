package runner

import (
	"context"
	"slices"

	"nightshift/internal/night"
	"nightshift/internal/store"
)

// checkOthers sees what has become of the jobs that others held: what is
// finished is counted, and what nobody holds any more is held by this process.
func (q *queue) checkOthers(ctx, recording context.Context) error {
	owners, err := night.Owners(recording, q.db, q.o.Now(), q.o.Lease)
	if err != nil {
		return err
	}
	if err := reapDead(recording, q.db, owners, q.o); err != nil {
		return err
	}
	statuses, err := q.db.Statuses(recording)
	if err != nil {
		return err
	}
	over, err := complete(recording, q.db, q.others)
	if err != nil {
		return err
	}
	if err := q.rungs.read(recording, q.db, q.others); err != nil {
		return err
	}
	var open, lost []job
	for _, j := range q.others {
		status := statuses[j.run.ID]
		if j.oldResult != nil && !over[j.run.ID] && (status == store.Done || status == store.Diverged) {
			open = append(open, j)
			continue
		}
		j.oldResult = nil // a result that has been taken back, as nightshift fsck does, is trained like any other
		_, v := q.rungs.Goal(j.run.ID)
		switch {
		case night.Final(status), status == store.Pruned && v == night.Stop:
			row, err := q.db.Run(recording, j.run.ID)
			if err != nil {
				return err
			}
			q.rungs.end(j, row)
			q.obs.send(Event{Kind: Elsewhere, Run: *j.run, Status: status, Reason: row.Reason, Epochs: row.Epochs, work: j.work()})
			q.lib.release(j)
		case v == night.Wait:
			q.rungs.wait(j)
		case v == night.Stop:
			lost = append(lost, j)
		default:
			open = append(open, q.rungs.withGoal(j))
		}
	}
	q.others = nil
	if err := q.prune(recording, lost); err != nil {
		return err
	}
	lost, q.others = q.others, nil // which somebody holds for another study
	batch, rest := q.takeBatch(open)
	q.others = append(lost, rest...)
	held, err := q.holdJobs(recording, batch)
	for _, j := range batch {
		if !slices.Contains(held, j.run.ID) {
			q.others = append(q.others, j)
		}
	}
	return err
}
