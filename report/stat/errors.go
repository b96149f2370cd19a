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

// ErrorRate gives the error rate of one cell with Wilson's interval over units and
// test examples.
func ErrorRate(cell Errors) Tested {
	t := CombineErrors([]float64{1}, cell)
	t.Difference = Rate(t.Difference, t.Outputs[0])
	return t
}

// AnytimeErrors gives the looks at a sum of error rates after 2, 3, ... units, as
// AnytimeWithExamples does, where runs go together one by one or nested in training
// sets. Of crossed and of unshared seeds it gives none: those spend their alpha.
func AnytimeErrors(factors []float64, cells ...Errors) []Difference {
	runs := make([][]Run, len(cells))
	for c := range cells {
		runs[c] = cells[c].Runs
	}
	sum := combine(factors, runs)
	if !sum.shared || sum.Design.Kind == Crossed {
		return nil
	}
	picked := make([]Wrong, len(cells))
	for c, cell := range cells {
		picked[c] = cell.Wrong.Pick(sum.used[c])
	}
	after := combineBits(factors, picked, false)
	var m moments
	var looks []Difference
	rows := 0
	for _, set := range sum.Design.Sets {
		rows += len(set)
		o := after[rows-1]
		mean := 0.0
		for _, v := range o.Means[rows-len(set):] {
			mean += v / float64(len(set))
		}
		if m.add(mean); m.n >= 2 {
			looks = append(looks, WithExamples(m.difference(), o))
		}
	}
	return looks
}

// AnytimeOf gives the looks at a sum of means, for measures without stored outputs.
func AnytimeOf(factors []float64, cells ...[]Run) []Difference {
	return Anytime(UnitSums(factors, cells...))
}

// UnitSums gives the sum of cells with factors for each unit that goes together, in
// order; none of crossed and of unshared seeds.
func UnitSums(factors []float64, cells ...[]Run) []float64 {
	rows, _ := Shared(cells...)
	sums := sumRuns(factors, cells, rows)
	design := Classify(sums)
	if design.Kind == Crossed {
		return nil
	}
	units := make([]float64, len(design.Sets))
	for u, set := range design.Sets {
		for _, k := range set {
			units[u] += sums[k].Value / float64(len(set))
		}
	}
	return units
}
