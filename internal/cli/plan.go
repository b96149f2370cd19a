package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

type planFlags struct {
	set     []string
	workers int
	asMany  bool // as workers says, whatever the memory
	runs    bool
	csv     string
	json    bool
}

func (a *app) planCommand() *cobra.Command {
	var f planFlags
	c := &cobra.Command{
		Use:   "plan STUDY...",
		Short: "Say what a run would train, and train nothing",
		Long: `Checks the studies and says what running them means: axes, cells, runs,
parameters of the networks, which runs the database holds already and from which
study, and what the night will take: a forecast with an interval that is right nine
times of ten. It is learnt from past runs of this machine in the database, or else
from a probe of about a second.`,
		Example: `  nightshift plan quickstart
  nightshift plan my-study.yaml --runs
  nightshift plan my-study.yaml --csv runs.csv
  nightshift plan my-study.yaml --set 'grid.width=[8, 16]' --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.asMany = cmd.Flags().Changed("workers")
			return a.planStudies(cmd.Context(), args, f)
		},
	}
	c.Flags().StringArrayVar(&f.set, "set", nil, "override a key of the study (repeatable)")
	c.Flags().IntVar(&f.workers, "workers", runtime.NumCPU(), "runs trained at the same time, for the forecast")
	c.Flags().BoolVar(&f.runs, "runs", false, "list every run")
	c.Flags().StringVar(&f.csv, "csv", "", "write the list of runs to a file")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

// planned is what plan says of one study.
type planned struct {
	Study      string         `json:"study"`
	Question   string         `json:"question,omitempty"`
	Axes       []plannedAxis  `json:"axes"`
	Cells      int            `json:"cells"`
	Runs       int            `json:"runs"`
	Present    int            `json:"present"`    // done, diverged or pruned for good: not trained again
	Reused     map[string]int `json:"reused"`     // of them, by the other study that they were trained for
	Again      int            `json:"again"`      // done or diverged, but without weights that are to be kept
	Reopened   int            `json:"reopened"`   // pruned, but competing anew or wanted to their end
	Parameters [2]int         `json:"parameters"` // fewest and most
	Prune      *plannedPrune  `json:"prune,omitempty"`
	Forecast   forecast       `json:"forecast"`
	List       []plannedRun   `json:"list,omitempty"`
}

// plannedPrune is what pruning means for the whole study.
type plannedPrune struct {
	Metric  string `json:"metric"`
	Rungs   []int  `json:"rungs"`
	Cells   []int  `json:"cells"`          // left before the first rung, and after each
	Epochs  int    `json:"epochs"`         // of all runs
	Trained int    `json:"epochs_trained"` // of them, as expected
}

type plannedAxis struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

type plannedRun struct {
	ID         string            `json:"id"`
	Label      string            `json:"label"`
	Axes       []study.AxisValue `json:"-"`
	Seeds      study.Seeds       `json:"seeds"`
	Parameters int               `json:"parameters"`
	Status     store.Status      `json:"status"`
	From       string            `json:"from,omitempty"` // the other study that it was trained for
	Seconds    float64           `json:"forecast_seconds"`
}

// known is what the database has of runs.
type known struct {
	statuses map[string]store.Status
	again    map[string]store.Run
	studies  map[string][]string // that a run belongs to, the one trained last first
}

func readKnown(ctx context.Context, db *store.DB, plan []runner.Study) (k known, err error) {
	k.studies = map[string][]string{}
	if db == nil {
		return k, nil
	}
	if k.statuses, err = db.Statuses(ctx); err != nil {
		return k, err
	}
	if k.again, err = runner.Backfill(ctx, db, plan); err != nil {
		return k, err
	}
	studies, err := db.Studies(ctx)
	for i := 0; err == nil && i < len(studies); i++ {
		var members []store.StudyRun
		members, err = db.StudyRuns(ctx, studies[i].Study)
		for _, m := range members {
			k.studies[m.RunID] = append(k.studies[m.RunID], m.Study)
		}
	}
	return k, err
}

// from names the other study that a run was trained for; "" if it is this one's own.
func (k known) from(id, name string) string {
	if list := k.studies[id]; len(list) > 0 && !slices.Contains(list, name) {
		return list[len(list)-1]
	}
	return ""
}

func (a *app) planStudies(ctx context.Context, args []string, f planFlags) error {
	if f.workers < 1 {
		return usage(fmt.Errorf("--workers is %d; at least one is needed", f.workers))
	}
	studies, err := a.studies(args, f.set)
	if err != nil {
		return err
	}
	sources := runner.NewSources(a.dataDirs())
	plan, err := expand(studies, sources)
	if err != nil {
		return err
	}
	var db *store.DB // nil where there is none yet
	if _, err := os.Stat(a.dbPath()); err == nil {
		if db, err = a.openRead(); err != nil {
			return err
		}
		defer db.Close()
	} else if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("database: %w", err)
	}
	k, err := readKnown(ctx, db, plan)
	if err != nil {
		return err
	}
	model, err := runner.NewModel(ctx, db, plan, sources)
	if err != nil {
		return err
	}
	options := runner.Options{Workers: f.workers}
	if !f.asMany {
		options.Workers = a.fewerWorkers(model, options, false)
	}
	var all []planned
	for _, s := range plan {
		p, err := describe(s, k, model, sources)
		if err != nil {
			return err
		}
		p.Forecast = newForecast(model.Forecast(options, s), time.Now())
		all = append(all, p)
	}
	if f.csv != "" {
		if err := writePlan(f.csv, all); err != nil {
			return err
		}
	}
	if !f.runs {
		for i := range all {
			all[i].List = nil
		}
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
	if len(plan) > 1 {
		fmt.Fprintln(a.out, "\ntogether")
		a.printForecast(newForecast(model.Forecast(options, plan...), time.Now()))
	}
	for i, s := range plan {
		if err := all[i].Forecast.of.Over(s.Study); err != nil {
			fmt.Fprintln(a.out, "\nrun would refuse it:", err)
		}
	}
	return nil
}

func describe(s runner.Study, k known, model *runner.Model, sources *runner.Sources) (planned, error) {
	p := planned{Study: s.Name, Question: s.Question, Cells: len(s.Cells), Runs: len(s.Runs), Axes: axesOf(s.Study), Reused: map[string]int{}}
	if s.Prune != nil {
		p.Prune = &plannedPrune{Metric: s.Prune.Metric, Rungs: s.Prune.Rungs, Cells: s.Prune.Left(len(s.Cells))}
		p.Prune.Epochs, p.Prune.Trained = s.Epochs()
	}
	reopened := model.Reopened(s)
	for _, r := range s.Runs {
		n, err := sources.Parameters(r.Config)
		if err != nil {
			return planned{}, err
		}
		if p.Parameters[0] == 0 || n < p.Parameters[0] {
			p.Parameters[0] = n
		}
		p.Parameters[1] = max(p.Parameters[1], n)
		one := plannedRun{ID: r.ID, Label: r.Label, Axes: r.Axes, Seeds: r.Seeds, Parameters: n, Status: cmp.Or(k.statuses[r.ID], store.Pending)}
		_, again := k.again[r.ID]
		switch one.Status {
		case store.Done, store.Diverged, store.Pruned:
			if again {
				p.Again++
				break
			}
			if reopened[r.ID] {
				p.Reopened++
				break
			}
			p.Present++
			if one.From = k.from(r.ID, s.Name); one.From != "" {
				p.Reused[one.From]++
			}
		}
		one.Seconds, _ = model.Seconds(r.Config, 0, r.Epochs)
		p.List = append(p.List, one)
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
	for _, name := range slices.Sorted(maps.Keys(p.Reused)) {
		fmt.Fprintf(a.out, "  %d of them reused from study %s\n", p.Reused[name], name)
	}
	if p.Again > 0 {
		fmt.Fprintf(a.out, "  %d of them once more: the results are there, but not the weights that keep: asks for\n", p.Again)
	}
	if p.Reopened > 0 && p.Prune == nil {
		fmt.Fprintf(a.out, "  %d of them were pruned, and are trained again from their start\n", p.Reopened)
	} else if p.Reopened > 0 {
		fmt.Fprintf(a.out, "  %d of them were pruned, and compete anew: those that do well enough now are trained again from their start\n", p.Reopened)
	}
	if p.Prune != nil {
		fmt.Fprintln(a.out, p.Prune)
	}
	if p.Parameters[0] == p.Parameters[1] {
		fmt.Fprintf(a.out, "  %d parameters in each network\n", p.Parameters[0])
	} else {
		fmt.Fprintf(a.out, "  %d to %d parameters in a network\n", p.Parameters[0], p.Parameters[1])
	}
	a.printForecast(p.Forecast)
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

func (p *plannedPrune) String() string {
	on := make([]string, len(p.Rungs))
	for i, rung := range p.Rungs {
		on[i] = fmt.Sprintf("%d after epoch %d", p.Cells[i+1], rung)
	}
	return fmt.Sprintf("  pruned by %s: of %d cells %s go on: about %d of %d epochs, %.0f %% fewer",
		p.Metric, p.Cells[0], strings.Join(on, ", "), p.Trained, p.Epochs, 100*(1-float64(p.Trained)/float64(p.Epochs)))
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
