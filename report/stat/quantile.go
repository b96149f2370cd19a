package stat

import (
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// quantileT is the half width of a two-sided t interval in standard errors.
func quantileT(df, level float64) float64 {
	if known := tabledT()[level]; df >= 1 && df < float64(len(known)) && df == float64(int(df)) {
		return known[int(df)]
	}
	return invertedT(df, level)
}

// tabledT has the quantiles of few degrees of freedom, at the levels that all intervals have. A report asks for them a thousand
// times, and inverting the distribution takes 30 µs.
var tabledT = sync.OnceValue(func() map[float64][]float64 {
	table := map[float64][]float64{}
	for _, l := range []float64{level, narrow} {
		table[l] = make([]float64, 40)
		for df := 1; df < len(table[l]); df++ {
			table[l][df] = invertedT(float64(df), l)
		}
	}
	return table
})

func invertedT(df, level float64) float64 {
	return -distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile((1 - level) / 2)
}

// quantileZ is the half width of a two-sided normal interval in standard errors.
func quantileZ(alpha float64) float64 { return -distuv.UnitNormal.Quantile(alpha / 2) }
