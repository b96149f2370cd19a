package stat

import "math"

// Mean gives the mean of a cell over its units, by the design of its seeds: the
// one way for figures, tables and claims.
func Mean(runs []Run) (Difference, Design) { return Combination([]float64{1}, runs) }

// Combination gives a sum of the means of cells with factors, {1, -1, -1, 1} for a
// difference of differences. Runs with the same seeds in all cells, all of them or
// some, go together: their sums are a cell of their own, whose design decides the
// interval. Cells that share training sets but no run go together by training set.
// Where nothing is shared, each mean has its own interval and their variances are
// added, by Welch's t. The design is that of what goes together, its
// indices those of the first cell; else that of the first cell, or of its sets.
func Combination(factors []float64, cells ...[]Run) (Difference, Design) {
	c := combine(factors, cells)
	return c.Difference, c.Design
}

// combination is a sum over cells with the runs that it rests on.
type combination struct {
	Difference
	Design Design
	used   [][]int // by cell, the runs; index by index where they go together
	shared bool    // runs go together
}

func combine(factors []float64, cells [][]Run) combination {
	method := "paired"
	if len(cells) == 1 {
		method = "one sample"
	}
	if p := pair(factors, cells); len(p.sums) > 0 {
		c := combination{p.design.mean(p.sums, method), p.design, p.used(), true}
		c.Design.reindex(p.rows[0])
		return c
	}
	c := combination{}
	var means []Difference
	for i, runs := range cells {
		design := Classify(runs)
		if i == 0 {
			c.Design = design
		}
		means = append(means, design.mean(runs, "one sample").Times(factors[i]))
		c.used = append(c.used, flat(design.Sets))
	}
	if len(cells) == 1 {
		c.Difference = means[0]
		return c
	}
	if sums := bySet(factors, cells); len(sums) > 1 {
		c.Design = Classify(sums)
		c.Difference = c.Design.mean(sums, method)
		return c
	}
	c.Difference = sum(means)
	return c
}

// paired are the runs of cells that go together.
type paired struct {
	rows   [][]int // by cell, the runs; index by index those with the same seeds
	sums   []Run   // over cells, with factors; none where no runs go together
	design Design  // of the sums, whose indices its own are
}

func pair(factors []float64, cells [][]Run) (p paired) {
	var copies []int
	if p.rows, copies = Shared(cells...); len(p.rows[0]) == 0 {
		return p
	}
	p.sums = sumRuns(factors, cells, p.rows)
	p.design = Classify(p.sums)
	p.design.Copies = copies
	if len(p.sums) == 1 && len(copies) > 0 {
		p.design.Warnings = append(p.design.Warnings, oneNetwork)
	}
	return p
}

// used lists, by cell, the runs that the design takes, unit by unit.
func (p paired) used() [][]int {
	used := make([][]int, len(p.rows))
	for _, k := range flat(p.design.Sets) {
		for c := range p.rows {
			used[c] = append(used[c], p.rows[c][k])
		}
	}
	return used
}

// Picked are the elements at some indices, such as those of Shared.
func Picked[T any](all []T, at []int) []T {
	some := make([]T, len(at))
	for k, i := range at {
		some[k] = all[i]
	}
	return some
}

