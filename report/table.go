package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// table is the list of all cells of a block.
type table struct {
	Title   string
	Columns []column
	Rows    []row
	Notes   []string
}

// row is a cell; Places are those on the axes by which a reader chooses.
type row struct {
	Places  string
	Entries []entry
	Later   bool // beyond those that are shown at once
}

// A long table shows so many rows at once.
const longTable, shownRows = 300, 100

type column struct {
	Name    string
	Explain string
	Text    bool // sorted as words
}

// entry is one place of the table; Sort orders the column.
type entry struct {
	Text, Small, Sort string
	Best              bool
	Words             bool // may take more than a line
}

// tableColumn is a column with what it says of a cell.
type tableColumn struct {
	column
	of func(*cell) entry
}

// table lists the cells of a block, the one that validation chooses marked.
func (r *results) table(b *block, axes []filterAxis) table {
	t := table{Title: "Cells" + b.title}
	chosen := r.choose(b.cells)
	waits := r.live && slices.ContainsFunc(b.cells, func(c *cell) bool { return c.Open() > 0 })
	if waits {
		chosen = nil
	}
	columns := r.columns(b, chosen)
	for _, x := range columns {
		t.Columns = append(t.Columns, x.column)
	}
	short, cells := r.shortLabels(), r.bestCells(b.cells, mostRows)
	if len(cells) < len(b.cells) {
		t.Notes = append(t.Notes, fmt.Sprintf("%d of %d cells are in this table, %s; nightshift export runs %s has all.", len(cells),
			len(b.cells), r.preferred(), file.ShellWord(r.Study.Study)))
	}
	for i, c := range cells {
		one := row{Places: strings.Trim(fmt.Sprint(c.filterPlaces(axes)), "[]"), Later: i >= shownRows && len(cells) > longTable}
		for _, x := range columns {
			e := x.of(c)
			e.Text = short.Replace(e.Text)
			one.Entries = append(one.Entries, e)
		}
		t.Rows = append(t.Rows, one)
	}
	if waits {
		t.Notes = append(t.Notes, "Cells with runs to come have intervals that are valid however often one looks at them; none is "+
			"marked as the best before all planned runs are over.")
	} else if chosen != nil && len(b.cells) > 1 {
		t.Notes = append(t.Notes, "★ has the best validation "+r.selection(b).name+b.soFar()+", as the mean over seeds; test was not "+
			"looked at for that.")
	} else if chosen == nil {
		t.Notes = append(t.Notes, "No cell is marked as the best: that takes a validation split and finished runs.")
	}
	return t
}

// mostRows is how many rows a table has: each takes about 700 bytes of the page.
const mostRows = 20_000

// columns are those of a block's table; a column that would be empty is left out.
func (r *results) columns(b *block, chosen *cell) []tableColumn {
	m, loss := b.quality(), measures["loss"]
	mean := func(s split, m measure, withInterval bool) func(*cell) entry {
		return func(c *cell) entry { return entryOf(c.estimate(s, m), withInterval) }
	}
	all := b.placeColumns(chosen)
	if slices.ContainsFunc(b.cells, func(c *cell) bool { return len(c.With(store.Pruned)) > 0 }) {
		by := r.selection(b)
		all = append(all, tableColumn{column{"pruned", "runs that were given up for better cells, after which epoch, " +
			"and their mean " + by.label("valid") + " there; in no other column", false},
			func(c *cell) entry { return c.pruned(by) }})
	}
	all = append(all, tableColumn{column{m.label("test"), "mean with its 95" + number.Space + "% interval over the units, " +
		"and over the test examples where their outputs are stored; of two outcomes how many runs are near what", false},
		mean(test, m, true)})
	if slices.ContainsFunc(b.cells, func(c *cell) bool { _, known := c.sampling(); return known }) {
		all = append(all, tableColumn{column{"test sampling (%)",
			"95 % Wilson interval of the mean error on a test split of this size: what another test split could have shown; " +
				"for cells whose test outputs are not stored", false}, (*cell).samplingEntry})
	}
	return append(all,
		tableColumn{column{m.label("validation"), "mean over seeds; what configurations are chosen by, unless the study says " +
			"otherwise", false}, mean(valid, m, false)},
		tableColumn{column{m.label("training"), "mean over seeds", false}, mean(train, m, false)},
		tableColumn{column{"training loss", "the objective that is minimised, at the end; comparable only between cells with " +
			"the same loss", false},
			mean(train, loss, false)},
		tableColumn{column{"seconds", "mean time of a run", false}, (*cell).time},
	)
}

