package networks

import "math"

// assign gives each row of gain [n, n] a column of its own so that the sum is as
// large as it can be. It is the Hungarian algorithm as shortest augmenting paths with
// potentials, O(n³): R. Jonker and A. Volgenant, Computing 38 (1987), 325-340. Of
// equally good assignments it takes the one with the earlier columns first.
func assign(gain []float64, n int) []int {
	u, v := make([]float64, n+1), make([]float64, n+1) // potentials of rows and columns, which count from 1
	rowOf, before := make([]int, n+1), make([]int, n+1)
	least, done := make([]float64, n+1), make([]bool, n+1)
	for row := 1; row <= n; row++ {
		rowOf[0] = row
		for j := range least {
			least[j], done[j] = math.Inf(1), false
		}
		at := 0 // column at the end of the path
		for rowOf[at] != 0 {
			done[at] = true
			i, next, step := rowOf[at], -1, math.Inf(1)
			for j := 1; j <= n; j++ {
				if done[j] {
					continue
				}
				if cost := -gain[(i-1)*n+j-1] - u[i] - v[j]; cost < least[j] {
					least[j], before[j] = cost, at
				}
				if least[j] < step {
					step, next = least[j], j
				}
			}
			for j := 0; j <= n; j++ {
				if done[j] {
					u[rowOf[j]] += step
					v[j] -= step
				} else {
					least[j] -= step
				}
			}
			at = next
		}
		for at != 0 { // turn the path round
			rowOf[at] = rowOf[before[at]]
			at = before[at]
		}
	}
	column := make([]int, n)
	for j := 1; j <= n; j++ {
		column[rowOf[j]-1] = j - 1
	}
	return column
}