// Shared finds the runs that have the same seeds in all cells, rows[cell][k], in the
// order of the first. Copies are left out, by their indices in the first: no network
// of any cell counts twice.
func Shared(cells ...[]Run) (rows [][]int, copies []int) {
	rows = make([][]int, len(cells))
	at, seen := make([]map[Seeds]int, len(cells)), make([]map[string]bool, len(cells))
	for c, runs := range cells {
		at[c], seen[c] = make(map[Seeds]int, len(runs)), make(map[string]bool, len(runs))
		for i, r := range runs {
			if _, met := at[c][r.Seeds]; !met {
				at[c][r.Seeds] = i
			}
		}
	}
	for i, r := range cells[0] {
		row, shared, isCopy := []int{i}, true, r.Digest != "" && seen[0][r.Digest]
		for c := 1; c < len(cells) && shared; c++ {
			j, met := at[c][r.Seeds]
			shared = met
			if met {
				row = append(row, j)
				digest := cells[c][j].Digest
				isCopy = isCopy || digest != "" && seen[c][digest]
			}
		}
		switch {
		case shared && isCopy:
			copies = append(copies, i)
		case shared:
			for c, j := range row {
				rows[c] = append(rows[c], j)
				if digest := cells[c][j].Digest; digest != "" {
					seen[c][digest] = true
				}
			}
		}
	}
	return rows, copies
}

// sumRuns gives the sums over cells of the runs that go together.
func sumRuns(factors []float64, cells [][]Run, rows [][]int) []Run {
	sums := make([]Run, len(rows[0]))
	for k := range sums {
		sums[k].Seeds = cells[0][rows[0][k]].Seeds
		for c := range cells {
			sums[k].Value += factors[c] * cells[c][rows[c][k]].Value
		}
	}
	return sums
}

// mean gives the mean of the values of runs that have a design.
func (d Design) mean(runs []Run, method string) Difference {
	y := make([][]float64, len(d.Sets))
	for u, set := range d.Sets {
		for _, i := range set {
			y[u] = append(y[u], runs[i].Value)
		}
	}
	switch {
	case d.Kind == Crossed && d.columns != nil:
		return threeWay(y, d.columns)
	case d.Kind == Crossed:
		return CrossedMean(y).Difference
	case d.Kind == Nested:
		return NestedMean(y)
	}
	return newDifference(method).of(flat(y))
}

// reindex turns indices k of the runs that go together into rows[k].
func (d *Design) reindex(rows []int) {
	sets := make([][]int, len(d.Sets))
	for u, set := range d.Sets {
		for _, k := range set {
			sets[u] = append(sets[u], rows[k])
		}
	}
	d.Sets = sets
	for i, k := range d.LeftOut {
		d.LeftOut[i] = rows[k]
	}
}

// bySet gives the sum of means for every training set that all cells have.
func bySet(factors []float64, cells [][]Run) (sums []Run) {
	var means []map[uint64]float64
	for _, runs := range cells {
		of := map[uint64]float64{}
		for _, set := range group(flat(Classify(runs).Sets), func(i int) uint64 { return runs[i].Data }) {
			for _, i := range set {
				of[runs[i].Data] += runs[i].Value / float64(len(set))
			}
		}
		means = append(means, of)
	}
	seen := map[uint64]bool{}
	for _, r := range cells[0] {
		total, shared := 0.0, !seen[r.Data]
		seen[r.Data] = true
		for c, of := range means {
			mean, met := of[r.Data]
			shared = shared && met
			total += factors[c] * mean
		}
		if shared {
			sums = append(sums, Run{Seeds: Seeds{Data: r.Data}, Value: total})
		}
	}
	return sums
}

func flat[T any](sets [][]T) (all []T) {
	for _, s := range sets {
		all = append(all, s...)
	}
	return all
}

// sum gives the sum of independent means: their variances are added, the degrees of
// freedom are Satterthwaite's.
func sum(means []Difference) Difference {
	r := newDifference("Welch")
	r.Mean = 0
	var variances, df []float64
	total := 0.0
	for i, m := range means {
		if i == 0 || m.N < r.N {
			r.N = m.N
		}
		r.Mean += m.Mean
		total += m.SE * m.SE
		variances, df = append(variances, m.SE*m.SE), append(df, m.DF)
	}
	if math.IsNaN(total) {
		r.Warnings = append(r.Warnings, few(r.N))
		return r
	}
	return r.tested(math.Sqrt(total), satterthwaite(variances, df), "neither sample varies: the t test has nothing to go by")
}
