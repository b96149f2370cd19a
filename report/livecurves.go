package report

import (
	"math"
	"slices"
	"strconv"

	"nightshift/internal/store"
)

// Curves are the lines of one measure as the explorer of a live page draws them: of runs, or of cells where there are too many
// runs. They grow as runs are measured, and each knows when it changed last, so that a page is told what is new to it.
type Curves struct {
	Measure string // such as test_error

	scale   float64
	runs    []curve
	cell    []int   // of each run, where lines are of cells; else nil
	members [][]int // runs of each cell
	changed []int   // when each line changed last; 0 for never
	clock   int
}

// curve is what a run has measured, without what is no finite number.
type curve struct {
	epochs []int
	values []float64
}

// Curves begins with no values. It is false of a measure that there is not.
func (l *Live) Curves(measure string) (*Curves, bool) {
	_, m, known := measureOf(measure)
	if !known {
		return nil, false
	}
	c := &Curves{Measure: measure, scale: m.scale, runs: make([]curve, len(l.Runs))}
	lines := len(l.Runs)
	if l.ofCells {
		c.cell = l.cells
		for run, cell := range l.cells {
			if cell == len(c.members) { // runs come cell by cell
				c.members = append(c.members, nil)
			}
			c.members[cell] = append(c.members[cell], run)
		}
		lines = len(c.members)
	}
	c.changed = make([]int, lines)
	return c, true
}

// Begin drops what is known of a run, of which all epochs are added then.
func (c *Curves) Begin(run int) { c.runs[run] = curve{} }

// Add takes in what the measure was after an epoch of a run; epochs come in order.
func (c *Curves) Add(run, epoch int, v store.Number) {
	if !v.Valid || math.IsNaN(v.V) || math.IsInf(v.V, 0) {
		return
	}
	of := &c.runs[run]
	of.epochs, of.values = append(of.epochs, epoch), append(of.values, c.scale*v.V)
}

// End notes that the lines of some runs, to which epochs were added, have changed.
func (c *Curves) End(runs []int) {
	c.clock++
	for _, run := range runs {
		if c.cell != nil {
			run = c.cell[run]
		}
		c.changed[run] = c.clock
	}
}

// Since gives lines that have changed since a time of before (0 for the beginning), as JSON for the page, and the time by which
// it has them. It is nil where there are none, and says whether more are waiting.
func (c *Curves) Since(clock, most int) (lines []byte, now int, more bool) {
	var order []int
	for i, at := range c.changed {
		if at > clock {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return c.changed[i] - c.changed[j] })
	now = clock
	for k, i := range order {
		if more = k >= most && c.changed[i] != now; more { // those of one time go together
			break
		}
		now = c.changed[i]
		lines = c.appendLine(append(lines, ','), i)
	}
	if lines == nil {
		return nil, now, false
	}
	lines[0] = '['
	return append(lines, ']'), now, more
}

// appendLine writes a line: its place, its epochs, and its values at them; of a cell mean, lowest and highest one after the
// other.
func (c *Curves) appendLine(b []byte, i int) []byte {
	var line []curve
	if c.cell != nil {
		line = c.ofCell(i)
	} else {
		line = c.runs[i : i+1]
	}
	at := thinned(len(line[0].epochs), mostPoints)
	b = append(strconv.AppendInt(append(b, '['), int64(i), 10), ",["...)
	for k, e := range at {
		if k > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(line[0].epochs[e]), 10)
	}
	b = append(b, "],["...)
	for part, l := range line {
		for k, e := range at {
			if k+part > 0 {
				b = append(b, ',')
			}
			b = strconv.AppendFloat(b, l.values[e], 'g', 4, 64)
		}
	}
	return append(b, "]]"...)
}

// ofCell are the mean, the lowest and the highest of the runs of a cell at the epochs that any of them has.
func (c *Curves) ofCell(i int) []curve {
	var epochs []int
	for _, run := range c.members[i] {
		if of := c.runs[run]; len(of.epochs) > len(epochs) || !slices.Equal(of.epochs, epochs[:len(of.epochs)]) {
			epochs = slices.Compact(slices.Sorted(slices.Values(slices.Concat(epochs, of.epochs))))
		}
	}
	all := make([]curve, 3)
	for k := range all {
		all[k] = curve{epochs, make([]float64, len(epochs))}
	}
	mean, low, high, n := all[0].values, all[1].values, all[2].values, make([]float64, len(epochs))
	for _, run := range c.members[i] {
		at := 0
		for k, e := range c.runs[run].epochs {
			for epochs[at] < e {
				at++
			}
			v := c.runs[run].values[k]
			if n[at] == 0 {
				low[at], high[at] = v, v
			}
			mean[at], low[at], high[at] = mean[at]+v, min(low[at], v), max(high[at], v)
			n[at]++
		}
	}
	for at := range n {
		mean[at] /= n[at]
	}
	return all
}

// thinned are the places of no more points than so many, evenly, the first and the last with them.
func thinned(n, most int) []int {
	at := make([]int, min(n, most))
	for i := range at {
		at[i] = i
		if len(at) < n {
			at[i] = int(math.Round(float64(i) * float64(n-1) / float64(len(at)-1)))
		}
	}
	return at
}
