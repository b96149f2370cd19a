package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/night"
	"nightshift/internal/store"
)

func (a *app) listCommand() *cobra.Command {
	var f listFlags
	c := &cobra.Command{
		Use:   "list [STUDY]",
		Short: "List the studies in the database, or the runs of one",
		Long: `Lists the studies in the database, or the runs of one. Columns are what was measured (test_error,
train_loss, ...), status, seeds, epochs, seconds, the axes of the study, and every key of its
configuration by its path (lr, optimizer.momentum); a name that is none is answered with all.
Tags and notes are shown where there are any.
--columns computes balanced error, AUC, F1 and R² of the stored outputs (test_balanced_error,
test_auc, test_f1, test_r2).
A condition compares columns with numbers, percent and texts in quotes, by and, or, not, in, like,
between and is null.`,
		Example: `  nightshift list
  nightshift list quickstart
  nightshift list quickstart --where "lr > 0.01 and status = 'done'" --sort test_error
  nightshift list quickstart --where "test_error < 5 %" --columns id,lr,width,test_error --json
  nightshift list --orphans`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			switch {
			case f.orphans && len(args) > 0:
				return usage(errors.New("--orphans are runs of no study; leave one of the two out"))
			case f.orphans:
				return a.listRuns(cmd.Context(), db, "", f)
			case len(args) == 0 && f.ofRuns():
				return usage(errors.New("--where, --sort and --columns are about runs: nightshift list STUDY, or --orphans"))
			case len(args) == 0:
				return a.listStudies(cmd.Context(), db, f.json)
			}
			of, err := a.storedStudy(cmd.Context(), db, args[0])
			if err != nil {
				return err
			}
			return a.listRuns(cmd.Context(), db, of.Study, f)
		},
	}
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	c.Flags().StringVar(&f.where, "where", "", "only runs of which this is true")
	c.Flags().StringVar(&f.sort, "sort", "", "columns that runs are ordered by, with - before one for the largest first")
	c.Flags().StringSliceVar(&f.columns, "columns", nil, "columns that are shown")
	c.Flags().BoolVar(&f.orphans, "orphans", false, "list the runs that belong to no study")
	return c
}

// widestQuestion is how much of a question a table shows, in columns.
const widestQuestion = 100

// listedStudy is a study with its runs counted by status.
type listedStudy struct {
	Study    string               `json:"study"`
	Question string               `json:"question,omitempty"`
	Runs     int                  `json:"runs"`
	Status   map[store.Status]int `json:"status"`
	At       time.Time            `json:"at"`
	Claims   *night.Claims        `json:"claims,omitempty"` // of one that goes on until they are decided, while it is open
	Tags     []string             `json:"tags,omitempty"`
	Notes    []string             `json:"notes,omitempty"`
}

func (a *app) listStudies(ctx context.Context, db *store.DB, asJSON bool) error {
	_, stored, err := night.ReadStored(ctx, db, func(night.Stored) bool { return false }, time.Now(), night.Lease)
	if err != nil {
		return err
	}
	remarks, err := db.StudyRemarks(ctx)
	if err != nil {
		return err
	}
	studies := listed(stored)
	for i := range studies {
		about := slices.DeleteFunc(slices.Clone(remarks), func(r store.Remark) bool { return r.Study != studies[i].Study })
		studies[i].Tags, studies[i].Notes = remarkTexts(about, store.Tag), remarkTexts(about, store.Note)
	}
	if asJSON {
		return a.printJSON(studies)
	}
	head := table.Row{"study", "runs", "done", "diverged", "pruned", "failed", "left", "last run", "question"}
	if len(remarks) > 0 {
		head = append(head, "tags and notes")
	}
	t := a.newTable(head, "runs", "done", "diverged", "pruned", "failed", "left")
	t.short, t.spare = "question", []string{"question"}
	for _, s := range studies {
		left := s.Status[store.Pending] + s.Status[store.Running] + s.Status[store.Interrupted]
		row := table.Row{s.Study, s.Runs, s.Status[store.Done], s.Status[store.Diverged], s.Status[store.Pruned],
			s.Status[store.Failed], left,
			s.At.Local().Format("2006-01-02 15:04"), fit(s.Question, widestQuestion)}
		if len(remarks) > 0 {
			row = append(row, strings.Join(slices.Concat(s.Tags, s.Notes), "; "))
		}
		t.AppendRow(row)
	}
	fmt.Fprintln(a.out, t.Render())
	return nil
}

// listed are studies as commands print them.
func listed(stored []night.Stored) []listedStudy {
	list := make([]listedStudy, len(stored))
	for i, s := range stored {
		list[i] = listedStudy{Study: s.Study.Study, Question: s.Question, Runs: s.Runs, Status: s.Status, At: s.At}
	}
	return list
}

// currentStatus sets the status of runs to what it is now: a run that the database has as running is interrupted where its
// process has died.
func currentStatus(ctx context.Context, db *store.DB, runs []store.Run) error {
	now, _, err := night.ReadStored(ctx, db, func(night.Stored) bool { return false }, time.Now(), night.Lease)
	if err != nil {
		return err
	}
	for i := range runs {
		runs[i].Status = now.Status(runs[i].ID)
	}
	return nil
}
