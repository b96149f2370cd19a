package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

func (a *app) statusCommand() *cobra.Command {
	var asJSON, watch bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Say what runs now, what is done and what is left",
		Long: `Reads the database and says how far its studies are. Works from another terminal
while a night is going on; --watch stays until that is over, or until Ctrl-C, which
does not end the night.`,
		Example: "  nightshift status\n  nightshift status --watch\n  nightshift status --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if watch && asJSON {
				return usage(fmt.Errorf("--watch is for people; call status --json again and again instead"))
			}
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			if watch {
				return a.watch(cmd.Context(), db)
			}
			n, err := readNight(cmd.Context(), db, nil, time.Now())
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

// night is what the database tells of a night from outside.
type night struct {
	Studies []listedStudy `json:"studies"`
	Owners  []owner       `json:"processes"`
	Running []runningRun  `json:"running"`
	// Left is the time that the runs not finished yet are expected to need, judged by the
	// finished ones of their cell or else their study; 0 where nothing is running or none has finished.
	Left float64 `json:"seconds_left"`

	runs, over               int // of the studies that are being trained
	diverged, pruned, failed int
}

// owner is a process that trains.
type owner struct {
	Host string    `json:"host"`
	PID  int       `json:"pid"`
	Seen time.Time `json:"seen_at"`
	Gone bool      `json:"gone"` // not heard of for so long that others take over
}

type runningRun struct {
	ID      string      `json:"id"`
	Study   string      `json:"study"`
	Label   string      `json:"label"`
	Seeds   study.Seeds `json:"seeds"`
	Epoch   int         `json:"epoch"` // of its last checkpoint
	Of      int         `json:"epochs"`
	Loss    jsonNumber  `json:"train_loss"`
	Started time.Time   `json:"started_at"`
}

// going says whether somebody is training.
func (n night) going() bool {
	for _, o := range n.Owners {
		if !o.Gone {
			return true
		}
	}
	return len(n.Owners) == 0 && len(n.Running) > 0
}

func (a *app) printNight(n night) {
	t := newTable(table.Row{"study", "runs", "done", "diverged", "pruned", "failed", "running", "left"}, "runs", "done", "diverged", "pruned", "failed", "running", "left")
	for _, s := range n.Studies {
		t.AppendRow(table.Row{s.Study, s.Runs, s.Status[store.Done], s.Status[store.Diverged], s.Status[store.Pruned], s.Status[store.Failed],
			s.Status[store.Running], s.Status[store.Pending] + s.Status[store.Interrupted]})
	}
	fmt.Fprintln(a.out, t.Render())
	if len(n.Owners) > 0 {
		fmt.Fprintln(a.out, "\nat work")
	}
	for _, o := range n.Owners {
		seen := ""
		if o.Gone {
			seen = ", not heard of since " + o.Seen.Local().Format("2006-01-02 15:04:05")
		}
		fmt.Fprintf(a.out, "  process %d on %s%s\n", o.PID, o.Host, seen)
	}
	if len(n.Running) == 0 {
		return
	}
	fmt.Fprintln(a.out, "\nrunning now")
	for _, r := range n.Running {
		fmt.Fprintf(a.out, "  %s  %s: %s, seed %s, since %s\n", short(r.ID), r.Study, r.Label, seed(r.Seeds), r.Started.Local().Format("15:04:05"))
	}
	if n.Left > 0 {
		fmt.Fprintf(a.out, "about %s left\n", about(time.Duration(n.Left*float64(time.Second))))
	}
}

// lease is how long a process is taken to be alive after it was last heard of.
const lease = time.Minute

// readNight looks at the studies that are being trained, those in watched (which
// they are added to) included.
func readNight(ctx context.Context, db *store.DB, watched map[string]bool, now time.Time) (night, error) {
	n := night{Owners: []owner{}, Running: []runningRun{}}
	owners, err := db.Owners(ctx)
	if err != nil {
		return night{}, err
	}
	for _, o := range owners {
		n.Owners = append(n.Owners, owner{o.Host, o.PID, o.Seen, now.Sub(o.Seen) > lease})
	}
	if n.Studies, err = countStudies(ctx, db); err != nil {
		return night{}, err
	}
	seen := map[string]bool{} // a run that several studies share is counted once
	left := 0.0
	for _, s := range n.Studies {
		open := s.Status[store.Pending] + s.Status[store.Interrupted] + s.Status[store.Running]
		if open == 0 && !watched[s.Study] {
			continue
		}
		if watched != nil {
			watched[s.Study] = true
		}
		runs, err := db.Runs(ctx, s.Study)
		if err != nil {
			return night{}, err
		}
		seconds, err := timeLeft(ctx, db, s.of, runs)
		if err != nil {
			return night{}, err
		}
		for _, r := range runs {
			if seen[r.ID] {
				continue
			}
			seen[r.ID] = true
			need := seconds(r)
			if n.count(r, s.Study) {
				continue
			}
			if r.Status == store.Running {
				need = max(0, need-now.Sub(r.Started).Seconds())
			}
			left += need
		}
	}
	if len(n.Running) > 0 {
		n.Left = left / float64(len(n.Running))
	}
	return n, nil
}

// count takes a run into account, and says whether it is over.
func (n *night) count(r store.Run, of string) bool {
	n.runs++
	switch r.Status {
	case store.Done:
	case store.Pruned:
		n.pruned++
	case store.Diverged:
		n.diverged++
	case store.Failed:
		n.failed++
	case store.Running:
		config, _ := study.ReadConfig(r.Config) // an unknown number of epochs is not shown
		n.Running = append(n.Running, runningRun{
			ID: r.ID, Study: of, Label: r.Label, Seeds: study.Seeds{Data: r.SeedData, Init: r.SeedInit, Order: r.SeedOrder},
			Epoch: r.Epochs, Of: config.Epochs, Loss: jsonNumber(r.Train.Loss), Started: r.Started,
		})
		return false
	default:
		return false
	}
	n.over++
	return true
}

// timeLeft estimates the time that a run of a study still needs. In a study
// that prunes, it is that of the epochs which are to be expected.
func timeLeft(ctx context.Context, db *store.DB, of store.Study, runs []store.Run) (func(store.Run) float64, error) {
	s, err := study.Parse(of.Study, []byte(of.YAML), of.Set)
	if err != nil || s.Prune == nil { // what another version has written may not be a study to this one
		return meanSeconds(runs), nil
	}
	ahead, err := runner.RemainingEpochs(ctx, db, s, runs)
	seconds, epochs := 0.0, 0
	for _, r := range runs {
		seconds, epochs = seconds+r.Seconds, epochs+r.Epochs
	}
	return func(r store.Run) float64 { return ahead[r.ID] * seconds / float64(max(1, epochs)) }, err
}

// meanSeconds estimates the time of a run from those of its cell that are
// finished, or else of them all; 0 where there are none.
func meanSeconds(runs []store.Run) func(store.Run) float64 {
	type sum struct{ seconds, n float64 }
	cells, all := map[string]sum{}, sum{}
	for _, r := range runs {
		if r.Status == store.Done || r.Status == store.Diverged {
			c := cells[r.Cell]
			cells[r.Cell] = sum{c.seconds + r.Seconds, c.n + 1}
			all = sum{all.seconds + r.Seconds, all.n + 1}
		}
	}
	return func(r store.Run) float64 {
		c, known := cells[r.Cell]
		if !known {
			c = all
		}
		return c.seconds / max(1, c.n)
	}
}
