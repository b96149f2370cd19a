package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

// rescued is what --rescue has saved and what is lost.
type rescued struct {
	Database string      `json:"database"`
	Rows     int         `json:"rows"`
	Empty    []int       `json:"empty_pages"`   // nothing but zeros
	Bad      []int       `json:"damaged_pages"` // not all of which could be read
	Results  int         `json:"results"`
	Left     int         `json:"left"` // runs to be trained, those that were before included
	Restored []finding   `json:"restored"`
	Lost     []finding   `json:"lost"`
	Studies  []lostStudy `json:"studies"`
}

// lostStudy is a study that could not be planned anew.
type lostStudy struct {
	Study string `json:"study"`
	Why   string `json:"why"`
}

// rescue makes a database of what can be read of a damaged one.
func (a *app) rescue(ctx context.Context, to string, asJSON bool) error {
	found, err := store.Rescue(ctx, a.dbPath(), to)
	if errors.Is(err, fs.ErrExist) {
		return usage(fmt.Errorf("%s is there already; name a file that is not", to))
	}
	if err != nil {
		return err
	}
	r := rescued{Database: to, Rows: found.Rows, Empty: append([]int{}, found.Empty...), Bad: append([]int{}, found.Bad...),
		Restored: []finding{}, Lost: []finding{}, Studies: []lostStudy{}}
	db, err := store.Open(to)
	if err != nil {
		return err
	}
	defer db.Close()
	c, err := a.check(ctx, db, true)
	if err != nil {
		return fmt.Errorf("%s: %w", to, err)
	}
	for _, f := range append(c.Repaired, c.Left...) {
		if f.Whole {
			r.Restored = append(r.Restored, f)
		} else {
			r.Lost = append(r.Lost, f)
		}
	}
	if err := a.replan(ctx, db, &r); err != nil {
		return err
	}
	if err := r.count(ctx, db); err != nil {
		return err
	}
	if asJSON {
		err = a.printJSON(r)
	} else {
		a.printRescued(r)
	}
	if err == nil && len(r.Lost)+len(r.Studies) > 0 {
		err = exit{code: exitError}
	}
	return err
}

// replan records the studies anew, so that runs that are lost are known and wait.
func (a *app) replan(ctx context.Context, db *store.DB, r *rescued) error {
	studies, err := db.Studies(ctx)
	if err != nil {
		return err
	}
	sources := runner.NewSources(a.dataDirs())
	for _, of := range slices.Backward(studies) {
		s, err := study.Parse(of.Study, []byte(of.YAML), of.Set)
		var runs []study.Run
		if err == nil {
			runs, err = s.Runs(sources.Fingerprint)
		}
		var lost []study.Run
		if err == nil {
			lost, err = runner.Replan(ctx, db, runner.Study{Study: s, Runs: runs}, sources, of.At)
		}
		if err != nil {
			r.Studies = append(r.Studies, lostStudy{of.Study, err.Error()})
			continue
		}
		for _, one := range lost {
			r.Lost = append(r.Lost, finding{one.ID, fmt.Sprintf("%s is lost", one.Label), "it will be trained again", true, false})
		}
	}
	return nil
}

func (r *rescued) count(ctx context.Context, db *store.DB) error {
	statuses, err := db.Statuses(ctx)
	for _, s := range statuses {
		switch s {
		case store.Done, store.Diverged, store.Pruned:
			r.Results++
		case store.Pending, store.Interrupted:
			r.Left++
		}
	}
	return err
}

func (a *app) printRescued(r rescued) {
	for _, f := range append(r.Restored, r.Lost...) {
		fmt.Fprintf(a.out, "%s\n  %s\n", f, f.Remedy)
	}
	for _, s := range r.Studies {
		fmt.Fprintf(a.out, "study %s cannot be planned from the database; nightshift run with its file and --db %s does that (%s)\n",
			s.Study, file.ShellWord(r.Database), s.Why)
	}
	if n := len(r.Empty) + len(r.Bad); n > 0 {
		fmt.Fprintf(a.out, "%s damaged or empty\n", number.Count(n, "page"))
	}
	fmt.Fprintf(a.out, "%s: %s with a result, %d to be trained\n", r.Database, number.Count(r.Results, "run"), r.Left)
}
