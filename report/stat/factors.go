package stat

import (
	"fmt"
	"math/rand/v2"
)

// Effect is the share η² of the variation that one factor, or two in interaction,
// accounts for.
type Effect struct {
	Factors []int // one or two; none: what is left
	Share   float64
	CI      Interval // stratified bootstrap over the seeds of each cell; biased upwards with few of them
}

// Effects splits the variation of a balanced factorial study; the shares add up
// to 1.
type Effects struct {
	Method string
	Main   []Effect // by factor
	Pairs  []Effect // by two factors
	Higher Effect   // interactions of three and more
	Seed   Effect   // within cells: what the seeds do
}

// EtaSquared gives the shares of a factorial study: levels[cell][factor] is the
// level of each factor, counted from 0, y[cell] its values over seeds. Every
// combination of levels has to be there once with equally many values: after
// failures shares of a table with holes would mix factors up, and are refused.
// With draws the shares have intervals.
func EtaSquared(levels [][]int, y [][]float64, draws int, r *rand.Rand) (Effects, error) {
	if err := balanced(levels, y); err != nil {
		return Effects{}, err
	}
	factors := len(levels[0])
	e := Effects{Method: "η² of a balanced design, stratified bootstrap"}
	shares := etaShares(levels, y)
	place := func(k int, of ...int) Effect {
		effect := Effect{Factors: of, Share: shares[k], CI: unknown}
		if draws > 0 && len(y[0]) >= LeastUnits {
			effect.CI = ResampleStrata(y, func(y [][]float64) float64 { return etaShares(levels, y)[k] }, draws,
				r).Percentile(level)
		}
		return effect
	}
	k := 0
	for a := range factors {
		e.Main = append(e.Main, place(k, a))
		k++
	}
	for b := range factors {
		for a := range b {
			e.Pairs = append(e.Pairs, place(k, a, b))
			k++
		}
	}
	e.Higher, e.Seed = place(k), place(k+1)
	return e, nil
}

// etaShares are those of the factors, the pairs of factors, the higher
// interactions and the seeds.
func etaShares(levels [][]int, y [][]float64) []float64 {
	n, factors := float64(len(y)*len(y[0])), len(levels[0])
	mean := 0.0
	means := make([]float64, len(y))
	for c := range y {
		for _, v := range y[c] {
			means[c] += v / float64(len(y[c]))
			mean += v / n
		}
	}
	total, within := 0.0, 0.0
	for c := range y {
		for _, v := range y[c] {
			total += (v - mean) * (v - mean)
			within += (v - means[c]) * (v - means[c])
		}
	}
	// by gives the sum of squares between the groups that share a key.
	by := func(key func(c int) [2]int) float64 {
		sums, counts := map[[2]int]float64{}, map[[2]int]float64{}
		var keys [][2]int // in order, so that sums are the same in the last bit
		for c := range y {
			if counts[key(c)] == 0 {
				keys = append(keys, key(c))
			}
			sums[key(c)] += means[c]
			counts[key(c)]++
		}
		ss := 0.0
		for _, k := range keys {
			off := sums[k]/counts[k] - mean
			ss += counts[k] * float64(len(y[0])) * off * off
		}
		return ss
	}
	var parts []float64
	for a := range factors {
		parts = append(parts, by(func(c int) [2]int { return [2]int{levels[c][a], 0} }))
	}
	for b := range factors {
		for a := range b {
			parts = append(parts, by(func(c int) [2]int { return [2]int{levels[c][a], levels[c][b]} })-parts[a]-parts[b])
		}
	}
	rest := total - within
	for _, p := range parts {
		rest -= p
	}
	parts = append(parts, rest, within)
	for i := range parts {
		if total > 0 {
			parts[i] /= total
		}
	}
	return parts
}

func balanced(levels [][]int, y [][]float64) error {
	if len(y) == 0 || len(levels) != len(y) || len(y[0]) == 0 || len(levels[0]) == 0 {
		return fmt.Errorf("there is nothing to split: %d cells with levels, %d with values", len(levels), len(y))
	}
	combinations, seen := 1, map[string]bool{}
	for f := range levels[0] {
		of := map[int]bool{}
		for c := range levels {
			of[levels[c][f]] = true
		}
		combinations *= len(of)
	}
	for c := range y {
		if len(y[c]) != len(y[0]) {
			return fmt.Errorf("one cell has %d values and another %d: shares of variation need a balanced table",
				len(y[0]), len(y[c]))
		}
		seen[fmt.Sprint(levels[c])] = true
	}
	if len(seen) != combinations || len(y) != combinations {
		return fmt.Errorf("%d cells for %d combinations of levels: shares of variation need every combination once",
			len(y), combinations)
	}
	return nil
}
