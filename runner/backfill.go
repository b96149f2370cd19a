package runner

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Backfill gives those of the studies' runs that have a result but lack
// weights that a study keeps, as the database has them. They are trained once
// more; the result stays what it is, and the weights are added if the training
// comes to the same metrics and weights, bit for bit.
func Backfill(ctx context.Context, db *store.DB, studies []Study) (map[string]store.Run, error) {
	runs := map[string]study.Run{}
	wanted := map[string]*Retention{}
	for _, s := range studies {
		if s.Keep.Weights == "none" {
			continue
		}
		for _, r := range s.Runs {
			if wanted[r.ID] == nil {
				wanted[r.ID] = &Retention{}
				runs[r.ID] = r
			}
			wanted[r.ID].Add(s.Study)
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	rows, err := results(ctx, db, studies, wanted)
	if err != nil {
		return nil, err
	}
	have, err := db.WeightEpochs(ctx)
	if err != nil {
		return nil, err
	}
	backfill := map[string]store.Run{}
	for _, row := range rows {
		lacking, err := lacks(ctx, db, *wanted[row.ID], runs[row.ID].Config.Config, row, have[row.ID])
		if err != nil {
			return nil, err
		}
		if lacking {
			backfill[row.ID] = row
		}
	}
	return backfill, nil
}

// lacks says whether a result is without any of the weights that are to be
// kept, given the epochs whose weights there are.
func lacks(ctx context.Context, db *store.DB, k Retention, c mlp.Config, row store.Run, have []int) (bool, error) {
	var measured []store.Epoch
	if k.best != nil || c.EarlyStop.Patience > 0 {
		var err error
		if measured, err = db.Epochs(ctx, row.ID); err != nil {
			return false, err
		}
	}
	return slices.ContainsFunc(k.Epochs(c, row, measured), func(e int) bool { return !slices.Contains(have, e) }), nil
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
		lacking, err := lacks(ctx, db, j.retention, j.run.Config.Config, *j.oldResult, have[j.run.ID])
		if err != nil {
			return nil, err
		}
		ids[j.run.ID] = !lacking
	}
	return ids, nil
}

// results gives the rows of the wanted runs that are done or have diverged.
// Nearly all are found as members of the studies; one by one those that only
// other studies have had so far.
func results(ctx context.Context, db *store.DB, studies []Study, wanted map[string]*Retention) ([]store.Run, error) {
	statuses, err := db.Statuses(ctx)
	if err != nil {
		return nil, err
	}
	missing := map[string]bool{}
	for id := range wanted {
		if s := statuses[id]; s == store.Done || s == store.Diverged {
			missing[id] = true
		}
	}
	var list []store.Run
	for _, s := range studies {
		if len(missing) == 0 {
			return list, nil
		}
		rows, err := db.Runs(ctx, s.Name)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if missing[r.ID] {
				list = append(list, r)
				delete(missing, r.ID)
			}
		}
	}
	for id := range missing {
		r, err := db.Run(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// sameEpoch is an error where a run that is trained again for its weights does
// not measure what its result says.
func (t *trainee) sameEpoch(now store.Epoch) error {
	if t.oldResult == nil {
		return nil
	}
	n := len(t.result.Epochs)
	if n >= len(t.oldEpochs) || t.oldEpochs[n].Epoch != now.Epoch {
		return t.differs(Difference{now.Epoch, "measurement", "not there", "there"})
	}
	if d := compareEpoch(t.oldEpochs[n], now); d != nil {
		return t.differs(*d)
	}
	return nil
}

// sameResult is sameEpoch for what a run is at its end.
func (t *trainee) sameResult() error {
	if t.oldResult == nil {
		return nil
	}
	then, now := t.oldResult, t.result.Run
	for _, d := range []Difference{
		{now.Epochs, "status", string(then.Status), string(now.Status)},
		{now.Epochs, "last epoch", fmt.Sprint(then.Epochs), fmt.Sprint(now.Epochs)},
		{now.Epochs, "digest of the weights", cmp.Or(then.Digest, now.Digest), now.Digest},
	} {
		if d.Then != d.Now {
			return t.differs(d)
		}
	}
	return nil
}

// another is the reason of a failure: weights of another result are not mixed
// with the one that there is.
func (t *trainee) differs(d Difference) error {
	return fmt.Errorf("trained again for its weights, the run came to another result (%s; on %s with kernel %s, before on %s with kernel %s), so nothing was changed: train it in another database (--db) to have weights of this machine",
		d, t.o.Provenance.Host, t.o.Provenance.Kernel, t.oldResult.Host, t.oldResult.Kernel)
}
