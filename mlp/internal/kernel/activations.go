package kernel

import "math"

// ReLU sets y to x without its negative part; NaN stays NaN. y may be x:
//
//	if x[i] <= 0 { y[i] = 0 } else { y[i] = x[i] }
func ReLU[F Float](y, x []F) {
	x = x[:len(y)]
	if f := fast[F](); f != nil && len(y) > 0 {
		f.relu(&y[0], &x[0], len(y))
		return
	}
	loopReLU(y, x)
}

func loopReLU[F Float](y, x []F) {
	for i, v := range x {
		if v <= 0 {
			v = 0
		}
		y[i] = v
	}
}

// ReLUGrad multiplies d by the derivative of ReLU where it gave y:
//
//	if y[i] <= 0 { d[i] = 0 }
func ReLUGrad[F Float](d, y []F) {
	y = y[:len(d)]
	if f := fast[F](); f != nil && len(d) > 0 {
		f.reluGrad(&d[0], &y[0], len(d))
		return
	}
	loopReLUGrad(d, y)
}

func loopReLUGrad[F Float](d, y []F) {
	for i, v := range y {
		if v <= 0 {
			d[i] = 0
		}
	}
}

// SigmoidGrad multiplies d by the derivative of Sigmoid where it gave y:
//
//	d[i] *= y[i] * (1 - y[i])
func SigmoidGrad[F Float](d, y []F) {
	y = y[:len(d)]
	if f := fast[F](); f != nil && len(d) > 0 {
		f.sigmoidGrad(&d[0], &y[0], len(d))
		return
	}
	loopSigmoidGrad(d, y)
}

func loopSigmoidGrad[F Float](d, y []F) {
	for i, v := range y {
		d[i] *= F(v * (1 - v))
	}
}

// TanhGrad multiplies d by the derivative of Tanh where it gave y:
//
//	d[i] *= 1 - y[i]*y[i]
func TanhGrad[F Float](d, y []F) {
	y = y[:len(d)]
	if f := fast[F](); f != nil && len(d) > 0 {
		f.tanhGrad(&d[0], &y[0], len(d))
		return
	}
	loopTanhGrad(d, y)
}

func loopTanhGrad[F Float](d, y []F) {
	for i, v := range y {
		d[i] *= 1 - F(v*v)
	}
}

// Exp is exp(x[i]), within 2 units in the last place. y may be x.
func Exp[F Float](y, x []F) {
	x = x[:len(y)]
	if f := fast[F](); f != nil && len(y) > 0 {
		f.exp(&y[0], &x[0], len(y))
		return
	}
	for i, v := range x {
		y[i] = F(math.Exp(float64(v)))
	}
}

// Sigmoid is 1/(1+exp(-x[i])), within 2 units in the last place. y may be x.
func Sigmoid[F Float](y, x []F) {
	x = x[:len(y)]
	if f := fast[F](); f != nil && f.sigmoid != nil && len(y) > 0 {
		f.sigmoid(&y[0], &x[0], len(y))
		return
	}
	for i, v := range x {
		// No overflow, and small results keep their digits.
		e := math.Exp(-math.Abs(float64(v)))
		if v < 0 {
			y[i] = F(e / (1 + e))
		} else {
			y[i] = F(1 / (1 + e))
		}
	}
}

// Tanh is tanh(x[i]), within 2 units in the last place. y may be x.
func Tanh[F Float](y, x []F) {
	x = x[:len(y)]
	if f := fast[F](); f != nil && f.tanh != nil && len(y) > 0 {
		f.tanh(&y[0], &x[0], len(y))
		return
	}
	for i, v := range x {
		y[i] = F(math.Tanh(float64(v)))
	}
}

// Softmax sets every row of y to the softmax of the same row of z. A NaN makes
// its whole row NaN. Shapes: y and z [*, columns]; y may be z:
//
//	y[r][c] = exp(z[r][c] - max(z[r])) / Σ exp(z[r][c] - max(z[r]))
func Softmax[F Float](y, z []F, columns int) {
	z = z[:len(y)]
	if columns == 2 {
		softmaxOfTwo(y, z)
		return
	}
	if f := fast[F](); f != nil && len(y) > 0 {
		f.softmax(&y[0], &z[0], len(y)/columns, columns)
		return
	}
	loopSoftmax(y, z, columns)
}

func loopSoftmax[F Float](y, z []F, columns int) {
	for from := 0; from < len(y); from += columns {
		row := z[from : from+columns]
		shifted, top := y[from:][:len(row)], row[0]
		for _, v := range row[1:] {
			top = max(top, v)
		}
		for c, v := range row {
			shifted[c] = v - top
		}
	}
	Exp(y, y)
	for from := 0; from < len(y); from += columns {
		row := y[from : from+columns]
		var sum F
		for _, v := range row {
			sum += v
		}
		share := 1 / sum
		for c := range row {
			row[c] *= share
		}
	}
}

// softmaxOfTwo is Softmax of two columns, without a loop over so few.
func softmaxOfTwo[F Float](y, z []F) {
	for i := 1; i < len(y); i += 2 {
		a, b := z[i-1], z[i]
		top := max(a, b)
		y[i-1], y[i] = a-top, b-top
	}
	Exp(y, y)
	for i := 1; i < len(y); i += 2 {
		a, b := y[i-1], y[i]
		share := 1 / (a + b)
		y[i-1], y[i] = a*share, b*share
	}
}
