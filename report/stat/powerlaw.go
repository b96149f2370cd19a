package stat

import "math"

// Law is a power law y = Factor · x^Exponent.
type Law struct {
	Exponent Difference // with its interval; against 0: no dependence
	Factor   float64
}

// PowerLaw fits log y = log Factor + Exponent log x by least squares; the interval
// of the exponent is Student's t with n-2 degrees of freedom, of independent
// points with errors of equal relative size. Values that are not positive are
// left out, which a warning says; three points are the least for an interval.
func PowerLaw(x, y []float64) Law {
	var u, v []float64
	for i := range x {
		if x[i] > 0 && y[i] > 0 {
			u, v = append(u, math.Log(x[i])), append(v, math.Log(y[i]))
		}
	}
	d := newDifference("log-log least squares")
	d.N, d.Assumes = len(u), "points are independent, with errors of equal relative size"
	if len(u) < len(x) {
		d.Warnings = append(d.Warnings, "values that are not positive are left out")
	}
	n, mu, mv := float64(len(u)), 0.0, 0.0
	for i := range u {
		mu += u[i] / n
		mv += v[i] / n
	}
	uu, uv := 0.0, 0.0
	for i := range u {
		uu += (u[i] - mu) * (u[i] - mu)
		uv += (u[i] - mu) * (v[i] - mv)
	}
	if uu == 0 {
		return Law{d, math.NaN()}
	}
	d.Mean = uv / uu
	factor := math.Exp(mv - d.Mean*mu)
	if len(u) < LeastUnits {
		d.Warnings = append(d.Warnings, few(len(u)))
		return Law{d, factor}
	}
	rest := 0.0
	for i := range u {
		e := v[i] - mv - d.Mean*(u[i]-mu)
		rest += e * e
	}
	return Law{d.tested(math.Sqrt(rest/(n-2)/uu), n-2, "all points lie on the line"), factor}
}

// PowerLawByUnit fits each unit, y[unit][place], and gives the mean exponent by
// Student's t over the units: points of one unit, such as nested subsets of one
// data set, are not independent. The factor is the geometric mean.
func PowerLawByUnit(x []float64, y [][]float64) Law {
	exponents, logFactor := make([]float64, len(y)), 0.0
	for u := range y {
		fit := PowerLaw(x, y[u])
		exponents[u] = fit.Exponent.Mean
		logFactor += math.Log(fit.Factor) / float64(len(y))
	}
	d := newDifference("log-log least squares by unit")
	return Law{d.of(exponents), math.Exp(logFactor)}
}
