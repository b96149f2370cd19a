package runner

import (
	"context"
	"errors"
	"slices"

	"nightshift/internal/night"
	"nightshift/internal/store"
)

// holdBatch takes a hold on the first few of the jobs. It returns those of them that another process holds, and the jobs after
// them.
func (q *queue) holdBatch(ctx context.Context, jobs []job) (taken, rest []job, err error) {
	batch, rest := q.takeBatch(jobs)
	held, err := q.holdJobs(ctx, batch)
	for _, j := range batch {
		if !slices.Contains(held, j.run.ID) {
			taken = append(taken, j)
		}
	}
	return taken, rest, err
}

// holdJobs takes a hold on those of the jobs that are free, and appends them to q.held. It returns the identities of the runs
// held.
func (q *queue) holdJobs(ctx context.Context, jobs []job) ([]string, error) {
	if len(jobs) == 0 {
		return nil, nil
	}
	now := q.heartbeat.ownership()
	held, checkpoints, err := q.holdAs(ctx, now.owner, jobs)
	if errors.Is(err, store.ErrHoldLost) { // as after the machine was suspended, noticed here before the heartbeat
		if err := q.heartbeat.renew(ctx, now); err != nil {
			return nil, err
		}
		now = q.heartbeat.ownership()
		held, checkpoints, err = q.holdAs(ctx, now.owner, jobs)
	}
	if err != nil || len(held) == 0 {
		return nil, err
	}
	reached, err := q.releaseReached(ctx, now.owner, held)
	for _, j := range jobs {
		switch {
		case reached[j.run.ID]:
			q.rungs.wait(j)
		case slices.Contains(held, j.run.ID):
			j.reached(checkpoints)
			q.held = append(q.held, task{job: q.rungs.withGoal(j), owner: now.owner, ctx: now.ctx})
		}
	}
	return held, err
}

// holdAs takes holds for an owner on those of the jobs that are free, and returns the identities of their runs, with the epochs
// of the checkpoints that these have by then: another process may have made them a moment ago.
func (q *queue) holdAs(ctx context.Context, owner string, jobs []job) (held []string, checkpoints map[string]int, err error) {
	err = q.db.Together(ctx, func(db *store.DB) error {
		if held, err = q.holdFree(ctx, db, owner, jobs); err != nil || len(held) == 0 {
			return err
		}
		checkpoints, err = db.Checkpoints(ctx, held...)
		return err
	})
	return held, checkpoints, err
}

// holdFree takes the holds, and returns the identities of the runs.
func (q *queue) holdFree(ctx context.Context, db *store.DB, owner string, jobs []job) (held []string, err error) {
	var ids, backfills []string
	for _, j := range jobs {
		if j.oldResult == nil {
			ids = append(ids, j.run.ID)
		} else {
			backfills = append(backfills, j.run.ID)
		}
	}
	if len(ids) > 0 {
		held, err = db.Hold(ctx, owner, q.o.Now(), ids...)
	}
	if err == nil && len(backfills) > 0 {
		backfills, err = q.holdForBackfill(ctx, db, owner, jobs, backfills)
		held = append(held, backfills...)
	}
	return held, err
}

// holdForBackfill takes hold of those of the jobs with a result. What another process has
// completed a moment ago is given back, and seen to later.
func (q *queue) holdForBackfill(ctx context.Context, db *store.DB, owner string, jobs []job, ids []string) ([]string, error) {
	held, err := db.HoldForBackfill(ctx, owner, q.o.Now(), ids...)
	if err != nil {
		return nil, err
	}
	over, err := complete(ctx, db, jobs)
	if err != nil {
		return nil, err
	}
	var mine, back []string
	for _, id := range held {
		if over[id] {
			back = append(back, id)
		} else {
			mine = append(mine, id)
		}
	}
	if len(back) == 0 {
		return mine, nil
	}
	return mine, db.Release(ctx, owner, back...)
}

// complete gives those of the jobs with a result that have all the weights that
// are to be kept by now.
func complete(ctx context.Context, db *store.DB, jobs []job) (map[string]bool, error) {
	ids := map[string]bool{}
	if !slices.ContainsFunc(jobs, func(j job) bool { return j.oldResult != nil }) {
		return ids, nil
	}
	have, err := db.WeightEpochs(ctx)
	if err != nil {
		return nil, err
	}
	for _, j := range jobs {
		if j.oldResult == nil {
			continue
		}
		lacking, err := night.Lacks(ctx, db, j.retention, j.run.Config.Config, *j.oldResult, have[j.run.ID])
		if err != nil {
			return nil, err
		}
		ids[j.run.ID] = !lacking
	}
	return ids, nil
}

// releaseReached gives back those of the runs just held that others have brought to
// where they are wanted in the meantime.
func (q *queue) releaseReached(ctx context.Context, owner string, held []string) (map[string]bool, error) {
	reached := map[string]bool{}
	var release []string
	for _, id := range held {
		if q.rungs.contenders[id] != nil {
			release = append(release, id)
		}
	}
	if len(release) == 0 {
		return reached, nil
	}
	news, err := q.rungs.Halving.Read(ctx, q.db, release, true) // what has failed before is being tried again
	if err != nil {
		return nil, err
	}
	q.rungs.news = q.rungs.news || news
	release = slices.DeleteFunc(release, func(id string) bool {
		_, v := q.rungs.Goal(id)
		return v == night.Advance
	})
	for _, id := range release {
		reached[id] = true
	}
	if len(release) == 0 {
		return reached, nil
	}
	return reached, q.db.Release(ctx, owner, release...)
}
