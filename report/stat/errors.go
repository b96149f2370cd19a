package stat

import "slices"

// Errors is a cell with the test examples that its runs got wrong: rows of Wrong are
// in the order of Runs. Values of runs are not used. All cells have one test set in
// the same order; where each data seed draws its own, there are no common examples
// and Combination is to be used.
type Errors struct {
	Runs  []Run
	Wrong Wrong
}

// Tested is a sum of error rates with both of its sources of chance.
type Tested struct {
	Difference            // over units and test examples
	OverUnits  Difference // over units alone
	Design     Design
	Outputs    []Outputs // of what goes together, or of each cell
}

// CombineErrors gives a sum of error rates of cells with factors: units go together
// as in Combination, and the test examples widen the interval as in WithExamples.
func CombineErrors(factors []float64, cells ...Errors) Tested {
	runs := make([][]Run, len(cells))
	for c, cell := range cells {
		runs[c] = slices.Clone(cell.Runs)
		for i, wrong := range cell.Wrong.Count() {
			runs[c][i].Value = float64(wrong) / float64(cell.Wrong.Examples)
		}
	}
	sum := combine(factors, runs)
	t := Tested{OverUnits: sum.Difference, Design: sum.Design}
	picked := make([]Wrong, len(cells))
	for c, cell := range cells {
		picked[c] = cell.Wrong.Pick(sum.used[c])
	}
	if sum.shared {
		t.Outputs = []Outputs{Combine(factors, picked...)}
	} else {
		for c := range cells {
			t.Outputs = append(t.Outputs, Combine(factors[c:c+1], picked[c]))
		}
	}
	t.Difference = WithExamples(sum.Difference, t.Outputs...)
	return t
}

// Units is a sum of the means of cells with factors for each unit that goes together, in
// the study's order: what may be looked at after each unit.
type Units struct {
	Sums   []float64 // by unit; none of crossed and of unshared seeds, which spend their alpha
	Design Design

	factors []float64
	sizes   []int   // runs of each unit
	used    [][]int // by cell, the runs, unit by unit
}

// UnitsOf pairs the runs of cells as Combination does.
func UnitsOf(factors []float64, cells ...[]Run) Units {
	p := pair(factors, cells)
	u := Units{Design: p.design, factors: factors}
	if p.design.Kind == Crossed {
		return u
	}
	for _, set := range p.design.Sets {
		sum := 0.0
		for _, k := range set {
			sum += p.sums[k].Value / float64(len(set))
		}
		u.Sums, u.sizes = append(u.Sums, sum), append(u.sizes, len(set))
	}
	u.used = p.used()
	return u
}

// Runs lists, by cell, the runs of the first n units.
func (u Units) Runs(n int) [][]int {
	runs := 0
	for _, size := range u.sizes[:n] {
		runs += size
	}
	first := make([][]int, len(u.used))
	for c, used := range u.used {
		first[c] = used[:runs]
	}
	return first
}

// Newest is the look at all units, over units alone.
func (u Units) Newest() Difference {
	var m moments
	for _, v := range u.Sums {
		m.add(v)
	}
	return m.difference()
}

// Errors gives the looks after 2, 3, ... units where the cells are error rates on one test set: the anytime-valid interval over
// the units, widened by the examples as WithExamples does. Simulated, 2 to 6 % of verdicts are false at 5 to 40 looks; there is
// no proof. Cells are those that UnitsOf had. Only the newest look has its p value.
func (u Units) Errors(cells ...Wrong) []Difference {
	if len(u.Sums) == 0 {
		return nil
	}
	running := NewRunning(u.factors, cells[0].Examples)
	var looks []Difference
	row := 0
	for _, size := range u.sizes {
		unit := make([][][]uint64, size)
		for i := range unit {
			for c, cell := range cells {
				unit[i] = append(unit[i], cell.Rows[u.used[c][row]])
			}
			row++
		}
		if d := running.Add(unit...); d.N >= 2 {
			looks = append(looks, d)
		}
	}
	if n := len(looks) - 1; n >= 0 {
		looks[n].P = looks[n].Against(0)
	}
	return looks
}

// Running is a sum of error rates with factors to which one unit after another is added:
// a unit costs the same however many there were before.
type Running struct {
	factors []float64
	table   table
	units   moments
}

// NewRunning has no units yet, of cells on so many test examples.
func NewRunning(factors []float64, examples int) *Running {
	return &Running{factors: factors, table: table{columns: make([]float64, examples)}}
}

// Add adds the runs of one unit, of each the packed examples that it got wrong in every
// cell, and gives the look at all units so far, without a p value.
func (r *Running) Add(runs ...[][]uint64) Difference {
	mean := 0.0
	for _, cells := range runs {
		r.table.bits(r.factors, cells)
		mean += r.table.means[len(r.table.means)-1] / float64(len(runs))
	}
	r.units.add(mean)
	if r.units.n < 2 {
		return r.units.difference()
	}
	return widened(r.units.difference(), r.table.outputs())
}

// RunningMean is a mean to which one unit after another is added.
type RunningMean struct{ units moments }

// Add adds a unit, and gives the anytime-valid look at all units so far.
func (r *RunningMean) Add(v float64) Difference {
	r.units.add(v)
	return r.units.difference()
}
