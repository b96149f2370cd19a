package kernel

import "math"

// The updates of the optimisers. All slices of a call have the length of w; the
// constants are rounded to F first, and so is every product and sum. Every
// implementation gives the same bits.

// Axpy adds a multiple of x to w:
//
//	w[i] += a * x[i]
func Axpy[F Float](w []F, a F, x []F) {
	x = x[:len(w)]
	if f := fast[F](); f != nil && len(w) > 0 {
		f.axpy(&w[0], &x[0], len(w), a)
		return
	}
	loopAxpy(w, a, x)
}

func loopAxpy[F Float](w []F, a F, x []F) {
	for i := range w {
		w[i] += F(a * x[i])
	}
}

// Scale multiplies w by a number:
//
//	w[i] *= a
func Scale[F Float](w []F, a F) {
	if f := fast[F](); f != nil && len(w) > 0 {
		f.scale(&w[0], len(w), a)
		return
	}
	loopScale(w, a)
}

func loopScale[F Float](w []F, a F) {
	for i := range w {
		w[i] *= a
	}
}

// Momentum is a step of gradient descent with momentum; d is the gradient:
//
//	m[i] = mu*m[i] + d[i]
//	w[i] -= lr * m[i]
func Momentum[F Float](w, m, d []F, lr, mu F) {
	m, d = m[:len(w)], d[:len(w)]
	if f := fast[F](); f != nil && len(w) > 0 {
		f.momentum(&w[0], &m[0], &d[0], len(w), lr, mu)
		return
	}
	loopMomentum(w, m, d, lr, mu)
}

func loopMomentum[F Float](w, m, d []F, lr, mu F) {
	for i := range w {
		m[i] = F(mu*m[i]) + d[i]
		w[i] -= F(lr * m[i])
	}
}

// Nesterov is a step of gradient descent with Nesterov's momentum:
//
//	m[i] = mu*m[i] + d[i]
//	w[i] -= lr * (d[i] + mu*m[i])
func Nesterov[F Float](w, m, d []F, lr, mu F) {
	m, d = m[:len(w)], d[:len(w)]
	if f := fast[F](); f != nil && len(w) > 0 {
		f.nesterov(&w[0], &m[0], &d[0], len(w), lr, mu)
		return
	}
	loopNesterov(w, m, d, lr, mu)
}

func loopNesterov[F Float](w, m, d []F, lr, mu F) {
	for i := range w {
		m[i] = F(mu*m[i]) + d[i]
		w[i] -= F(lr * (d[i] + F(mu*m[i])))
	}
}

// RMSProp is a step of RMSProp:
//
//	s[i] = alpha*s[i] + (1-alpha)*d[i]*d[i]
//	w[i] -= lr * d[i] / (sqrt(s[i]) + eps)
func RMSProp[F Float](w, s, d []F, lr, alpha, eps F) {
	s, d = s[:len(w)], d[:len(w)]
	if f := fast[F](); f != nil && len(w) > 0 {
		f.rmsprop(&w[0], &s[0], &d[0], len(w), lr, alpha, 1-alpha, eps)
		return
	}
	loopRMSProp(w, s, d, lr, alpha, eps)
}

func loopRMSProp[F Float](w, s, d []F, lr, alpha, eps F) {
	for i := range w {
		s[i] = F(alpha*s[i]) + F((1-alpha)*d[i]*d[i])
		w[i] -= F(lr*d[i]) / (root(s[i]) + eps)
	}
}

// Adam is a step of Adam. lr is the learning rate divided by 1-beta1ᵗ, scale is
// the root of 1-beta2ᵗ:
//
//	m[i] = beta1*m[i] + (1-beta1)*d[i]
//	s[i] = beta2*s[i] + (1-beta2)*d[i]*d[i]
//	w[i] -= lr * m[i] / (sqrt(s[i])/scale + eps)
func Adam[F Float](w, m, s, d []F, lr, beta1, beta2, scale, eps F) {
	m, s, d = m[:len(w)], s[:len(w)], d[:len(w)]
	if f := fast[F](); f != nil && len(w) > 0 {
		f.adam(&w[0], &m[0], &s[0], &d[0], len(w), lr, beta1, 1-beta1, beta2, 1-beta2, scale, eps)
		return
	}
	loopAdam(w, m, s, d, lr, beta1, beta2, scale, eps)
}

func loopAdam[F Float](w, m, s, d []F, lr, beta1, beta2, scale, eps F) {
	for i := range w {
		m[i] = F(beta1*m[i]) + F((1-beta1)*d[i])
		s[i] = F(beta2*s[i]) + F((1-beta2)*d[i]*d[i])
		w[i] -= F(lr*m[i]) / (root(s[i])/scale + eps)
	}
}

func root[F Float](x F) F { return F(math.Sqrt(float64(x))) }
