package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/verdict"
)

func (a *app) diffCells(ctx context.Context, db *store.DB, d *difference) error {
	var cells []*verdict.Cell
	var results *verdict.Results
	for _, arg := range []*string{&d.A, &d.B} {
		name, label, _ := strings.Cut(*arg, ":")
		of, err := a.storedStudy(ctx, db, name)
		if err != nil {
			return err
		}
		r, err := verdict.Read(ctx, db, of.Study)
		if err != nil {
			return err
		}
		c, err := r.CellNamed(label)
		if err != nil {
			return usage(fmt.Errorf("no cell %q in study %s: %w; nightshift leaderboard %s lists them", strings.TrimSpace(label), of.Study,
				err, file.ShellWord(name)))
		}
		*arg = of.Study + ":" + c.Label
		results, cells = r, append(cells, c)
	}
	var err error
	if d.Keys, err = diffKeys(cells[0].Runs[0].Config, cells[1].Runs[0].Config); err != nil {
		return err
	}
	quality := cells[0].Quality()
	if cells[1].Quality().Name != quality.Name {
		d.lines = append(d.lines, "one learns numbers and the other classes: they have no metric in common")
		return nil
	}
	for i, c := range cells {
		if len(c.Finished()) == 0 {
			d.lines = append(d.lines, fmt.Sprintf("%c has no finished run (%d diverged, %d failed, %d pruned of %d): its mean is "+
				"not known, and the two are not compared", 'A'+i, len(c.With(store.Diverged)), len(c.With(store.Failed)),
				len(c.With(store.Pruned)), len(c.Runs)))
		}
	}
	d.addDiverged(cells)
	for _, split := range []string{"valid", "test"} {
		if err := d.addCells(ctx, results, cells, quality.Of(split)); err != nil {
			return err
		}
	}
	looked, err := results.LookedWords(ctx)
	if err != nil {
		return err
	}
	if looked != "" {
		d.lines = append(d.lines, "seeds were looked at "+looked+
			", and p and intervals are for one look; claims (expect) allow for that")
	}
	if t, ok := verdict.FiveByTwo(cells[0], cells[1]); ok {
		d.FiveByTwo = &fiveByTwoJSON{measured(t.F), measured(t.PF), measured(t.T), measured(t.PT)}
		d.lines = append(d.lines, fmt.Sprintf("five times two halves of one pool: F = %s, p %s (Alpaydin's combined 5x2cv F test)",
			number.Plain(t.F), number.P(t.PF)))
	}
	return nil
}

// addCells adds a metric of two cells, where both have it.
func (d *difference) addCells(ctx context.Context, r *verdict.Results, cells []*verdict.Cell, name string) error {
	var of []verdict.Estimate
	for _, c := range cells {
		e, err := r.Mean(ctx, c, name)
		if err != nil || e.N == 0 {
			return err
		}
		of = append(of, e)
	}
	both, err := r.Compare(ctx, cells[0], cells[1], name)
	if err != nil {
		return err
	}
	s := shownAs(name)
	d.Metrics = append(d.Metrics, metricDifference{name, newEstimateJSON(of[0]), newEstimateJSON(of[1]), newEstimateJSON(both),
		table.Row{name, s.value(of[0]), s.value(of[1]), s.difference(both)}})
	line := fmt.Sprintf("%s: A minus B over %s", name, both.Unit)
	if both.Examples > 0 {
		line += fmt.Sprintf(" and %d test examples", both.Examples)
	}
	if of[0].N != of[1].N {
		line += fmt.Sprintf(" (of %d of A and %d of B, which the means are of)", of[0].N, of[1].N)
	}
	switch {
	case cells[0].Copies(cells[1]):
		d.lines = append(d.lines, line+": the same networks to the bit")
		return nil
	case both.CI.Known() && both.TwoOutcomes() < 0: // of two outcomes no mean is true
		line += ", p " + number.P(both.P)
	}
	d.lines = append(append(d.lines, line), both.Warnings...)
	t, ok, err := r.Nonparametric(ctx, cells[0], cells[1], name)
	if ok {
		over := "" // such a p is about the networks of these seeds on these examples
		if both.Examples > 0 {
			over = "over seeds alone, "
		}
		d.lines = append(d.lines, fmt.Sprintf("%s, %swithout supposing normal differences: p %s (signs flipped), p %s (Wilcoxon); a "+
			"run of A is above one of B with probability %.0f %%", name, over, number.P(t.SignFlip.P), number.P(t.Wilcoxon.P),
			100*t.Above.Value))
	}
	return err
}

// addDiverged says of which runs means and differences are, where others diverged.
func (d *difference) addDiverged(cells []*verdict.Cell) {
	for i, c := range cells {
		if n := len(c.With(store.Diverged)); n > 0 && len(c.Finished()) > 0 {
			d.lines = append(d.lines, fmt.Sprintf("%s: %d of %s diverged, and what stands here is of the others", string(rune('A'+i)), n,
				number.Count(len(c.Runs), "run")))
		}
	}
}
