package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/store"
)

func (a *app) statusCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "status",
		Short:   "Say what runs now, what is done and what is left",
		Long:    "Reads the database and says how far its studies are. Works from another terminal while a night is going on.",
		Example: "  nightshift status\n  nightshift status --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			return a.status(cmd.Context(), db, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// night is what status tells.
type night struct {
	Studies []listedStudy `json:"studies"`
	Running []runningRun  `json:"running"`
	// Left is the time that the runs not finished yet need, judged by the mean
	// of their study's finished runs; 0 where nothing is running or none has finished.
	Left float64 `json:"seconds_left"`
}

type runningRun struct {
	ID      string    `json:"id"`
	Study   string    `json:"study"`
	Label   string    `json:"label"`
	Started time.Time `json:"started_at"`
}

func (a *app) status(ctx context.Context, db *store.DB, asJSON bool) error {
	n, err := readNight(ctx, db)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(n)
	}
	t := newTable(table.Row{"study", "runs", "done", "diverged", "failed", "running", "left"}, "runs", "done", "diverged", "failed", "running", "left")
	for _, s := range n.Studies {
		t.AppendRow(table.Row{s.Study, s.Runs, s.Status[store.Done], s.Status[store.Diverged], s.Status[store.Failed],
			s.Status[store.Running], s.Status[store.Pending] + s.Status[store.Interrupted]})
	}
	fmt.Fprintln(a.out, t.Render())
	if len(n.Running) == 0 {
		return nil
	}
	fmt.Fprintln(a.out, "\nrunning now")
	for _, r := range n.Running {
		fmt.Fprintf(a.out, "  %s  %s: %s, since %s\n", short(r.ID), r.Study, r.Label, r.Started.Local().Format("15:04:05"))
	}
	if n.Left > 0 {
		fmt.Fprintf(a.out, "about %s left\n", duration(n.Left))
	}
	return nil
}

func readNight(ctx context.Context, db *store.DB) (night, error) {
	studies, err := countStudies(ctx, db)
	if err != nil {
		return night{}, err
	}
	n := night{Studies: studies, Running: []runningRun{}}
	seen := map[string]bool{} // a run that several studies share is counted once
	work := 0.0
	for _, s := range studies {
		left := s.Status[store.Pending] + s.Status[store.Interrupted] + s.Status[store.Running]
		if left == 0 {
			continue
		}
		runs, err := db.Runs(ctx, s.Study)
		if err != nil {
			return night{}, err
		}
		var seconds float64
		finished, open := 0, 0
		for _, r := range runs {
			switch r.Status {
			case store.Done, store.Diverged:
				seconds += r.Seconds
				finished++
				continue
			case store.Failed, store.Pruned:
				continue
			}
			if seen[r.ID] {
				continue
			}
			seen[r.ID] = true
			open++
			if r.Status == store.Running {
				n.Running = append(n.Running, runningRun{r.ID, s.Study, r.Label, r.Started})
			}
		}
		if finished > 0 {
			work += float64(open) * seconds / float64(finished)
		}
	}
	if len(n.Running) > 0 {
		n.Left = work / float64(len(n.Running))
	}
	return n, nil
}
