package runner

import (
	"context"
	"fmt"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Replan records a study anew as the database has it, recorded at the given time: the runs and
// members that are lost wait to be trained. It returns the runs that the database did not know.
func Replan(ctx context.Context, db *store.DB, s Study, sources *Sources, at time.Time) (lost []study.Run, err error) {
	p, err := newPlan([]Study{s}, sources)
	if err != nil {
		return nil, err
	}
	known, err := night.Read(ctx, db, p.studies, at, night.Lease)
	if err != nil {
		return nil, err
	}
	agenda := known.Agenda(false, s)
	for _, r := range s.Runs {
		if !known.Known(r.ID) && agenda.Wanted(r.ID) {
			lost = append(lost, r)
		}
	}
	return lost, p.record(ctx, db, agenda, at)
}

// RestoreData adds the row of a run's data set where the database has lost it. The error says why the data cannot be read, or
// that they are not those of the run.
func RestoreData(ctx context.Context, db *store.DB, sources *Sources, r store.Run) error {
	config, err := study.ReadConfig(r.Config)
	if err != nil {
		return err
	}
	now, err := sources.Fingerprint(config.Data)
	if err != nil {
		return err
	}
	if now != r.Data {
		return fmt.Errorf("data set %.24s: its files or its generator give other examples now (%.24s)", r.Data, now)
	}
	d, err := sources.files.Load(config.Data, r.SeedData)
	if err != nil {
		return err
	}
	row, err := datasetRow(r.Data, sources.files, config.Data, d)
	if err != nil {
		return err
	}
	return db.PutDataset(ctx, row)
}
