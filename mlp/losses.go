package mlp

import (
	"math"

	"nightshift/mlp/internal/kernel"
)

// gradientOf is the objective's gradient in a precision.
func gradientOf[F kernel.Float](o objective) func(d, t []F, scale F) {
	if g, ok := any(o.single).(func(d, t []F, scale F)); ok {
		return g
	}
	return any(o.double).(func(d, t []F, scale F))
}

// outputs sets a to the output activation of the logits z. Shapes: [*, out].
func outputs[F kernel.Float](output string, a, z []F, out int) {
	switch output {
	case "softmax":
		kernel.Softmax(a, z, out)
	case "sigmoid":
		kernel.Sigmoid(a, z)
	default:
		copy(a, z)
	}
}

// crossEntropy is -Σ t ln p. Targets need not add up to 1.
func crossEntropy(s *prediction, t []float64) (loss float64) {
	for c, v := range t {
		if v != 0 {
			loss -= v * s.logp[c]
		}
	}
	return loss
}

func softmaxCEGradient[F kernel.Float](d, t []F, scale F) {
	t = t[:len(d)]
	var mass F
	for _, v := range t {
		mass += v
	}
	for c, v := range t {
		d[c] = scale * (mass*d[c] - v)
	}
}

func squaredError(s *prediction, t []float64) (loss float64) {
	for c, v := range s.a {
		loss += (v - t[c]) * (v - t[c])
	}
	return loss
}

func softmaxMSEGradient[F kernel.Float](d, t []F, scale F) {
	var dot F
	for c, p := range d {
		dot += (p - t[c]) * p
	}
	for c, p := range d {
		d[c] = 2 * scale * p * (p - t[c] - dot)
	}
}

func sigmoidMSEGradient[F kernel.Float](d, t []F, scale F) {
	for c, a := range d {
		d[c] = 2 * scale * (a - t[c]) * a * (1 - a)
	}
}

func identityMSEGradient[F kernel.Float](d, t []F, scale F) {
	for c, a := range d {
		d[c] = 2 * scale * (a - t[c])
	}
}

func binaryCrossEntropy(s *prediction, t []float64) (loss float64) {
	for c, z := range s.z {
		loss += relu(z, 0) - z*t[c] + math.Log1p(math.Exp(-math.Abs(z)))
	}
	return loss
}

func sigmoidBCEGradient[F kernel.Float](d, t []F, scale F) {
	for c, a := range d {
		d[c] = scale * (a - t[c])
	}
}

// hinge is Σ max(0, 1+z_j-z_y) over the classes j beside the right one y, which
// is where t is largest.
func hinge(s *prediction, t []float64) (loss float64) {
	y := argmax(t)
	for c, z := range s.z {
		if m := 1 + z - s.z[y]; c != y && !(m <= 0) {
			loss += m
		}
	}
	return loss
}

func identityHingeGradient[F kernel.Float](d, t []F, scale F) {
	y := argmax(t)
	right := d[y]
	d[y] = 0
	for c, z := range d {
		switch m := 1 + z - right; {
		case c == y:
		case m <= 0:
			d[c] = 0
		default:
			d[c] = scale
			d[y] -= scale
		}
	}
}
