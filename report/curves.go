package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// curves shows training and test error, and the loss, over the epochs.
func curves(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	var all []figure.Figure
	quality := b.quality()
	for _, m := range []measure{quality, measures["loss"]} {
		if m.name == "loss" && b.lossIs(r, quality) {
			continue
		}
		some, err := b.curves(ctx, r, m)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// lossIs says whether the loss of every finished run is just that measure, all the way; of very many runs, at their ends.
func (b *block) lossIs(r *results, m measure) bool {
	for _, c := range b.cells {
		for i := range c.Runs {
			run := &c.Runs[i]
			if run.Status != store.Done {
				continue
			}
			if r.FewEpochs() && slices.ContainsFunc(run.Measured, func(e store.Epoch) bool { return m.of(e.Train) != e.Train.Loss }) ||
				!r.FewEpochs() && m.of(run.Train) != run.Train.Loss {
				return false
			}
		}
	}
	return true
}

// curves shows one measure of training and test over the epochs.
func (b *block) curves(ctx context.Context, r *results, m measure) ([]figure.Figure, error) {
	wanted := plotOf(study.Epoch, test.name+"_"+m.key, train.name+"_"+m.key)
	all, err := plots(ctx, r, b, wanted)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f := all[0]
	if flat, at := constant(f.Panels); flat && len(f.Panels) > 0 {
		r.omit(b, fmt.Sprintf("%s over the epochs: %s throughout", m.name, m.quantity(at)))
		return nil, nil
	}
	if !goesOn(f.Panels) {
		r.omit(b, m.name+" over the epochs: measured once only")
		return nil, nil
	}
	p := newPlot(r, b, wanted)
	p.limit()
	drawn := p.cells()
	f.Name = b.file("curves-" + strings.ToLower(m.name))
	f.Title = "Training and test " + m.name + " over the epochs" + b.title
	f.Warnings = append(f.Warnings, twoOutcomes(drawn, test, m)...)
	if m.name == "loss" {
		f.Warnings = append(f.Warnings, mixed(drawn)...)
	}
	if c := b.uneven(drawn); c > 0 {
		f.Warnings = append(f.Warnings, "In "+number.Count(c, "cell")+
			" the runs stopped at different epochs: the mean is drawn as far as all of them go.")
	}
	f.Statement = b.endings(r, drawn, m)
	f.Alt = fmt.Sprintf("Line plot, %s: %s of training and test against epoch for %s. %s",
		number.Count(len(f.Panels), "panel"), m.name, number.Count(len(drawn), "cell"), f.Statement)
	return []figure.Figure{f}, nil
}

// constant says that several epochs of every run have one and the same value, and which.
func constant(panels []figure.Panel) (flat bool, at float64) {
	first, n := math.NaN(), 0
	for _, p := range panels {
		if len(p.Marks) > 0 {
			return false, 0
		}
		for _, s := range p.Series {
			for _, one := range s.Repeats {
				for _, q := range one.Points {
					if n++; n > 1 && q.Y != first {
						return false, 0
					}
					first = q.Y
				}
			}
		}
	}
	return n > 1, first
}

// goesOn says whether a run has values of two epochs: one alone is no curve.
func goesOn(panels []figure.Panel) bool {
	return slices.ContainsFunc(panels, func(p figure.Panel) bool {
		return len(p.Marks) > 0 || slices.ContainsFunc(p.Series, func(s figure.Series) bool {
			return slices.ContainsFunc(s.Repeats, func(r figure.Repeat) bool { return len(r.Points) > 1 }) || len(s.Means) > 1
		})
	})
}

// uneven counts the cells whose finished runs have different lengths.
func (b *block) uneven(cells []*cell) int {
	n := 0
	for _, c := range cells {
		done := c.Finished()
		if slices.ContainsFunc(done, func(r run) bool { return r.Epochs != done[0].Epochs }) {
			n++
		}
	}
	return n
}

// endings says where the curves end: at the cell that validation chooses, or at the only one.
func (b *block) endings(r *results, cells []*cell, m measure) string {
	c := r.choose(cells)
	text := "At the end: "
	if len(cells) == 1 {
		c = cells[0]
	} else if c != nil {
		text = fmt.Sprintf("Chosen on validation, %s: ", c.Label)
		if !r.best(c) {
			text = fmt.Sprintf("Chosen on validation among the cells of this figure, %s: ", c.Label)
		}
	}
	if c == nil {
		return r.unchosen(cells) + ", so no cell is singled out; the table has the final values of all."
	}
	var parts []string
	for _, part := range []split{train, test} {
		if e := c.estimate(part, m); e.N > 0 {
			parts = append(parts, m.named(part.long()+" "+m.name, e))
		}
	}
	if len(parts) == 0 {
		return nothingToAverage
	}
	return text + strings.Join(parts, ", ") + "; over " + unitsOf([]*cell{c}) + "."
}

// best says whether validation chooses a cell among all of its block, not only among those of a figure.
func (r *results) best(c *cell) bool {
	at := slices.IndexFunc(r.blocks, func(b *block) bool { return slices.Contains(b.cells, c) })
	return at >= 0 && r.choose(r.blocks[at].cells) == c
}
