package runner

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"nightshift/internal/study"
)

// timing is a training whose time is known.
type timing struct {
	cell    string
	work    study.Work
	seconds float64
}

// speed is the time of each kind of work on a machine, and how sure that is.
type speed struct {
	each      [study.Kinds]float64 // seconds
	equations equations            // that it solves
	sd        float64              // of the logarithm of a cell's times around their forecast
	quantile  float64              // 95 %, of Student's distribution
}

// within is the factor that a time of so much work is off by at most with a
// probability of 90 %. It is larger for kinds of work of which few timings tell.
func (s speed) within(w study.Work) float64 {
	if w == (study.Work{}) {
		return 1
	}
	return math.Exp(s.quantile * s.sd * math.Sqrt(1+s.equations.leverage(w)))
}

// usual is the speed of the machine that this was written on (x86-64 with AVX2,
// 2 cores busy), in seconds for one of each kind. What is known of another machine
// scales it, and then replaces it kind by kind.
var usual = [study.Kinds]float64{
	study.Setups:   300e-6,
	study.Steps:    1e-6,
	study.Products: 32e-12,
	study.Units:    1.2e-9,
	study.Updates:  0.15e-9,
	study.Answers:  6e-9,
	study.Watched:  1.5e-9,
}

const (
	// What is taken for known before any timing: the speed of each kind with the
	// weight of so many cells, and the spread of so many cells' logarithms.
	beforehand       = 0.1
	beforehandSpread = 0.3
	beforehandCells  = 4.0

	unusual = 0.5 // relative error from which a timing counts less (Huber's)
	rounds  = 5   // of finding out which ones do
)

// fit finds the speed that explains the timings: non-negative least squares of
// the relative errors, in which every cell counts once, and what is far off
// less. Errors are relative to what is forecast, which is improved in rounds:
// relative to the times themselves, noise would make the machine look faster. It begins at the usual speed, scaled by the median ratio, and stays there
// as far as the timings do not tell.
func fit(timings []timing) speed {
	weights := perCell(timings)
	s := speed{each: usual, equations: newEquations(nil, nil, usual, usual)}
	// The posterior of a normal distribution's variance with a scaled inverse χ² prior.
	square, cells := beforehandCells*beforehandSpread*beforehandSpread, beforehandCells
	if len(timings) > 0 {
		ratio := medianRatio(timings, weights)
		for k := range s.each {
			s.each[k] *= ratio
		}
		start := s.each
		for range rounds {
			s.equations = newEquations(timings, huber(timings, weights, s.each), start, s.each)
			s.each = s.equations.solve()
		}
		off := map[string]float64{} // mean logarithm of the runs of a cell
		for i, t := range timings {
			off[t.cell] += weights[i] * math.Log(t.seconds/t.work.Seconds(s.each)) / (1 - min(0.5, s.equations.leverage(t.work)))
		}
		for _, cell := range slices.Sorted(maps.Keys(off)) { // in an order, for the bits of the sum
			square += off[cell] * off[cell]
		}
		cells += float64(len(off))
	}
	s.sd = math.Sqrt(square / cells)
	s.quantile = distuv.StudentsT{Mu: 0, Sigma: 1, Nu: cells}.Quantile(0.95)
	return s
}

// perCell weighs the timings such that each cell has 1 in all.
func perCell(timings []timing) []float64 {
	runs := map[string]float64{}
	for _, t := range timings {
		runs[t.cell]++
	}
	weights := make([]float64, len(timings))
	for i, t := range timings {
		weights[i] = 1 / runs[t.cell]
	}
	return weights
}

// medianRatio is the weighted median of the timings over the usual times.
func medianRatio(timings []timing, weights []float64) float64 {
	ratios := make([]float64, len(timings))
	for i, t := range timings {
		ratios[i] = t.seconds / t.work.Seconds(usual)
	}
	weights = slices.Clone(weights)
	stat.SortWeighted(ratios, weights)
	return stat.Quantile(0.5, stat.Empirical, ratios, weights)
}

func huber(timings []timing, weights []float64, each [study.Kinds]float64) []float64 {
	w := slices.Clone(weights)
	for i, t := range timings {
		if off := math.Abs(t.seconds/t.work.Seconds(each) - 1); off > unusual {
			w[i] *= unusual / off
		}
	}
	return w
}

// equations are the normal equations of the sum of weights·((work·each - seconds)/forecast)²
// and of beforehand·(each/start - 1)², in units of start.
type equations struct {
	start, now [study.Kinds]float64 // now: what the forecast is made with
	gram       *mat.SymDense
	right      [study.Kinds]float64

	inverse *mat.Cholesky // of gram
}

func newEquations(timings []timing, weights []float64, start, now [study.Kinds]float64) equations {
	e := equations{start: start, now: now, gram: mat.NewSymDense(study.Kinds, nil)}
	for k := range start {
		e.gram.SetSym(k, k, beforehand)
		e.right[k] = beforehand
	}
	for i, t := range timings {
		a := e.share(t.work)
		for k := range e.right {
			e.right[k] += weights[i] * a[k] * t.seconds / t.work.Seconds(now)
		}
		e.gram.SymRankOne(e.gram, weights[i], mat.NewVecDense(len(a), a))
	}
	e.inverse = new(mat.Cholesky)
	e.inverse.Factorize(e.gram)
	return e
}

// share is what part of a forecast each kind of work has, at the speed of the start.
func (e equations) share(w study.Work) []float64 {
	a := make([]float64, study.Kinds)
	for k := range a {
		a[k] = w[k] * e.start[k] / w.Seconds(e.now)
	}
	return a
}

// solve finds the least non-negative solution, one kind after the other.
func (e equations) solve() (each [study.Kinds]float64) {
	const passes = 1000 // far more than it takes; the matrix is positive definite
	for range passes {
		for k := range each {
			rest := e.right[k]
			for l := range each {
				if l != k {
					rest -= e.gram.At(k, l) * each[l]
				}
			}
			each[k] = max(0, rest/e.gram.At(k, k))
		}
	}
	for k := range each {
		each[k] *= e.start[k]
	}
	return each
}

// leverage is the variance of a forecast of the work that comes from that of the
// speeds, in units of the variance of a time. For a timing that the equations are
// made of it is less than 1: divided by 1 minus it, its error is that of a fit
// without it.
func (e equations) leverage(w study.Work) float64 {
	a := mat.NewVecDense(study.Kinds, e.share(w))
	var x mat.VecDense
	if err := e.inverse.SolveVecTo(&x, a); err != nil {
		return 1 / beforehand // never: what is taken for known makes the matrix positive definite
	}
	return mat.Dot(a, &x)
}
