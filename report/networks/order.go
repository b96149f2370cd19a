package networks

import "math"

// Order puts n things so that near ones stand side by side: the leaves of an average
// linkage, the groups that are nearest to each other being joined first, each on the
// side on which its nearer end is.
func Order(n int, distance func(i, j int) float64) []int {
	groups := make([][]int, n)
	for i := range groups {
		groups[i] = []int{i}
	}
	between := func(a, b []int) float64 {
		sum := 0.0
		for _, i := range a {
			for _, j := range b {
				sum += distance(i, j)
			}
		}
		return sum / float64(len(a)*len(b))
	}
	// apart holds the distances of groups, that of a joined one from those of its parts.
	apart := make([][]float64, n)
	for i := range apart {
		apart[i] = make([]float64, n)
		for j := range i {
			apart[i][j] = between(groups[i], groups[j])
			apart[j][i] = apart[i][j]
		}
	}
	for joined := 1; joined < n; joined++ {
		a, b, nearest := -1, -1, math.Inf(1)
		for i := range groups {
			for j := range i {
				if groups[i] != nil && groups[j] != nil && (a < 0 || apart[i][j] < nearest) {
					a, b, nearest = j, i, apart[i][j]
				}
			}
		}
		na, nb := float64(len(groups[a])), float64(len(groups[b]))
		for k := range groups {
			apart[a][k] = (na*apart[a][k] + nb*apart[b][k]) / (na + nb)
			apart[k][a] = apart[a][k]
		}
		groups[a], groups[b] = side(groups[a], groups[b], distance), nil
	}
	for _, g := range groups {
		if g != nil {
			return g
		}
	}
	return nil
}

// side joins two groups by their nearest ends.
func side(a, b []int, distance func(i, j int) float64) []int {
	first, last := func(g []int) int { return g[0] }, func(g []int) int { return g[len(g)-1] }
	best, joined := math.Inf(1), []int(nil)
	for _, x := range [][]int{a, reversed(a)} {
		for _, y := range [][]int{b, reversed(b)} {
			if d := distance(last(x), first(y)); joined == nil || d < best {
				best, joined = d, append(append([]int(nil), x...), y...)
			}
		}
	}
	return joined
}

func reversed(g []int) []int {
	all := make([]int, 0, len(g))
	for i := len(g) - 1; i >= 0; i-- {
		all = append(all, g[i])
	}
	return all
}
