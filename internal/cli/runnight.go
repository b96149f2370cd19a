package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/runner"
)

// nightOf has the night of studies in the database, and says how it went.
func (a *app) nightOf(ctx context.Context, plan []runner.Study, sources *runner.Sources, until time.Time, f runFlags,
	resume string) (summary runner.Summary, err error) {
	db, mirror, err := a.openMirrored(ctx, f)
	if err != nil {
		return summary, err
	}
	defer db.Close()
	if err := a.aloneOnNetwork(ctx, db, f); err != nil {
		return summary, err
	}
	if err := f.begin(ctx, db, a.dbPath(), plan); err != nil {
		return summary, err
	}
	place, err := db.Place(ctx, a.dbPath())
	if err != nil {
		return summary, err
	}
	defer place.Close()
	log, file, err := a.openLog()
	if err != nil {
		return summary, err
	}
	defer file.Close()
	made := runner.Provenance()
	made.Repository = runner.Repository(ctx, foldersOf(plan)...)
	o := runner.Options{
		Workers: f.workers, RetryFailed: f.retryFailed, Retries: f.retries, Checkpoint: f.checkpoint, Deadline: until,
		Sources: sources, Provenance: made, Log: log, StudyAt: f.studyAt,
		Free: a.freeMemory, Lease: f.lease, Check: place.Check,
	}
	copied := mirror.copyRepeatedly(ctx, db, f.checkpoint, log)
	summary, err = a.night(ctx, db, plan, o, f)
	err = errors.Join(err, copied())
	if errors.Is(err, store.ErrGone) {
		return summary, a.saveUnlinked(context.WithoutCancel(ctx), place, err)
	}
	if err != nil {
		return summary, err
	}
	if err := errors.Join(place.Close(), db.Close()); err != nil {
		return summary, fmt.Errorf("closing the database: %w", err)
	}
	return summary, a.outcome(ctx, summary, resume)
}

// foldersOf are those of the files of studies, and the one that the program was started in.
func foldersOf(plan []runner.Study) []string {
	var folders []string
	for _, s := range plan {
		if len(s.Cells) > 0 {
			folders = append(folders, s.Cells[0].Config.Data.Dir)
		}
	}
	return append(slices.Compact(folders), ".")
}

// night trains the studies, writes their reports, and looks whether the database is still there then.
func (a *app) night(ctx context.Context, db *store.DB, plan []runner.Study, o runner.Options,
	f runFlags) (runner.Summary, error) {
	if !f.quiet {
		if err := a.warn(plan, o.Sources); err != nil {
			return runner.Summary{}, err
		}
	}
	o, err := a.forecastNight(ctx, db, plan, o, f)
	if err != nil {
		return runner.Summary{}, err
	}
	recorded, err := db.Studies(ctx)
	if err != nil {
		return runner.Summary{}, err
	}
	a.limitMemory()
	collectAsBefore := func() {}
	if o.Model != nil {
		_, largest := o.Model.TooLarge(o, 0, plan...)
		collectAsBefore = cost.CollectSeldom(float64(largest) * float64(o.Workers))
	}
	summary, err := a.train(ctx, db, plan, o, f)
	collectAsBefore()
	if err != nil {
		return summary, err
	}
	if !f.quiet {
		if err := a.printKept(context.WithoutCancel(ctx), db, plan); err != nil {
			return summary, err
		}
	}
	if !a.asksRequeue(ctx) {
		// An interrupted night still gets its report, so the cancelled context is not passed on.
		if err := a.reportNight(context.WithoutCancel(ctx), db, plan, recorded, summary, f); err != nil {
			return summary, err
		}
	}
	return summary, o.Check()
}

// forecastNight gives the options the model that the night is forecast by, and as
// many workers as there is memory for; it refuses a night over its budget.
func (a *app) forecastNight(ctx context.Context, db *store.DB, plan []runner.Study, o runner.Options,
	f runFlags) (runner.Options, error) {
	known, err := night.Read(ctx, db, plan, time.Now(), night.Lease)
	if err == nil {
		known.By = o.Provenance
		o.Model, err = runner.NewModel(ctx, db, known, o.Sources, o.Free())
	}
	if ctx.Err() != nil { // the night is being stopped
		o.Model = nil
		return o, nil
	}
	if err != nil {
		return o, err
	}
	if !f.asMany {
		o.Workers = a.fewerWorkers(o.Model, o, f.quiet)
	}
	if free := a.freeMemory(); !f.quiet && o.Workers == 1 && free > 0 {
		large, _ := o.Model.TooLarge(o, free, plan...) // which are not trained
		if text := swaps(o.Model.Forecast(o, plan...).Memory, free); text != "" && large == 0 {
			fmt.Fprintf(a.err, "warning: %s\n", text)
		}
	}
	if !f.quiet {
		a.printExtended(known.Agenda(f.retryFailed, plan...), plan)
	}
	return o, withinBudget(o.Model, plan, o)
}

// printExtended says which runs go on from finished ones with fewer epochs, and why others do not.
func (a *app) printExtended(agenda *night.Agenda, plan []runner.Study) {
	var all extended
	seen := map[string]bool{} // a run that several studies share is counted once
	for _, s := range plan {
		for i := range s.Runs {
			if id := s.Runs[i].ID; !seen[id] {
				seen[id] = true
				all.add(agenda, id)
			}
		}
	}
	for _, line := range all.lines() {
		fmt.Fprintln(a.err, line)
	}
}

// train has the night, and says how far it is and what it has come to.
func (a *app) train(ctx context.Context, db *store.DB, plan []runner.Study, o runner.Options, f runFlags) (runner.Summary,
	error) {
	p := newProgress(a.err, f.quiet, time.Now)
	stopped := context.AfterFunc(ctx, p.stop)
	o.Observe = func(e runner.Event) {
		p.observe(e)
		if f.observe != nil {
			f.observe(e)
		}
	}
	summary, err := runner.Night(ctx, db, plan, o)
	stopped()
	p.close()
	if !f.quiet && (err == nil || summary.Trained > 0 && !errors.Is(err, store.ErrGone)) {
		a.printSummary(summary)
	}
	return summary, err
}

// withinBudget refuses studies that are forecast to take longer than they may.
func withinBudget(m *runner.Model, plan []runner.Study, o runner.Options) error {
	for _, s := range plan {
		if s.Wall == 0 {
			continue
		}
		if err := m.ForecastMost(o, s).Over(s.Study); err != nil {
			return usage(err)
		}
	}
	return nil
}