// placeColumns say which cell it is, of how large networks, and what it rests on.
func (b *block) placeColumns(chosen *cell) []tableColumn {
	all := []tableColumn{
		{column{"cell", "the place on the axes", true}, func(c *cell) entry {
			return entry{Text: c.Label, Sort: c.Label, Best: c == chosen && len(b.cells) > 1}
		}},
	}
	if len(b.axes) > 1 {
		for _, x := range b.axes {
			all = append(all, tableColumn{column{x.name, "the place on this axis", x.values == nil},
				func(c *cell) entry { return x.entry(c) }})
		}
	}
	return append(all,
		tableColumn{column{"parameters", "weights and biases of the network", false}, func(c *cell) entry {
			return countEntry(c.parameters())
		}},
		tableColumn{column{"epochs", "of finished runs, the least and the most", false}, (*cell).trained},
		tableColumn{column{"runs", "finished of all; diverged ×, failed !", false}, (*cell).counts},
		tableColumn{column{"n", "units: what counts as one repeat, on which the interval rests", false}, func(c *cell) entry {
			return countEntry(c.tested.N)
		}})
}

// entry is the cell's place on the axis.
func (x axis) entry(c *cell) entry {
	at := x.index(c)
	e := entry{Text: c.axisLabel(x.name), Sort: c.axisLabel(x.name), Words: x.values == nil}
	if at >= 0 && x.values != nil {
		e.Sort = figure.Exact(x.values[at])
	}
	return e
}

// countEntry is a number of things; none is not known.
func countEntry(n int) entry {
	if n == 0 {
		return entry{Text: "–"}
	}
	return entry{Text: fmt.Sprint(n), Sort: fmt.Sprint(n)}
}

// trained says how many epochs the finished runs of the cell took.
func (c *cell) trained() entry {
	least, most := math.MaxInt, 0
	for _, one := range c.Finished() {
		least, most = min(least, one.Epochs), max(most, one.Epochs)
	}
	switch {
	case most == 0 && len(c.Finished()) > 0:
		return entry{Text: "0", Sort: "0"}
	case most == 0 || least == most:
		return countEntry(most)
	}
	return entry{Text: fmt.Sprintf("%d to %d", least, most), Sort: fmt.Sprint(most)}
}

// counts says how many runs are finished, and how many are lost.
func (c *cell) counts() entry {
	done := len(c.Finished())
	note := ""
	if n := len(c.With(store.Diverged)); n > 0 {
		note += fmt.Sprintf(" × %d", n)
	}
	if n := len(c.With(store.Failed)); n > 0 {
		note += fmt.Sprintf(" ! %d", n)
	}
	return entry{Text: fmt.Sprintf("%d of %d", done, len(c.Runs)), Small: note, Sort: fmt.Sprint(done)}
}

// time is the mean time of a finished run.
func (c *cell) time() entry {
	var seconds []float64
	for _, one := range c.Finished() {
		seconds = append(seconds, one.Seconds)
	}
	if len(seconds) == 0 {
		return entry{Text: "–"}
	}
	mean := stat.Describe(seconds).Mean
	return entry{Text: number.Plain(mean), Sort: figure.Exact(mean)}
}

// samplingEntry is the cell's sampling interval in percent.
func (c *cell) samplingEntry() entry {
	i, known := c.sampling()
	if !known {
		return entry{Text: "–"}
	}
	lo, hi := percent*i.Lo, percent*i.Hi
	return entry{Text: fmt.Sprintf("%s to %s", number.Plain(lo), number.Plain(hi)), Sort: figure.Exact(lo)}
}

// pruned says how many of the cell's runs were pruned, and how they stood then.
func (c *cell) pruned(m measure) entry {
	runs := c.With(store.Pruned)
	if len(runs) == 0 {
		return entry{Text: "–"}
	}
	e := entry{Text: fmt.Sprintf("%d after %s", len(runs), lastEpochs(runs)), Sort: fmt.Sprint(len(runs))}
	if values, _ := final(runs, valid, m); len(values) > 0 {
		e.Small = m.label("valid") + " " + number.Plain(stat.Describe(values).Mean)
	}
	return e
}

// entryOf is a mean, with its interval if asked for; of two outcomes their shares.
func entryOf(e estimate, withInterval bool) entry {
	if e.N == 0 {
		return entry{Text: "–"}
	}
	if o := e.outcomes; o.Two {
		text := entry{Text: "two outcomes", Sort: figure.Exact(o.Median)}
		write := o.digits()
		text.Small = fmt.Sprintf("%d × %s, %d × %s", o.Low, write(o.LowMedian), o.High, write(o.HighMedian))
		return text
	}
	write := number.Digits(e.Mean, e.CI)
	text := entry{Text: write(e.Mean), Sort: figure.Exact(e.Mean)}
	if withInterval && e.CI.Known() {
		text.Small = fmt.Sprintf("%s to %s", write(e.CI.Lo), write(e.CI.Hi))
	}
	return text
}

// sampling is the interval that the size of the test split leaves around the
// cell's mean error.
func (c *cell) sampling() (stat.Interval, bool) {
	n := len(c.Data.TestLabels)
	s := c.estimate(test, measures["error"])
	if c.Regression() || n == 0 || s.N == 0 || s.Examples > 0 || s.outcomes.Two {
		return stat.Interval{}, false
	}
	return stat.Wilson(int(math.Round(s.Mean/percent*float64(n))), n), true
}
