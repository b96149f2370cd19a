package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/runner"
)

func (a *app) statusCommand() *cobra.Command {
	var asJSON, watch bool
	c := &cobra.Command{
		Use:   "status [STUDY]",
		Short: "Say what runs now, what is done and what is left",
		Long: `Reads the database and says how far its studies are, which processes are at
work and which are gone, and what time is left as they say it, too. Works from
another terminal while a night is going on; --watch stays until that is over, or
until Ctrl-C, which does not end the night.

With the name of a study that was submitted to Slurm it says what its tasks are doing:
queued and why, running where, requeued, done, failed with the last lines of their logs.`,
		Example: "  nightshift status\n  nightshift status --watch\n  nightshift status --json\n  nightshift status my-study",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if watch && asJSON {
				return usage(fmt.Errorf("--watch is for people; call status --json again and again instead"))
			}
			if len(args) == 1 {
				return a.clusterStatus(cmd.Context(), args[0], watch, asJSON)
			}
			if !asJSON && !watch {
				if shown, err := a.printSubmitted(cmd.Context()); err != nil || shown && !exists(a.dbPath()) {
					return err
				}
			}
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			if watch {
				return a.watch(cmd.Context(), db)
			}
			n, err := readNight(cmd.Context(), db, nil, a.workOf(), time.Now())
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(n)
			}
			a.printNight(n)
			return nil
		},
	}
	c.Flags().BoolVar(&watch, "watch", false, "stay and keep it up to date until the night is over")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// nightStatus is what the database says of the nights that are under way.
type nightStatus struct {
	Studies []listedStudy `json:"studies"`
	Owners  []owner       `json:"processes"`
	Running []runningRun  `json:"running"`
	// Left is the time that the runs not finished yet are expected to need, as the process
	// that trains says it, too; 0 where nothing is running or nothing is known yet.
	SecondsLeft float64 `json:"seconds_left"`

	runs, over               int // of the studies that are being trained
	diverged, pruned, failed int
	claims                   night.Claims
}

// owner is a process that trains.
type owner struct {
	Host  string    `json:"host"`
	PID   int       `json:"pid"`
	Seen  time.Time `json:"seen_at"`
	Gone  bool      `json:"gone"`  // dead, or not heard of for so long that others take over
	State string    `json:"state"` // at work, stopped, gone, or why it is
}

type runningRun struct {
	ID      string      `json:"id"`
	Study   string      `json:"study"`
	Label   string      `json:"label"`
	Seeds   study.Seeds `json:"seeds"`
	Epoch   int         `json:"epoch"` // that is over
	Of      int         `json:"epochs"`
	Loss    jsonNumber  `json:"train_loss"`
	Started time.Time   `json:"started_at"`
}

// isTraining says whether any process is training.
func (n nightStatus) isTraining() bool {
	for _, o := range n.Owners {
		if !o.Gone {
			return true
		}
	}
	return false
}

func (a *app) printNight(n nightStatus) {
	t := a.newTable(table.Row{"study", "runs", "done", "diverged", "pruned", "failed", "running", "left"}, "runs", "done",
		"diverged", "pruned", "failed", "running", "left")
	for _, s := range n.Studies {
		t.AppendRow(table.Row{s.Study, s.Runs, s.Status[store.Done], s.Status[store.Diverged], s.Status[store.Pruned],
			s.Status[store.Failed],
			s.Status[store.Running], s.Status[store.Pending] + s.Status[store.Interrupted]})
	}
	fmt.Fprintln(a.out, t.Render())
	for _, s := range n.Studies {
		if s.Claims != nil {
			fmt.Fprintf(a.out, "%s: %s\n", s.Study, s.Claims)
		}
	}
	if len(n.Owners) > 0 {
		fmt.Fprintln(a.out, "\nprocesses")
	}
	for _, o := range n.Owners {
		state := o.State
		if state != "at work" {
			state += ", last heard of at " + o.Seen.Local().Format("2006-01-02 15:04:05")
		}
		fmt.Fprintf(a.out, "  %d on %s, %s\n", o.PID, o.Host, state)
	}
	if len(n.Running) == 0 {
		return
	}
	fmt.Fprintln(a.out, "\nrunning now")
	for _, r := range n.Running {
		fmt.Fprintf(a.out, "  %s  %s: %s, seed %s, since %s, epoch %d of %d", study.ShortID(r.ID), r.Study, r.Label, seed(r.Seeds),
			r.Started.Local().Format("15:04:05"), r.Epoch, r.Of)
		if r.Loss.Valid {
			fmt.Fprintf(a.out, ", training loss %.4g", r.Loss.V)
		}
		fmt.Fprintln(a.out)
	}
	if n.SecondsLeft > 0 {
		fmt.Fprintf(a.out, "%sabout %s left\n", atLeast(n.claims), number.Approx(time.Duration(n.SecondsLeft*float64(time.Second))))
	}
}

