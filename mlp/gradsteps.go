package mlp

import (
	"bytes"
	"math"
)

// StepError says how far difference quotients of one step are from the gradient: ‖a-n‖/(‖a‖+‖n‖) over all parameters, of
// which those with a kink between their points are left out.
type StepError struct {
	Step    float64
	Forward float64 // (f(x+h)-f(x))/h
	Centred float64 // (f(x+h)-f(x-h))/2h
	Skipped int     // parameters at a kink
}

// Steps compares the gradient of the case with differences of several steps, at weights and on examples drawn from the
// seed. The error falls with the step, by its power 1 of forward and 2 of centred differences, until rounding, which goes
// with 1/h, is the larger part: a V on logarithmic axes.
func (g GradientCase) Steps(seed uint64, steps []float64) ([]StepError, error) {
	n, e, err := g.draw(seed)
	if err != nil {
		return nil, err
	}
	objective, gradient := n.Gradient(e, g.BatchStats)
	exact := append([]float64(nil), gradient...)
	here := n.Pieces(e)
	at := func(p *float64, v float64) (f float64, smooth bool) {
		*p = v
		return n.Objective(e, g.BatchStats), bytes.Equal(here, n.Pieces(e))
	}
	var all []StepError
	for _, h := range steps {
		one := StepError{Step: h}
		var forward, centred quotients
		parameters := n.Parameters()
		for i, v := range parameters {
			up, smoothUp := at(&parameters[i], v+h)
			down, smoothDown := at(&parameters[i], v-h)
			parameters[i] = v
			if !smoothUp || !smoothDown {
				one.Skipped++
				continue
			}
			forward.add(exact[i], (up-objective)/h)
			centred.add(exact[i], (up-down)/(2*h))
		}
		one.Forward, one.Centred = forward.error(), centred.error()
		all = append(all, one)
	}
	return all, nil
}

// quotients sums up how far numbers are from exact ones.
type quotients struct{ difference, exact, numeric float64 }

func (q *quotients) add(exact, numeric float64) {
	q.difference += (exact - numeric) * (exact - numeric)
	q.exact += exact * exact
	q.numeric += numeric * numeric
}

// error is NaN where there is nothing to compare.
func (q quotients) error() float64 {
	return math.Sqrt(q.difference) / (math.Sqrt(q.exact) + math.Sqrt(q.numeric))
}
