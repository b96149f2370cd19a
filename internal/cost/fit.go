package cost

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Timing is a training whose time is known.
type Timing struct {
	Cell    string
	Work    Work
	Seconds float64
}

// Speed is the time that each kind of work takes on a machine, and how well that is known.
type Speed struct {
	each      [Kinds]float64 // seconds
	equations equations      // whose solution it is
	sd        float64        // of the logarithm of a cell's times around their forecast
	quantile  float64        // 95 %, of Student's distribution
}

// Seconds is the expected time of the work.
func (s Speed) Seconds(w Work) float64 { return w.seconds(s.each) }

// Within is the factor that a time of so much work is off by at most with a
// probability of 90 %. It is larger for kinds of work of which few timings tell.
func (s Speed) Within(w Work) float64 {
	if w == (Work{}) {
		return 1
	}
	return math.Exp(s.quantile * s.sd * math.Sqrt(1+s.equations.leverage(w)))
}

// referenceSpeed is the speed of the machine that this was fitted on (x86-64 with
// AVX-512, 2 busy cores; 612 trainings of 0.3 to 200 ms, which it is within a factor of 1.5 of nine
// times out of ten), in seconds for one of each kind. What is known of
// another machine scales it, and then replaces it kind by kind.
var referenceSpeed = [Kinds]float64{
	Setups:      300e-6,
	Steps:       0.3e-6,
	Products:    11e-12,
	Activations: 0.25e-9,
	Updates:     0.06e-9,
	Outputs:     0.42e-9,
	Observed:    0.6e-9,
}

// ReferenceSeconds is the time of the work at the reference speed.
func ReferenceSeconds(w Work) float64 { return w.seconds(referenceSpeed) }

// What is taken for known before any timing: the speed of each kind with the
// weight of so many cells, and the spread of so many cells' logarithms.
const (
	priorWeight = 0.1
	priorSD     = 0.3
	priorCells  = 4.0
)

const (
	huberThreshold = 0.5 // relative error from which a timing counts less (Huber 1964)
	huberRounds    = 5   // of solving with the weights that the last solution gives
)

// Fit finds the speed that explains the timings: non-negative least squares of
// the relative errors, in which every cell counts once, and what is far off
// less. Errors are relative to what is forecast, which improves with the rounds:
// relative to the times themselves, noise would make the machine look faster. It
// starts at the reference speed, scaled by the median ratio, and stays there as
// far as the timings do not tell.
func Fit(timings []Timing) Speed {
	weights := perCell(timings)
	s := Speed{each: referenceSpeed, equations: newEquations(nil, nil, referenceSpeed, referenceSpeed)}
	// The posterior of a normal distribution's variance with a scaled inverse χ² prior.
	square, cells := priorCells*priorSD*priorSD, priorCells
	if len(timings) > 0 {
		ratio := medianRatio(timings, weights)
		for k := range s.each {
			s.each[k] *= ratio
		}
		start := s.each
		for range huberRounds {
			s.equations = newEquations(timings, huber(timings, weights, s.each), start, s.each)
			s.each = s.equations.solve()
		}
		errors := map[string]float64{} // of each cell, the mean over its runs of the logarithm
		for i, t := range timings {
			errors[t.Cell] += weights[i] * math.Log(t.Seconds/s.Seconds(t.Work)) / (1 - min(0.5, s.equations.leverage(t.Work)))
		}
		for _, cell := range slices.Sorted(maps.Keys(errors)) { // in an order, for the bits of the sum
			square += errors[cell] * errors[cell]
		}
		cells += float64(len(errors))
	}
	s.sd = math.Sqrt(square / cells)
	s.quantile = distuv.StudentsT{Mu: 0, Sigma: 1, Nu: cells}.Quantile(0.95)
	return s
}

// perCell weighs the timings such that each cell has 1 in all.
func perCell(timings []Timing) []float64 {
	runs := map[string]float64{}
	for _, t := range timings {
		runs[t.Cell]++
	}
	weights := make([]float64, len(timings))
	for i, t := range timings {
		weights[i] = 1 / runs[t.Cell]
	}
	return weights
}

// medianRatio is the weighted median of the timings over the reference times.
func medianRatio(timings []Timing, weights []float64) float64 {
	ratios := make([]float64, len(timings))
	for i, t := range timings {
		ratios[i] = t.Seconds / ReferenceSeconds(t.Work)
	}
	weights = slices.Clone(weights)
	stat.SortWeighted(ratios, weights)
	return stat.Quantile(0.5, stat.Empirical, ratios, weights)
}

// huber lowers the weights of timings that the speed does not explain.
func huber(timings []Timing, weights []float64, each [Kinds]float64) []float64 {
	w := slices.Clone(weights)
	for i, t := range timings {
		if off := math.Abs(t.Seconds/t.Work.seconds(each) - 1); off > huberThreshold {
			w[i] *= huberThreshold / off
		}
	}
	return w
}

// equations are the normal equations of the sum of weights·((work·each - seconds)/forecast)²
// and of priorWeight·(each/start - 1)², in units of start.
type equations struct {
	start, now [Kinds]float64 // now: what the forecast is made with
	gram       *mat.SymDense
	right      [Kinds]float64

	inverse *mat.Cholesky // of gram
}

func newEquations(timings []Timing, weights []float64, start, now [Kinds]float64) equations {
	e := equations{start: start, now: now, gram: mat.NewSymDense(Kinds, nil)}
	for k := range start {
		e.gram.SetSym(k, k, priorWeight)
		e.right[k] = priorWeight
	}
	for i, t := range timings {
		a := e.share(t.Work)
		for k := range e.right {
			e.right[k] += weights[i] * a[k] * t.Seconds / t.Work.seconds(now)
		}
		e.gram.SymRankOne(e.gram, weights[i], mat.NewVecDense(len(a), a))
	}
	e.inverse = new(mat.Cholesky)
	e.inverse.Factorize(e.gram)
	return e
}

// share is the part of a forecast that each kind of work has, at the speed of the start.
func (e equations) share(w Work) []float64 {
	a := make([]float64, Kinds)
	for k := range a {
		a[k] = w[k] * e.start[k] / w.seconds(e.now)
	}
	return a
}

// solve finds the least non-negative solution, one kind after the other.
func (e equations) solve() (each [Kinds]float64) {
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
func (e equations) leverage(w Work) float64 {
	a := mat.NewVecDense(Kinds, e.share(w))
	var x mat.VecDense
	if err := e.inverse.SolveVecTo(&x, a); err != nil {
		return 1 / priorWeight // never: what is taken for known makes the matrix positive definite
	}
	return mat.Dot(a, &x)
}
