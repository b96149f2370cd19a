package cli

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/runner"
)

// printPlans prints what plan says of the studies, and of all together.
func (a *app) printPlans(all []planned, plan []runner.Study, model *runner.Model, options runner.Options) {
	for i, p := range all {
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		a.printPlan(p)
	}
	if len(plan) > 1 {
		fmt.Fprintln(a.out, "\ntogether")
		now := time.Now()
		a.printForecasts(newForecast(model.Forecast(options, plan...), now),
			newForecast(model.ForecastMost(options, plan...), now))
	}
	for i, s := range plan {
		if err := all[i].most().of.Over(s.Study); err != nil {
			fmt.Fprintln(a.out, "\nrun would refuse it:", err)
		}
	}
}

func (a *app) printPlan(p planned) {
	fmt.Fprintln(a.out, p.Study)
	if p.Question != "" {
		fmt.Fprintln(a.out, p.Question)
	}
	fmt.Fprintln(a.out)
	for _, axis := range p.Axes {
		fmt.Fprintf(a.out, "  axis %-12s %s\n", axis.Name, axisText(axis.Values))
	}
	a.printToTrain(p)
	for _, line := range p.Extended.lines() {
		fmt.Fprintf(a.out, "  %s\n", line)
	}
	if p.Prune != nil {
		fmt.Fprintln(a.out, p.Prune)
	}
	if p.Until != nil {
		fmt.Fprintln(a.out, p.Until)
	}
	if p.Parameters[0] == p.Parameters[1] {
		fmt.Fprintf(a.out, "  %d parameters in each network\n", p.Parameters[0])
	} else {
		fmt.Fprintf(a.out, "  %d to %d parameters in a network\n", p.Parameters[0], p.Parameters[1])
	}
	if p.Examples.counted {
		fmt.Fprintf(a.out, "  %v\n", &p.Examples)
	}
	a.printPlannedClaims(p.Claims)
	if p.TooLarge != nil {
		fmt.Fprintf(a.out, "  %v\n", p.TooLarge)
	}
	a.printWarnings(p.Warnings)
	a.printForecasts(p.Forecast, p.most())
	if p.List != nil {
		fmt.Fprintln(a.out)
		fmt.Fprintln(a.out, a.plannedRuns(p.List))
	}
}

// printToTrain says how many cells and runs there are, which of these the database has, and which are trained once more.
func (a *app) printToTrain(p planned) {
	fmt.Fprintf(a.out, "  %s, %s", number.Count(p.Cells, "cell"), number.Count(p.Runs, "run"))
	if p.Until != nil && p.Until.Most > p.Runs {
		fmt.Fprintf(a.out, " at least and %d at most", p.Until.Most)
	}
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
	if p.Backfilled > 0 {
		fmt.Fprintf(a.out, "  %d of them once more: the results are there, but not the weights that keep: asks for\n",
			p.Backfilled)
	}
	switch {
	case p.Reopened > 0 && p.Prune == nil:
		fmt.Fprintf(a.out, "  %d of them were pruned, and are trained again from their start\n", p.Reopened)
	case p.Reopened > 0:
		fmt.Fprintf(a.out, "  %d of them were pruned, and compete anew: "+
			"those that do well enough now are trained again from their start\n", p.Reopened)
	}
}

// plannedRuns is the table of the runs that --runs lists.
func (a *app) plannedRuns(list []plannedRun) string {
	t := a.newTable(table.Row{"run", "status", "cell", "data", "init", "order", "parameters"},
		"data", "init", "order", "parameters")
	for _, r := range list {
		t.AppendRow(table.Row{study.ShortID(r.ID), r.Status, r.Label, r.Seeds.Data, r.Seeds.Init, r.Seeds.Order, r.Parameters})
	}
	return t.Render()
}

func (p *plannedPrune) String() string {
	on := make([]string, len(p.Rungs))
	for i, rung := range p.Rungs {
		on[i] = fmt.Sprintf("%d after epoch %d", p.Cells[i+1], rung)
	}
	return fmt.Sprintf("  pruned by %s: of %d cells %s go on: about %d of %d epochs, %.0f %% fewer",
		p.Metric, p.Cells[0], strings.Join(on, ", "), p.Trained, p.Epochs, 100*(1-float64(p.Trained)/float64(p.Epochs)))
}

func (u *plannedUntil) String() string {
	return fmt.Sprintf("  seeds until claims are decided: %d rounds in every cell, up to %d where a claim is open; %s", u.Min,
		u.Max,
		u.Claims)
}

// most is the forecast where no more claim is decided early.
func (p planned) most() forecast {
	if p.Until == nil {
		return p.Forecast
	}
	return p.Until.Forecast
}

// axisText lists the values of an axis; of many it gives the ends and their number, and of long labels the beginning and the end,
// in which they may differ. --json has all.
func axisText(values []string) string {
	const most, ends, label = 16, 5, 40
	short := make([]string, len(values))
	for i, v := range values {
		short[i] = fit(v, math.MaxInt)
		if letters := []rune(short[i]); len(letters) > label {
			short[i] = string(letters[:label/2]) + "…" + string(letters[len(letters)-label/2+1:])
		}
	}
	if len(short) <= most {
		return strings.Join(short, ", ")
	}
	return fmt.Sprintf("%s, ..., %s (%d values)", strings.Join(short[:ends], ", "), short[len(short)-1], len(short))
}
