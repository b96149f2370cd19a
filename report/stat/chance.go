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
// component, k = 1 to n-1, of n points of a high-dimensional random walk explains
// (Antognini and Sohl-Dickstein, NeurIPS 2018). Their inner products are those of
// a chain of springs, with the eigenvalues 1/(4 sin²(πk/2n)), which add up to
// (n²-1)/6; of many points the shares are 6/(π²k²). A first component of 61 % is no
// sign of a path that bends little.
func RandomWalkShare(k, n int) float64 {
	s := math.Sin(math.Pi * float64(k) / float64(2*n))
	return 3 / (2 * float64(n*n-1) * s * s)
}
