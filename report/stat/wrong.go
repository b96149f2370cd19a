package stat

import "math/bits"

// Wrong holds which test examples the runs of a cell got wrong: a row of packed
// bits for each run, bit j%64 of word j/64 for example j. Words beyond the last
// example are 0.
type Wrong struct {
	Examples int
	Rows     [][]uint64
}

// Pack puts the bits of one row together.
func Pack(wrong []bool) []uint64 {
	row := make([]uint64, (len(wrong)+63)/64)
	for j, w := range wrong {
		if w {
			row[j/64] |= 1 << (j % 64)
		}
	}
	return row
}

// Pick gives the rows at some indices, such as those of the pairs of two cells.
func (w Wrong) Pick(rows []int) Wrong {
	picked := Wrong{w.Examples, make([][]uint64, len(rows))}
	for k, i := range rows {
		picked.Rows[k] = w.Rows[i]
	}
	return picked
}

// Count gives the number of examples that each run got wrong.
func (w Wrong) Count() []int {
	counts := make([]int, len(w.Rows))
	for s, row := range w.Rows {
		for _, word := range row {
			counts[s] += bits.OnesCount64(word)
		}
	}
	return counts
}

// Combine gives the sampled table of a sum of error indicators, one factor a
// cell: {1, -1} compares two cells, {1, -1, -1, 1} two differences. Rows of equal
// index have the same seeds, columns are the same examples. Cells of different
// sizes are cut to the smallest.
func Combine(factors []float64, cells ...Wrong) Outputs {
	n, m := len(cells[0].Rows), cells[0].Examples
	for _, c := range cells {
		n, m = min(n, len(c.Rows)), min(m, c.Examples)
	}
	if n == 0 {
		return Outputs{}
	}
	t := table{columns: make([]float64, m)}
	for s := range n {
		t.bits(factors, rowsOf(cells, s))
	}
	return t.outputs()
}

// rowsOf has the row of every cell with an index.
func rowsOf(cells []Wrong, index int) [][]uint64 {
	rows := make([][]uint64, len(cells))
	for k, c := range cells {
		rows[k] = c.Rows[index]
	}
	return rows
}

// bits adds a row of the packed bits of every cell. With d = Σ f_k w_k of bits w_k, the
// sum of d over a row is Σ f_k popcount(w_k), that of d² is ΣΣ f_k f_l popcount(w_k & w_l),
// and the sum over a column needs the bits that are set only.
func (t *table) bits(factors []float64, cells [][]uint64) {
	sum, squares := 0.0, 0.0
	for k, row := range cells {
		for l, other := range cells[:k+1] {
			both := 0
			for w, word := range row {
				both += bits.OnesCount64(word & other[w])
			}
			if l == k {
				sum += factors[k] * float64(both)
				squares += factors[k] * factors[k] * float64(both)
			} else {
				squares += 2 * factors[k] * factors[l] * float64(both)
			}
		}
		for w, word := range row {
			for ; word != 0; word &= word - 1 {
				t.add(64*w+bits.TrailingZeros64(word), factors[k])
			}
		}
	}
	t.end(sum, squares)
}