// readNight looks at the studies that are being trained, those in watched (which
// they are added to) included. Work is that of a run.
func readNight(ctx context.Context, db *store.DB, watched map[string]bool, work func(*study.Run) float64,
	now time.Time) (nightStatus, error) {
	n := nightStatus{Owners: []owner{}, Running: []runningRun{}}
	known, stored, err := night.ReadStored(ctx, db, func(s night.Stored) bool {
		if watched != nil && s.Open() {
			watched[s.Study.Study] = true
		}
		return s.Open() || watched[s.Study.Study]
	}, now, night.Lease)
	if err != nil {
		return nightStatus{}, err
	}
	for _, o := range known.Owners {
		n.Owners = append(n.Owners, owner{o.Host, o.PID, o.Seen, !o.Alive, strings.TrimPrefix(o.State(), "is ")})
	}
	n.Studies = listed(stored)
	seen := map[string]bool{} // a run that several studies share is counted once
	for _, s := range known.Studies {
		for _, r := range s.Runs {
			if !seen[r.ID] {
				seen[r.ID] = true
				row, _ := known.Row(r.ID)
				n.count(row, known.Status(r.ID), r, s.Name)
			}
		}
	}
	known.By = runner.Provenance()
	agenda := known.Agenda(false, known.Studies...)
	n.SecondsLeft, n.claims = agenda.TimeLeft(work, now).Seconds(), agenda.Sequential.Claims()
	for i, s := range n.Studies {
		if claims, ok := agenda.Sequential.ClaimsOf(s.Study); ok {
			n.Studies[i].Claims = &claims
		}
	}
	return n, nil
}

// workOf gives the work of runs by their data, if they can be found, and else as
// if one number were mapped to another.
func (a *app) workOf() func(*study.Run) float64 {
	sources := runner.NewSources(a.dataDirs())
	cells := map[string]float64{}
	return func(r *study.Run) float64 {
		work, ok := cells[r.Cell]
		if !ok {
			shape, err := sources.Shape(r.Data)
			if err != nil {
				shape = mlp.Shape{In: 1, Out: 1, Train: max(1, r.Data.Train.Count()),
					Valid: r.Data.Valid.Count(), Test: r.Data.Test.Count(), Nonzero: 1}
			}
			work = night.Work(r.Config.Config, shape)
			cells[r.Cell] = work
		}
		return work
	}
}

// count takes a run into account.
func (n *nightStatus) count(row store.Run, status store.Status, r study.Run, of string) {
	n.runs++
	switch status {
	case store.Done:
	case store.Pruned:
		n.pruned++
	case store.Diverged:
		n.diverged++
	case store.Failed:
		n.failed++
	case store.Running:
		n.Running = append(n.Running, runningRun{
			ID: r.ID, Study: of, Label: r.Label, Seeds: r.Seeds,
			Epoch: row.Epochs, Of: r.Epochs, Loss: jsonNumber(row.Train.Loss), Started: row.Started,
		})
		return
	default:
		return
	}
	n.over++
}
