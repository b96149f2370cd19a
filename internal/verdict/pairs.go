package verdict

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report/networks"
	"nightshift/report/stat"
)

// Answered are the answers of the finished runs of a cell to the test examples; those of runs that have left no outputs are not
// among them.
type Answered struct {
	Cell    *Cell
	Runs    []Run // by their seeds
	Answers [][]int32
	Wrong   []float64 // share of the examples, by run
}

// Answers reads them.
func (r *Results) Answers(ctx context.Context, c *Cell) (a Answered, err error) {
	a.Cell = c
	n := len(c.Data.TestLabels)
	if n == 0 {
		return a, nil
	}
	for _, one := range c.Finished() {
		logits, err := r.outputs(ctx, &one)
		if err != nil {
			return a, err
		}
		if len(logits) != n*c.Data.Out {
			continue
		}
		answers := mlp.Predictions(logits, n, c.Data.Out)
		wrong := 0.0
		for i, class := range answers {
			if class != c.Data.TestLabels[i] {
				wrong += 1 / float64(n)
			}
		}
		a.Runs, a.Answers, a.Wrong = append(a.Runs, one), append(a.Answers, answers), append(a.Wrong, wrong)
	}
	return a, nil
}

// Disagreement is the share of the test examples to which two runs give different answers, [runs, runs].
func (a Answered) Disagreement() [][]float64 {
	d := square(len(a.Runs))
	for i := range d {
		for j := range i {
			for k, class := range a.Answers[i] {
				if class != a.Answers[j][k] {
					d[i][j] += 1 / float64(len(a.Answers[i]))
				}
			}
			d[j][i] = d[i][j]
		}
	}
	return d
}

// PairTable has a value of every two networks, [networks, networks].
func PairTable(networks int, pairs []networks.Pair, value func(networks.Pair) float64) [][]float64 {
	d := square(networks)
	for _, p := range pairs {
		d[p.A][p.B] = value(p)
		d[p.B][p.A] = d[p.A][p.B]
	}
	return d
}

// square is a table of zeros, [n, n].
func square(n int) [][]float64 {
	d := make([][]float64, n)
	for i := range d {
		d[i] = make([]float64, n)
	}
	return d
}

// Mean is that of some values.
func Mean(values []float64) (m float64) {
	for _, v := range values {
		m += v / float64(len(values))
	}
	return m
}

// Median is that of some values, of an even number the middle of the two that are.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return sorted[(n-1)/2] + (sorted[n/2]-sorted[(n-1)/2])/2
}

// Overall is a statistic over the pairs of different runs, D[i][j], with its interval over seeds.
func Overall(d [][]float64, statistic func([]float64) float64) stat.Difference {
	return stat.Pairs([]float64{1}, stat.PairMeasure{D: d, Statistic: statistic})
}

// pairTable is a measure of the pairs of some runs of a cell.
type pairTable struct {
	runs []Run
	d    [][]float64
	why  string // there is none
}

// tableOf measures every two finished runs of an operand's cell, once.
func (r *Results) tableOf(ctx context.Context, t study.Term, c *Cell) (pairTable, error) {
	key := fmt.Sprint(t.Stat, t.Aligned, c.Label)
	for _, one := range c.Finished() {
		key += one.ID
	}
	if known, ok := r.tables[key]; ok {
		return known, nil
	}
	table, err := r.readTable(ctx, t, c)
	if err == nil {
		if r.tables == nil {
			r.tables = map[string]pairTable{}
		}
		r.tables[key] = table
	}
	return table, err
}

func (r *Results) readTable(ctx context.Context, t study.Term, c *Cell) (pairTable, error) {
	if t.Stat == "disagreement" {
		if c.Config.Data.Resample != "" {
			return pairTable{why: "each run has test examples of its own"}, nil
		}
		a, err := r.Answers(ctx, c)
		if err != nil {
			return pairTable{}, err
		}
		return pairTable{runs: a.Runs, d: a.Disagreement()}, nil
	}
	k, err := r.Kept(ctx, c)
	if err != nil || len(k.Runs) < 2 {
		return pairTable{runs: k.Runs}, err
	}
	value := func(p networks.Pair) float64 { return p.Distance }
	var samples []networks.Sample
	switch {
	case t.Stat == "barrier":
		d, err := r.Examples(k.Runs[0], c)
		if errors.Is(err, networks.ErrNoData) {
			return pairTable{why: err.Error()}, nil
		} else if err != nil {
			return pairTable{}, err
		}
		samples = networks.Samples(d, Evaluated)
		value = func(p networks.Pair) float64 { return p.Naive[0].Barrier() }
		if t.Aligned {
			value = func(p networks.Pair) float64 { return p.Matched[0].Barrier() }
		}
	case t.Aligned:
		value = func(p networks.Pair) float64 { return p.Aligned }
	}
	pairs, err := r.NetworkPairs(ctx, k, samples)
	return pairTable{runs: k.Runs, d: PairTable(len(k.Runs), pairs, value)}, err
}

// pairs is the evidence on a sum of measures of pairs of runs.
func (r *Results) pairs(ctx context.Context, operands []Operand) (evidence, error) {
	e := evidence{}
	e.Difference = stat.Over(nil, 0)
	e.OverUnits = e.Difference
	var factors []float64
	var measures []stat.PairMeasure
	for i, o := range operands {
		design := stat.Classify(o.units())
		if i == 0 {
			e.Design, e.Unit = design, "pairs of "+UnitWords(design)
		}
		switch design.Kind {
		case stat.OneNetwork:
			e.problem = "one network: no pair"
			return e, nil
		case stat.Together:
		default:
			e.problem = "runs of " + o.Cell.Label + " share a seed, so that their pairs are of more kinds than one"
			return e, nil
		}
		table, err := r.tableOf(ctx, o.Term, o.Cell)
		if err != nil {
			return e, err
		}
		m, why := table.of(o, design)
		if e.problem = why; why != "" {
			return e, nil
		}
		factors, measures = append(factors, o.factor()), append(measures, m)
	}
	e.Difference = stat.Pairs(factors, measures...)
	e.OverUnits = e.Difference
	e.looks = []stat.Difference{e.Difference}
	e.Warnings = slices.Concat(e.Difference.Warnings, designWarnings(e.Design))
	return e, nil
}

// of are the pairs of the distinct runs of an operand, or why there are none.
func (t pairTable) of(o Operand, design stat.Design) (m stat.PairMeasure, why string) {
	if t.why != "" {
		return m, t.why
	}
	var at []int
	lacking := 0
	for _, set := range design.Sets {
		one := o.runs[set[0]]
		i := slices.IndexFunc(t.runs, func(have Run) bool { return have.ID == one.ID })
		if i < 0 {
			lacking++
			continue
		}
		at, m.Seeds = append(at, i), append(m.Seeds, stat.Seeds(one.Seeds()))
	}
	if lacking > 0 {
		what := "kept weights"
		if o.Stat == "disagreement" {
			what = "stored test outputs"
		}
		return m, fmt.Sprintf("%s of %s are without %s", number.Count(lacking, "run"), o.Cell.Label, what)
	}
	m.D, m.Statistic = square(len(at)), Median
	for i := range at {
		for j := range at {
			m.D[i][j] = t.d[at[i]][at[j]]
		}
	}
	if o.Stat == "disagreement" {
		m.Statistic = Mean
	}
	return m, ""
}
