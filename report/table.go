package report

import (
	"fmt"
	"math"
	"slices"

	"nightshift/internal/store"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// table is the list of all cells of a block.
type table struct {
	Title   string
	Columns []column
	Rows    [][]entryOf
	Notes   []string
}

type column struct {
	Name    string
	Explain string
	Text    bool // sorted as words
}

// entryOf is one place of the table; Sort orders the column.
type entryOf struct {
	Text, Small, Sort string
	Best              bool
}

// table lists the cells of a block, the one that validation chooses marked.
func (r *results) table(b *block) table {
	m := b.quality()
	t := table{Title: "Cells" + b.title, Columns: []column{
		{"cell", "the place on the axes", true},
		{"runs", "finished of all; diverged ×, failed !", false},
		{m.label("test"), "mean over seeds with its 95 % t interval", false},
		{m.label("valid"), "mean over seeds; what configurations are chosen by, unless the study says otherwise", false},
		{m.label("training"), "mean over seeds", false},
		{"training loss", "the objective that is minimised, at the end; comparable only between cells with the same loss", false},
		{"seconds", "mean time of a run", false},
	}}
	wilson := false
	for _, c := range b.cells {
		_, wilsonKnown := c.sampling()
		wilson = wilson || wilsonKnown
	}
	if wilson {
		t.Columns = append(t.Columns[:3], append([]column{{"test sampling (%)", "95 % Wilson interval of the mean error on a test split of this size: what another test split could have shown, the same for all seeds", false}}, t.Columns[3:]...)...)
	}
	pruned := slices.ContainsFunc(b.cells, func(c *cell) bool { return len(c.with(store.Pruned)) > 0 })
	if pruned {
		t.Columns = append(t.Columns[:2], append([]column{{"pruned", "runs that were given up for better cells, after which epoch, and their mean " + r.selection(b).label("valid") + " there; in no other column", false}}, t.Columns[2:]...)...)
	}
	chosen := r.choose(b, b.cells)
	for _, c := range b.cells {
		done := c.finished()
		row := []entryOf{{Text: c.label, Sort: c.label, Best: c == chosen && len(b.cells) > 1}}
		runs := fmt.Sprintf("%d of %d", len(done), len(c.runs))
		note := ""
		if n := len(c.with(store.Diverged)); n > 0 {
			note += fmt.Sprintf(" × %d", n)
		}
		if n := len(c.with(store.Failed)); n > 0 {
			note += fmt.Sprintf(" ! %d", n)
		}
		row = append(row, entryOf{Text: runs, Small: note, Sort: fmt.Sprint(len(done))})
		if pruned {
			row = append(row, c.pruned(r.selection(b)))
		}
		row = append(row, m.entry(c.describe(test, m), true))
		if wilson {
			i, known := c.sampling()
			e := entryOf{Text: "–", Sort: ""}
			if known {
				e = entryOf{Text: fmt.Sprintf("%s to %s", number(100*i.Lo), number(100*i.Hi)), Sort: figure.Exact(100 * i.Lo)}
			}
			row = append(row, e)
		}
		row = append(row, m.entry(c.describe(valid, m), false), m.entry(c.describe(train, m), false))
		row = append(row, measures["loss"].entry(c.describe(train, measures["loss"]), false))
		var seconds []float64
		for _, one := range done {
			seconds = append(seconds, one.Seconds)
		}
		row = append(row, measures["loss"].entry(stat.Describe(seconds), false))
		t.Rows = append(t.Rows, row)
	}
	if chosen != nil && len(b.cells) > 1 {
		t.Notes = append(t.Notes, "★ has the best validation "+r.selection(b).name+", as the mean over seeds; test was not looked at for that.")
	} else if chosen == nil {
		t.Notes = append(t.Notes, "No cell is marked as the best: that takes a validation split and finished runs.")
	}
	return t
}

// pruned says how many of the cell's runs were pruned, and how they stood then.
func (c *cell) pruned(m measure) entryOf {
	runs := c.with(store.Pruned)
	if len(runs) == 0 {
		return entryOf{Text: "–"}
	}
	e := entryOf{Text: fmt.Sprintf("%d after %s", len(runs), epochsOf(runs)), Sort: fmt.Sprint(len(runs))}
	if values, _ := final(runs, valid, m); len(values) > 0 {
		e.Small = m.label("valid") + " " + number(stat.Describe(values).Mean)
	}
	return e
}

func (m measure) entry(s stat.Sample, withInterval bool) entryOf {
	if s.N == 0 {
		return entryOf{Text: "–"}
	}
	e := entryOf{Text: number(s.Mean), Sort: figure.Exact(s.Mean)}
	if withInterval && s.CI.Known() {
		e.Small = fmt.Sprintf("%s to %s", number(s.CI.Lo), number(s.CI.Hi))
	}
	return e
}

// sampling is the interval that the size of the test split leaves around the
// cell's mean error.
func (c *cell) sampling() (stat.Interval, bool) {
	n := len(c.data.TestLabels)
	s := c.describe(test, measure{scale: 1, of: measures["error"].of})
	if c.regression() || n == 0 || s.N == 0 {
		return stat.Interval{}, false
	}
	return stat.Wilson(int(math.Round(s.Mean*float64(n))), n), true
}
