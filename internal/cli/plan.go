package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"nightshift/internal/night"
	"nightshift/internal/study"
	"nightshift/runner"
)

type planFlags struct {
	set     []string
	workers int
	asMany  bool // as workers says, whatever the memory
	runs    bool
	csv     string
	force   bool
	json    bool
	wandb   bool
	next    bool // --next-round
	shareFlags
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
from a probe of about a second.

With --next-round only the round of a study that shares of it come to next is printed,
by what the database holds of those before: a number, or nothing if the study is over.`,
		Example: `  nightshift plan quickstart
  nightshift plan my-study.yaml --runs
  nightshift plan my-study.yaml --csv plan.csv
  nightshift plan my-study.yaml --set 'grid.width=[8, 16]' --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.asMany = cmd.Flags().Changed("workers")
			return a.planStudies(cmd.Context(), args, f)
		},
	}
	c.Flags().StringArrayVar(&f.set, "set", nil, "override a key of the study (repeatable)")
	workersFlag(c, &f.workers, "runs trained at the same time, for the forecast")
	c.Flags().BoolVar(&f.runs, "runs", false, "list every run")
	c.Flags().StringVar(&f.csv, "csv", "", "write the list of runs to a file")
	forceFlag(c, &f.force)
	c.Flags().BoolVar(&f.next, "next-round", false, "print the number of the next round of the study, and nothing if it is over")
	f.shareFlags.add(c)
	c.Flags().BoolVar(&f.wandb, "wandb", false, "take the arguments for Weights & Biases sweep files (see import)")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

func (a *app) planStudies(ctx context.Context, args []string, f planFlags) error {
	if f.workers < 1 {
		return usage(fmt.Errorf("--workers is %d; at least one is needed", f.workers))
	}
	plan, sources, err := a.expand(a.reader(f.wandb), args, f.set)
	if err != nil {
		return err
	}
	if plan, err = f.part(ctx, plan, sources); err != nil {
		return err
	}
	db, err := a.openIfThere()
	if err != nil {
		return err
	}
	if db != nil {
		defer db.Close()
	}
	if f.next {
		return a.planRound(ctx, db, plan, f)
	}
	known, err := night.Read(ctx, db, plan, time.Now(), night.Lease)
	if err != nil {
		return err
	}
	known.By = runner.Provenance()
	trainedFor, err := origins(ctx, db, plan)
	if err != nil {
		return err
	}
	model, err := runner.NewModel(ctx, db, known, sources, a.freeMemory())
	if err != nil {
		return err
	}
	options := runner.Options{Workers: f.workers}
	if !f.asMany {
		options.Workers = a.fewerWorkers(model, options, false)
	}
	var all []planned
	for _, s := range plan {
		p, err := describe(s, known.Agenda(false, s), trainedFor, model, sources)
		if err != nil {
			return err
		}
		if p.Claims, err = claimsOf(ctx, db, s, known); err != nil {
			return err
		}
		p.forecast(model, options, a.freeMemory(), s)
		all = append(all, p)
	}
	return a.outputPlans(f, all, plan, model, options)
}

// forecast fills in what the study takes in time and memory, of which so many bytes are free (0 for unknown), and warns where
// its runs do not fit.
func (p *planned) forecast(model *runner.Model, options runner.Options, free int64, s runner.Study) {
	p.Forecast = newForecast(model.Forecast(options, s), time.Now())
	if p.Until != nil {
		p.Until.Forecast = newForecast(model.ForecastMost(options, s), time.Now())
	}
	if free <= 0 {
		return
	}
	p.tooLarge(model, options, free, s)
	if text := swaps(p.Forecast.Memory, free); text != "" && p.TooLarge == nil {
		p.Warnings = append(p.Warnings, text)
	}
}

// outputPlans writes the runs to a CSV file where --csv asks for it, and prints the plans as JSON or as text.
func (a *app) outputPlans(f planFlags, all []planned, plan []runner.Study, model *runner.Model, options runner.Options) error {
	if f.csv != "" {
		if err := a.writePlan(f.csv, f.force, all); err != nil {
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
	a.printPlans(all, plan, model, options)
	return nil
}

func describe(s runner.Study, agenda *night.Agenda, trainedFor map[string][]string, model *runner.Model,
	sources *runner.Sources) (planned, error) {
	p := planned{Study: s.Name, Question: s.Question, Cells: len(s.Cells), Axes: axesOf(s.Study),
		Reused: map[string]int{}}
	if s.Prune != nil {
		p.Prune = &plannedPrune{Metric: s.Prune.Metric, Rungs: s.Prune.Rungs, Cells: s.Prune.SurvivorsByRung(len(s.Cells))}
		p.Prune.Epochs, p.Prune.Trained = s.Epochs()
	}
	if s.Until != nil {
		p.Until = &plannedUntil{Min: s.Until.Min, Max: s.Until.Max, Claims: agenda.Sequential.Claims()}
	}
	for _, r := range s.Runs {
		if agenda.Wanted(r.ID) {
			p.Runs++
		}
		if p.Until != nil && (agenda.Wanted(r.ID) || agenda.Sequential.MayWant(r.ID)) {
			p.Until.Most++
		}
		n, err := sources.Parameters(r.Config)
		if err != nil {
			return planned{}, err
		}
		if p.Parameters[0] == 0 || n < p.Parameters[0] {
			p.Parameters[0] = n
		}
		p.Parameters[1] = max(p.Parameters[1], n)
		one := plannedRun{ID: r.ID, Label: r.Label, Axes: r.Axes, Seeds: r.Seeds, Parameters: n, Status: agenda.Status(r.ID)}
		switch agenda.Need(r.ID) {
		case night.Backfill:
			p.Backfilled++
		case night.Reopened:
			p.Reopened++
		case night.Unwanted:
			continue
		case night.Present:
			if !agenda.Wanted(r.ID) {
				continue
			}
			p.Present++
			if one.From = from(trainedFor[r.ID], s.Name); one.From != "" {
				p.Reused[one.From]++
			}
		}
		p.Extended.add(agenda, r.ID)
		one.Seconds, _ = model.Seconds(r.Config, 0, r.Epochs)
		p.List = append(p.List, one)
	}
	for _, c := range s.Cells {
		shape, err := sources.Shape(c.Config.Data)
		if err != nil {
			return planned{}, err
		}
		p.Examples.add(c.Config.Data, shape)
	}
	var err error
	p.Warnings, err = warningsOf(s, sources)
	return p, err
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

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
