package stat

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// ExpectedMax gives the mean of the largest of k independent standard normals: how
// many SDs the best of k equal seeds is ahead by chance alone.
func ExpectedMax(k int) float64 {
	if k < 2 {
		return 0
	}
	n := distuv.UnitNormal
	density := func(x float64) float64 { return x * float64(k) * n.Prob(x) * math.Pow(n.CDF(x), float64(k-1)) }
	return quad.Fixed(density, -12, 12, 400, nil, 0)
}

// RandomWalkShare gives the share of the variance that the k-th principal
// component, k = 1, 2, ..., of a high-dimensional random walk explains: 6/(π²k²)
// (Antognini and Sohl-Dickstein, NeurIPS 2018). A first component of 61 % is no
// sign of a path that bends little.
func RandomWalkShare(k int) float64 { return 6 / (math.Pi * math.Pi * float64(k*k)) }
