package mlp

import (
	"math"
	"slices"
)

// Function is an activation with its parameter, as a function of one number: for figures and tables.
type Function struct {
	entry activation
	alpha float64
}

// NewFunction gives the activation of a choice; false where there is none of the name.
func NewFunction(c Choice) (f Function, ok bool) {
	f.entry, ok = find(activations, c.Name, activation.option)
	if ok && len(f.entry.Params) > 0 {
		f.alpha = c.Params[f.entry.Params[0].Name]
	}
	return f, ok
}

// At gives the value at z and the derivative there; at a kink it is PyTorch's.
func (f Function) At(z float64) (value, slope float64) {
	value = f.entry.value(z, f.alpha)
	return value, f.entry.slope(z, value, f.alpha)
}

// Kinks lists where the derivative jumps, as that of relu does at 0; those of elu and softsign only bend there.
func (f Function) Kinks() []float64 {
	return slices.DeleteFunc(slices.Clone(f.entry.kinks), func(k float64) bool {
		_, left := f.At(k - 1e-6)
		_, right := f.At(k + 1e-6)
		return math.Abs(left-right) < 1e-3
	})
}

// Steepest is the largest absolute derivative.
func (f Function) Steepest() float64 { return f.entry.steepest(f.alpha) }

// Flat says below and above which z the derivative is under a twentieth of the steepest, which is what counts as saturated;
// NaN where there is no such end.
func (f Function) Flat() (below, above float64) {
	below, above = math.NaN(), math.NaN()
	for _, i := range f.entry.flat(f.alpha) {
		if math.IsInf(i.from, -1) {
			below = i.to
		}
		if math.IsInf(i.to, 1) {
			above = i.from
		}
	}
	return below, above
}
