package stat

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// RankProbabilities gives p[cell][rank], the probability that a cell has a rank
// by its mean error, 0 the smallest, by a bootstrap over units and test examples.
// One design says that the rows of all cells have the same seeds, index by index,
// and are drawn together; else each cell has its own. Equal means share their
// ranks. 10,000 draws make a probability sure to one point. What a draw of few units
// differs by is taken larger, by what Student's t and √(n/(n-1)) are more than a normal
// quantile and 1: else five units of two equal cells are sure of one in 16 of 100 nights.
func RankProbabilities(cells []Wrong, designs []Design, draws int, r *rand.Rand) [][]float64 {
	examples := make([]int, cells[0].Examples)
	return rankings(len(cells), designs, draws, r, func() {
		clear(examples)
		for range examples {
			examples[r.IntN(len(examples))]++
		}
	}, func(cell, run int) float64 {
		wrong := 0
		for w, word := range cells[cell].Rows[run] {
			for ; word != 0; word &= word - 1 {
				wrong += examples[64*w+bits.TrailingZeros64(word)]
			}
		}
		return float64(wrong)
	})
}

// RankProbabilitiesOf does so for values[cell][run] that have no stored outputs,
// over units alone.
func RankProbabilitiesOf(values [][]float64, designs []Design, draws int, r *rand.Rand) [][]float64 {
	return rankings(len(values), designs, draws, r, func() {}, func(cell, run int) float64 { return values[cell][run] })
}

func rankings(cells int, designs []Design, draws int, r *rand.Rand, sample func(), value func(cell,
	run int) float64) [][]float64 {
	p := make([][]float64, cells)
	for c := range p {
		p[c] = make([]float64, cells)
	}
	means, order := make([]float64, cells), make([]int, cells)
	for range draws {
		sample()
		var weights []weighted
		for c := range cells {
			if c < len(designs) {
				weights = designs[c].draw(r)
			}
			sum, total := 0.0, 0.0
			for _, w := range weights {
				sum += w.weight * value(c, w.run)
				total += w.weight
			}
			means[c], order[c] = sum/total, c
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(means[a], means[b]) })
		for from := 0; from < cells; {
			to := from + 1
			for to < cells && means[order[to]] == means[order[from]] {
				to++
			}
			for _, c := range order[from:to] {
				for rank := from; rank < to; rank++ {
					p[c][rank] += 1 / float64(to-from)
				}
			}
			from = to
		}
	}
	for c := range p {
		for rank := range p[c] {
			p[c][rank] /= float64(draws)
		}
	}
	return p
}

type weighted struct {
	run    int
	weight float64
}

// draw gives the runs of a bootstrap sample of the units; where crossed, of rows
// and of columns. Weights may be negative where units are few.
func (d Design) draw(r *rand.Rand) (sample []weighted) {
	counts := func(n int) []float64 {
		c := make([]float64, n)
		for range n {
			c[r.IntN(n)]++
		}
		for i, wide := 0, widening(n); i < n; i++ {
			c[i] = 1 + wide*(c[i]-1)
		}
		return c
	}
	if len(d.Sets) == 0 {
		return nil
	}
	rows := counts(len(d.Sets))
	columns := slices.Repeat([]float64{1}, slices.Max(sizes(d.Sets)))
	if d.Kind == Crossed {
		columns = counts(len(d.Sets[0]))
	}
	for u, set := range d.Sets {
		for k, run := range set {
			if w := rows[u] * columns[k] / float64(len(set)); w != 0 {
				sample = append(sample, weighted{run, w})
			}
		}
	}
	return sample
}

// widening is how much further a mean of n units may lie from the true one than a bootstrap of
// them shows.
func widening(n int) float64 {
	if n < 2 {
		return 1
	}
	return quantileT(float64(n-1), 0.95) / quantileZ(0.05) * math.Sqrt(float64(n)/float64(n-1))
}

func sizes(sets [][]int) []int {
	n := make([]int, len(sets))
	for i, s := range sets {
		n[i] = len(s)
	}
	return n
}
