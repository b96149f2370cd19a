package runner

import (
	"context"
	"slices"

	"nightshift/internal/night"
	"nightshift/internal/store"
)

// checkOthers looks at the jobs that other processes held. It counts those that are finished, and takes a hold on those that
// are free again.
func (q *queue) checkOthers(ctx context.Context) error {
	owners, err := night.Owners(ctx, q.db, q.o.Now(), q.o.Lease)
	if err != nil {
		return err
	}
	q.watch.Look(owners, q.o.Now(), q.o.Lease)
	dead, err := reapDead(ctx, q.db, owners, q.o)
	if err != nil {
		return err
	}
	q.obs.tellTakenOver(dead)
	statuses, err := q.db.Statuses(ctx)
	if err != nil {
		return err
	}
	over, err := complete(ctx, q.db, q.others)
	if err != nil {
		return err
	}
	if err := q.rungs.read(ctx, q.db, q.others); err != nil {
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
			row, err := q.db.Run(ctx, j.run.ID)
			if err != nil {
				return err
			}
			q.rungs.end(j, row)
			q.rounds.Learn(j.run.ID, status)
			q.obs.send(Event{Kind: Elsewhere, Run: *j.run, Status: status, Reason: row.Reason, Epochs: row.Epochs,
				work: j.work()})
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
	if err := q.prune(ctx, lost); err != nil {
		return err
	}
	taken, rest, err := q.holdBatch(ctx, open)
	q.others = slices.Concat(q.others, rest, taken) // the next time others come first
	return err
}
