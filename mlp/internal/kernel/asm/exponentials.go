package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// exponentials writes exp and softmax in both precisions, sigmoid and tanh in
// float32.
func exponentials() {
	softmax(single, exp)
	softmax(double, expDouble)
	for _, f := range []float{double, doubleWide} {
		f = f.pinning(f.wordsOfExpDouble())
		elementwise(f, "exp", []string{"y", "x"}, []string{"y"}, nil, "y = exp(x)",
			func(v map[string]vec) { v["y"] = expDouble(f, v["x"]) })
	}
	for _, f := range []float{single, singleWide} {
		f := f.pinning(f.wordsOfExp())
		elementwise(f, "exp", []string{"y", "x"}, []string{"y"}, nil, "y = exp(x)",
			func(v map[string]vec) { v["y"] = exp(f, v["x"]) })
		sigmoid(f.pinning(append(f.wordsOfExp(), signOf)))
		tanh(f.pinning(append(f.wordsOfExp(), signOf)))
	}
}

// sigmoid is 1/(1+e) or e/(1+e) with e = exp(-|x|): no overflow, and a denormal
// result keeps its digits. What 1+e and the quotient lost to rounding is put back.
func sigmoid(f float) {
	elementwise(f, "sigmoid", []string{"y", "x"}, []string{"y"}, nil, "y = 1 / (1 + exp(-x))",
		func(v map[string]vec) {
			x := v["x"]
			minus, one, d, lost := f.vec(), f.vec(), f.vec(), f.vec()
			f.or(f.word("sign", 0x80000000), x, minus)
			e := exp(f, minus)
			f.load(f.constant(1), one)
			f.add(one, e, d)
			f.sub(d, one, lost)
			f.sub(e, lost, lost)
			negative := f.negative(x)
			numerator, q := f.choose(negative, e, one), f.vec()
			f.div(numerator, d, q)
			inverse := f.vec() // of d, roughly
			f.sub(one, q, inverse)
			inverse = f.choose(negative, inverse, q)
			VFNMADD231PS(d, q, numerator)
			VFNMADD231PS(lost, q, numerator)
			f.fma(numerator, inverse, q)
			v["y"] = q
		})
}

// tanh is near 0 the polynomial of Cephes' tanhf, elsewhere 1 - 2/(1+exp(2|x|)) with the sign of x.
func tanh(f float) {
	elementwise(f, "tanh", []string{"y", "x"}, []string{"y"}, nil, "y = tanh(x)",
		func(v map[string]vec) {
			x := v["x"]
			a, twice, big, two, s := f.vec(), f.vec(), f.vec(), f.vec(), f.vec()
			f.keep(f.word("magnitude", 0x7fffffff), x, a)
			f.add(a, a, twice)
			e := exp(f, twice)
			f.load(f.constant(1), big)
			f.add(big, e, e)
			f.load(f.constant(2), two)
			f.div(two, e, e)
			f.sub(big, e, big)
			f.keep(f.word("sign", 0x80000000), x, s)
			f.or(s, big, big)

			z, p := f.vec(), f.vec()
			f.mul(x, x, z)
			f.load(f.constant(-5.70498872745e-3), p)
			for _, c := range []float64{2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1} {
				VFMADD213PS(f.constant(c), z, p)
			}
			f.mul(z, p, p)
			VFMADD213PS(x, x, p)
			v["y"] = f.choose(f.less(a, f.constant(0.625)), p, big)
		})
}

// expFactors are those of Cephes' polynomial.
var expFactors = []float64{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}

// wordsOfExp are those that exp reads.
func (f float) wordsOfExp() (words []word) {
	for _, x := range append([]float64{-104, 89, 1.44269504088896341, 0.693359375, -2.12194440e-4, 1}, expFactors...) {
		words = append(words, f.number(x))
	}
	return words
}

// wordsOfExpDouble are those that expDouble reads.
func (f float) wordsOfExpDouble() (words []word) {
	factorial := 1.0
	for k := 2.0; k <= 13; k++ {
		factorial *= k
		words = append(words, f.number(1/factorial))
	}
	for _, x := range []float64{-746, 710, math.Log2E, 6.93145751953125e-1, 1.42860682030941723212e-6, 1} {
		words = append(words, f.number(x))
	}
	return words
}

