package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

func (a *app) listCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list [STUDY]",
		Short: "List the studies in the database, or the runs of one",
		Example: `  nightshift list
  nightshift list quickstart
  nightshift list quickstart --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			if len(args) == 0 {
				return a.listStudies(cmd.Context(), db, asJSON)
			}
			return a.listRuns(cmd.Context(), db, args[0], asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// listedStudy is a study with its runs counted by status.
type listedStudy struct {
	Study    string               `json:"study"`
	Question string               `json:"question,omitempty"`
	Runs     int                  `json:"runs"`
	Status   map[store.Status]int `json:"status"`
	At       time.Time            `json:"at"`
	Claims   *night.Claims        `json:"claims,omitempty"` // of one that goes on until they are decided, while it is open
}

func (a *app) listStudies(ctx context.Context, db *store.DB, asJSON bool) error {
	_, stored, err := night.ReadStored(ctx, db, func(night.Stored) bool { return false }, time.Now(), night.Lease)
	if err != nil {
		return err
	}
	studies := listed(stored)
	if asJSON {
		return a.printJSON(studies)
	}
	t := newTable(table.Row{"study", "runs", "done", "diverged", "pruned", "failed", "left", "last run", "question"}, "runs",
		"done", "diverged", "pruned", "failed", "left")
	for _, s := range studies {
		left := s.Status[store.Pending] + s.Status[store.Running] + s.Status[store.Interrupted]
		t.AppendRow(table.Row{s.Study, s.Runs, s.Status[store.Done], s.Status[store.Diverged], s.Status[store.Pruned],
			s.Status[store.Failed], left,
			s.At.Local().Format("2006-01-02 15:04"), s.Question})
	}
	fmt.Fprintln(a.out, t.Render())
	return nil
}

// listed are studies as commands print them.
func listed(stored []night.Stored) []listedStudy {
	list := make([]listedStudy, len(stored))
	for i, s := range stored {
		list[i] = listedStudy{s.Study.Study, s.Question, s.Runs, s.Status, s.At, nil}
	}
	return list
}

// listedRun is a line of list STUDY.
type listedRun struct {
	ID         string       `json:"id"`
	Status     store.Status `json:"status"`
	Label      string       `json:"label"`
	SeedData   uint64       `json:"seed_data"`
	SeedInit   uint64       `json:"seed_init"`
	SeedOrder  uint64       `json:"seed_order"`
	Epochs     int          `json:"epochs"`
	TrainLoss  jsonNumber   `json:"train_loss"`
	ValidError jsonNumber   `json:"valid_error"`
	TestError  jsonNumber   `json:"test_error"`
	TestMSE    jsonNumber   `json:"test_mse"`
	Seconds    float64      `json:"seconds"`
}

func (a *app) listRuns(ctx context.Context, db *store.DB, name string, asJSON bool) error {
	runs, err := db.Runs(ctx, name)
	if err != nil {
		return err
	}
	members, err := db.StudyRuns(ctx, name)
	if err != nil {
		return err
	}
	if len(members) == 0 {
		return usage(fmt.Errorf("no study %q in %s; nightshift list shows what there is", name, a.dbPath()))
	}
	if err := asTheyAre(ctx, db, runs); err != nil {
		return err
	}
	labels := map[string]string{}
	for _, m := range members {
		labels[m.RunID] = m.CellLabel
	}
	if asJSON {
		list := make([]listedRun, 0, len(runs))
		for _, r := range runs {
			list = append(list, listedRun{r.ID, r.Status, labels[r.ID], r.SeedData, r.SeedInit, r.SeedOrder, r.Epochs,
				jsonNumber(r.Train.Loss), jsonNumber(r.Valid.Error), jsonNumber(r.Test.Error), jsonNumber(r.Test.MSE), r.Seconds})
		}
		return a.printJSON(list)
	}
	t := newTable(table.Row{"run", "status", "cell", "data", "init", "order", "epochs", "train loss", "valid error",
		"test error", "test MSE", "time"},
		"data", "init", "order", "epochs", "train loss", "valid error", "test error", "test MSE", "time")
	for _, r := range runs {
		t.AppendRow(table.Row{study.ShortID(r.ID), r.Status, labels[r.ID], r.SeedData, r.SeedInit, r.SeedOrder, r.Epochs,
			metricText(r.Train.Loss), percent(r.Valid.Error), percent(r.Test.Error), metricText(r.Test.MSE), duration(r.Seconds)})
	}
	fmt.Fprintln(a.out, t.Render())
	return nil
}

// asTheyAre gives runs the status that they have now: what a process that is gone was training is interrupted.
func asTheyAre(ctx context.Context, db *store.DB, runs []store.Run) error {
	now, _, err := night.ReadStored(ctx, db, func(night.Stored) bool { return false }, time.Now(), night.Lease)
	if err != nil {
		return err
	}
	for i := range runs {
		runs[i].Status = now.Status(runs[i].ID)
	}
	return nil
}
