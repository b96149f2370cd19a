package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// solvedBelow is the training error below which a run has solved its task.
const solvedBelow = 0.02

// success shows the share of runs that solve their task against the size of the network, with Wilson's intervals.
func success(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	x, ok := b.axis(capacityAxes...)
	if !ok || b.cells[0].Regression() {
		return nil, nil
	}
	wanted := plotOf(x.name, "train_error")
	t := &wanted.Measures[0]
	t.Stat, t.Relation, t.Bound = "share", "<", solvedBelow
	all, err := plots(ctx, r, b, wanted)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f := all[0]
	f.Name = b.file("success")
	if f.Statement, err = r.solved(ctx, b, x, *t); err != nil {
		return nil, err
	}
	f.Key += fmt.Sprintf(" A run has solved its task with a training error below %s"+number.Space+"%%; one that diverged has not.",
		number.Written(percent*solvedBelow))
	f.Alt = fmt.Sprintf("Line plot, %s: share of runs that solve their task against %s. %s", number.Count(len(f.Panels), "panel"),
		x.name, f.Statement)
	return []figure.Figure{f}, nil
}

// solved words, for each line, the first size at which a run solves its task and the first at which all do.
func (r *results) solved(ctx context.Context, b *block, x axis, t study.Term) (string, error) {
	var lines []string
	for _, g := range b.groups(b.cells, x.name) {
		slices.SortStableFunc(g.cells, func(a, c *cell) int { return cmp.Compare(x.index(a), x.index(c)) })
		some, all := "", ""
		most, where := -1.0, ""
		for _, c := range g.cells {
			one, err := r.statistic(ctx, t, c)
			if err != nil {
				return "", err
			}
			if !one.has() {
				continue
			}
			of := "of " + number.Count(one.N, "run")
			if one.Design.Kind != stat.Together {
				of = "over " + one.Unit
			}
			words := fmt.Sprintf("%s"+number.Space+"%% %s (%s) at %s", number.Plain(one.Mean), of, number.Interval(one.Mean, one.CI),
				c.place(x.name))
			if one.Mean > 0 && some == "" {
				some = words
			}
			if one.Mean == percent && all == "" {
				all = words
			}
			if one.Mean > most {
				most, where = one.Mean, words
			}
		}
		name := g.label
		switch {
		case most < 0:
			continue
		case some == "":
			lines = append(lines, atPlace(name, "no run solves it"))
		case all == some || all == "":
			lines = append(lines, atPlace(name, "the most are "+where))
		default:
			lines = append(lines, atPlace(name, "the first to solve it are "+some+", and it is "+all))
		}
	}
	return strings.Join(lines, " "), nil
}