var signOf = word{"sign", 0x80000000}

// exp is within 1 ulp: x = n·ln 2 + r, Cephes' polynomial in r, 2ⁿ in two
// factors so that results reach to Inf above and through the denormals to 0,
// or by the instruction of AVX-512 that does just that. NaN stays NaN.
func exp(f float, x vec) vec {
	c, n, r, p := f.vec(), f.vec(), f.vec(), f.vec()
	// max and min return their last operand if one is NaN: it has to be x.
	f.max(x, f.register(-104), c)
	VMINPS(c, f.register(89), c)
	f.mul(f.constant(1.44269504088896341), c, n)
	f.round(n, n)
	VMOVAPS(c, r)
	VFNMADD231PS(f.constant(0.693359375), n, r)
	VFNMADD231PS(f.constant(-2.12194440e-4), n, r)
	f.load(f.constant(expFactors[0]), p)
	for _, a := range expFactors[1:] {
		VFMADD213PS(f.constant(a), r, p)
	}
	square := f.vec()
	f.mul(r, r, square)
	VFMADD213PS(r, square, p)
	f.add(f.constant(1), p, p)

	if f.wide() {
		VSCALEFPS(n, p, p)
		return p
	}
	i, half := f.vec(), f.vec()
	VCVTPS2DQ(n, i)
	VPSRAD(Imm(1), i, half)
	VPSUBD(half, i, i)
	for _, e := range []vec{half, i} {
		VPADDD(f.word("bias", 127), e, e)
		VPSLLD(Imm(23), e, e)
		f.mul(e, p, p)
	}
	return p
}

// expDouble is exp in float64, within 1 ulp, by the same way: Taylor's
// polynomial of degree 13 is off by less than 1e-17 where |r| <= ln 2 / 2.
func expDouble(f float, x vec) vec { return expDoubles(f, []vec{x})[0] }

// expDoubles is expDouble of several registers, step by step: each step waits for the one before.
func expDoubles(f float, x []vec) []vec {
	n, r, p := f.vecs(len(x)), f.vecs(len(x)), f.vecs(len(x))
	low, high := f.register(-746), f.register(710)
	for i := range x {
		f.max(x[i], low, r[i])
		VMINPD(r[i], high, r[i])
		f.mul(f.constant(math.Log2E), r[i], n[i])
	}
	for i := range x {
		f.round(n[i], n[i])
	}
	for _, part := range []float64{6.93145751953125e-1, 1.42860682030941723212e-6} { // ln 2 in two parts, as in Cephes
		for i := range x {
			VFNMADD231PD(f.constant(part), n[i], r[i])
		}
	}
	factorial := 6227020800.0 // 13!
	for i := range x {
		f.load(f.constant(1/factorial), p[i])
	}
	for k := 13.0; k > 2; k-- {
		factorial /= k
		c := f.register(1 / factorial)
		for i := range x {
			VFMADD213PD(c, r[i], p[i])
		}
	}
	for i := range x {
		square := f.vec()
		f.mul(r[i], r[i], square)
		VFMADD213PD(r[i], square, p[i])
	}
	for i := range x {
		f.add(f.constant(1), p[i], p[i])
	}
	for i := range x {
		f.scaleByPower(n[i], p[i])
	}
	return p
}

// scaleByPower multiplies numbers of float64 by 2ⁿ.
func (f float) scaleByPower(n, p vec) {
	if f.wide() {
		VSCALEFPD(n, p, p)
		return
	}
	i, half := XMM(), XMM() // half as wide as the numbers
	VCVTPD2DQY(n, i)
	VPSRAD(Imm(1), i, half)
	VPSUBD(half, i, i)
	for _, e := range []vec{half, i} {
		wide := f.vec()
		VPMOVSXDQ(e, wide)
		VPADDQ(f.word("bias64", 1023), wide, wide)
		VPSLLQ(Imm(52), wide, wide)
		f.mul(wide, p, p)
	}
}
