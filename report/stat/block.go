package stat

import "slices"

// exhaustive is the number of rows or columns up to which LargestBlock tries
// every subset of them.
const exhaustive = 14

// LargestBlock gives the rows and columns of the largest complete block of a
// table, by the number of its places; of equal ones that with more rows. Failed
// runs leave such holes. Up to 14 rows or columns it is exact; above, rows and
// columns with the largest share of holes are taken away until none is left.
func LargestBlock(present [][]bool) (rows, columns []int) {
	if len(present) == 0 {
		return nil, nil
	}
	switch n, m := len(present), len(present[0]); {
	case m <= exhaustive:
		columns, rows = searchBlock(m, n, func(c, r int) bool { return present[r][c] }, true)
		return rows, columns
	case n <= exhaustive:
		return searchBlock(n, m, func(r, c int) bool { return present[r][c] }, false)
	}
	return peelBlock(present)
}

// searchBlock tries all subsets of the few and takes those of the many that are
// complete on it; of equal blocks that with more of the many where preferMany.
func searchBlock(few, many int, present func(few, many int) bool, preferMany bool) (ofFew, ofMany []int) {
	masks := make([]uint32, many)
	for j := range masks {
		for i := range few {
			if present(i, j) {
				masks[j] |= 1 << i
			}
		}
	}
	best, bestMany, bestSet := 0, 0, uint32(0)
	for set := uint32(1); set < 1<<few; set++ {
		complete, size := 0, 0
		for _, m := range masks {
			if m&set == set {
				complete++
			}
		}
		for s := set; s != 0; s &= s - 1 {
			size++
		}
		better := complete*size > best || complete*size == best && (complete > bestMany) == preferMany && complete != bestMany
		if complete > 0 && better {
			best, bestMany, bestSet = complete*size, complete, set
		}
	}
	if best == 0 {
		return nil, nil
	}
	for i := range few {
		if bestSet&(1<<i) != 0 {
			ofFew = append(ofFew, i)
		}
	}
	for j, m := range masks {
		if m&bestSet == bestSet {
			ofMany = append(ofMany, j)
		}
	}
	return ofFew, ofMany
}

func peelBlock(present [][]bool) (rows, columns []int) {
	for r := range present {
		rows = append(rows, r)
	}
	for c := range present[0] {
		columns = append(columns, c)
	}
	for len(rows) > 0 && len(columns) > 0 {
		row, rowShare := mostHoles(rows, columns, func(r, c int) bool { return !present[r][c] })
		column, columnShare := mostHoles(columns, rows, func(c, r int) bool { return !present[r][c] })
		switch {
		case rowShare == 0:
			return rows, columns
		case rowShare >= columnShare:
			rows = slices.Delete(rows, row, row+1)
		default:
			columns = slices.Delete(columns, column, column+1)
		}
	}
	return nil, nil
}

// mostHoles finds the line with the largest share of holes across the others.
func mostHoles(lines, others []int, hole func(line, other int) bool) (at int, share float64) {
	for k, line := range lines {
		holes := 0.0
		for _, other := range others {
			if hole(line, other) {
				holes++
			}
		}
		if holes /= float64(len(others)); holes > share {
			at, share = k, holes
		}
	}
	return at, share
}
