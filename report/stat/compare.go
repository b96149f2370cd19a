package stat

// Mean gives the mean of a cell over its units, by the design of its seeds: the
// one way for figures, tables and claims.
func Mean(runs []Run) (Difference, Design) {
	d := Classify(runs)
	return d.mean(func(i int) float64 { return runs[i].Value }, "one sample"), d
}

// mean gives the mean of the values at the indices of a design.
func (d Design) mean(value func(i int) float64, method string) Difference {
	y := make([][]float64, len(d.Sets))
	for u, set := range d.Sets {
		for _, i := range set {
			y[u] = append(y[u], value(i))
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
	values := make([]float64, len(y))
	for u := range y {
		values[u] = y[u][0]
	}
	return newDifference(method).of(values)
}

// Pair is two runs with the same seeds, by their indices.
type Pair struct{ X, Y int }

// Pairs finds the runs of two cells with the same seeds, in the order of x.
// Copies are left out, by their indices in x: no network of either cell counts
// twice.
func Pairs(x, y []Run) (pairs []Pair, copies []int) {
	at := map[Seeds]int{}
	for j, r := range y {
		if _, met := at[r.Seeds]; !met {
			at[r.Seeds] = j
		}
	}
	seenX, seenY := map[string]bool{}, map[string]bool{}
	for i, r := range x {
		j, shared := at[r.Seeds]
		switch {
		case !shared:
			continue
		case r.Digest != "" && seenX[r.Digest], y[j].Digest != "" && seenY[y[j].Digest]:
			copies = append(copies, i)
			continue
		}
		seenX[r.Digest], seenY[y[j].Digest] = true, true
		pairs = append(pairs, Pair{i, j})
	}
	return pairs, copies
}

// Compare gives the difference of the means of two cells, x - y. Runs with the
// same seeds are paired, all of them or some: the differences are a cell of
// their own, whose design decides the interval. Cells that share training sets
// but no run are paired by training set. Where nothing is shared, the two means
// are compared by Welch's t. The design is that of the pairs, or of x.
func Compare(x, y []Run) (Difference, Design) {
	if pairs, copies := Pairs(x, y); len(pairs) > 0 {
		both := make([]Run, len(pairs))
		for k, p := range pairs {
			both[k] = Run{Seeds: x[p.X].Seeds, Value: x[p.X].Value - y[p.Y].Value}
		}
		design := Classify(both)
		design.Copies = copies
		if len(pairs) == 1 && len(copies) > 0 {
			design.Warnings = append(design.Warnings, oneNetwork)
		}
		return design.mean(func(i int) float64 { return both[i].Value }, "paired"), design
	}
	if sets := bySet(x, y); len(sets) > 1 {
		design := Classify(sets)
		return design.mean(func(i int) float64 { return sets[i].Value }, "paired"), design
	}
	a, design := Mean(x)
	b, _ := Mean(y)
	return Apart(a, b), design
}

// bySet gives a difference of means for every training set that both cells have.
func bySet(x, y []Run) []Run {
	means := func(runs []Run) map[uint64]float64 {
		m := map[uint64]float64{}
		d := Classify(runs)
		for _, set := range group(flat(d.Sets), func(i int) uint64 { return runs[i].Data }) {
			for _, i := range set {
				m[runs[i].Data] += runs[i].Value / float64(len(set))
			}
		}
		return m
	}
	a, b := means(x), means(y)
	var sets []Run
	for _, r := range x {
		u, inX := a[r.Data]
		v, inY := b[r.Data]
		if inX && inY {
			sets = append(sets, Run{Seeds: Seeds{Data: r.Data}, Value: u - v})
			delete(a, r.Data)
		}
	}
	return sets
}

func flat(sets [][]int) (all []int) {
	for _, s := range sets {
		all = append(all, s...)
	}
	return all
}
