package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

type planFlags struct {
	set  []string
	runs bool
	json bool
}

func (a *app) planCommand() *cobra.Command {
	var f planFlags
	c := &cobra.Command{
		Use:   "plan STUDY...",
		Short: "Say what a run would train, and train nothing",
		Long: `Checks the studies and says what running them means: axes, cells, runs,
parameters of the networks, and which runs the database holds already.`,
		Example: `  nightshift plan quickstart
  nightshift plan my-study.yaml --runs
  nightshift plan my-study.yaml --set grid.width=[8, 16] --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.planStudies(cmd.Context(), args, f)
		},
	}
	c.Flags().StringArrayVar(&f.set, "set", nil, "override a key of the study (repeatable)")
	c.Flags().BoolVar(&f.runs, "runs", false, "list every run")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

// planned is what plan says of one study.
type planned struct {
	Study      string        `json:"study"`
	Question   string        `json:"question,omitempty"`
	Axes       []plannedAxis `json:"axes"`
	Cells      int           `json:"cells"`
	Runs       int           `json:"runs"`
	Present    int           `json:"present"`    // done or diverged: not trained again
	Again      int           `json:"again"`      // done or diverged, but without weights that are to be kept
	Parameters [2]int        `json:"parameters"` // fewest and most
	List       []plannedRun  `json:"list,omitempty"`
}

type plannedAxis struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

type plannedRun struct {
	ID         string       `json:"id"`
	Label      string       `json:"label"`
	Seeds      study.Seeds  `json:"seeds"`
	Parameters int          `json:"parameters"`
	Status     store.Status `json:"status"`
}

func (a *app) planStudies(ctx context.Context, args []string, f planFlags) error {
	studies, err := a.studies(args, f.set)
	if err != nil {
		return err
	}
	sources := runner.NewSources(a.dataDirs())
	plan, err := expand(studies, sources)
	if err != nil {
		return err
	}
	statuses := map[string]store.Status{}
	again := map[string]store.Run{}
	if _, err := os.Stat(a.dbPath()); err == nil {
		db, err := a.openRead()
		if err != nil {
			return err
		}
		defer db.Close()
		if statuses, err = db.Statuses(ctx); err != nil {
			return err
		}
		if again, err = runner.TrainedAgain(ctx, db, plan); err != nil {
			return err
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("database: %w", err)
	}
	var all []planned
	for _, s := range plan {
		p, err := describe(s, statuses, again, sources)
		if err != nil {
			return err
		}
		if !f.runs {
			p.List = nil
		}
		all = append(all, p)
	}
	if f.json {
		return a.printJSON(all)
	}
	for i, p := range all {
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		a.printPlan(p)
	}
	return nil
}

func describe(s runner.Study, statuses map[string]store.Status, again map[string]store.Run, sources *runner.Sources) (planned, error) {
	p := planned{Study: s.Name, Question: s.Question, Cells: len(s.Cells), Runs: len(s.Runs), Axes: axesOf(s.Study)}
	for _, r := range s.Runs {
		n, err := sources.Parameters(r.Config)
		if err != nil {
			return planned{}, err
		}
		if p.Parameters[0] == 0 || n < p.Parameters[0] {
			p.Parameters[0] = n
		}
		p.Parameters[1] = max(p.Parameters[1], n)
		status, known := statuses[r.ID]
		if !known {
			status = store.Pending
		}
		if _, ok := again[r.ID]; ok {
			p.Again++
		} else if status == store.Done || status == store.Diverged {
			p.Present++
		}
		p.List = append(p.List, plannedRun{r.ID, r.Label, r.Seeds, n, status})
	}
	return p, nil
}

// axesOf lists each axis with the labels that its cells have, in order of appearance.
func axesOf(s *study.Study) []plannedAxis {
	var axes []plannedAxis
	for _, name := range s.Axes {
		axis := plannedAxis{Name: name}
		seen := map[string]bool{}
		for _, c := range s.Cells {
			for _, v := range c.Axes {
				if v.Axis == name && !seen[v.Label] {
					seen[v.Label] = true
					axis.Values = append(axis.Values, v.Label)
				}
			}
		}
		axes = append(axes, axis)
	}
	return axes
}

func (a *app) printPlan(p planned) {
	fmt.Fprintln(a.out, p.Study)
	if p.Question != "" {
		fmt.Fprintln(a.out, p.Question)
	}
	fmt.Fprintln(a.out)
	for _, axis := range p.Axes {
		fmt.Fprintf(a.out, "  axis %-12s %s\n", axis.Name, strings.Join(axis.Values, ", "))
	}
	fmt.Fprintf(a.out, "  %s, %s", count(p.Cells, "cell"), count(p.Runs, "run"))
	switch missing := p.Runs - p.Present; {
	case missing == 0:
		fmt.Fprintln(a.out, ": all in the database, nothing to train")
	case p.Present == 0:
		fmt.Fprintln(a.out, ", all to be trained")
	default:
		fmt.Fprintf(a.out, ": %d in the database, %d to be trained\n", p.Present, missing)
	}
	if p.Again > 0 {
		fmt.Fprintf(a.out, "  %d of them once more: the results are there, but not the weights that keep: asks for\n", p.Again)
	}
	if p.Parameters[0] == p.Parameters[1] {
		fmt.Fprintf(a.out, "  %d parameters in each network\n", p.Parameters[0])
	} else {
		fmt.Fprintf(a.out, "  %d to %d parameters in a network\n", p.Parameters[0], p.Parameters[1])
	}
	if p.List == nil {
		return
	}
	fmt.Fprintln(a.out)
	t := newTable(table.Row{"run", "status", "cell", "data", "init", "order", "parameters"}, "data", "init", "order", "parameters")
	for _, r := range p.List {
		t.AppendRow(table.Row{short(r.ID), r.Status, r.Label, r.Seeds.Data, r.Seeds.Init, r.Seeds.Order, r.Parameters})
	}
	fmt.Fprintln(a.out, t.Render())
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
