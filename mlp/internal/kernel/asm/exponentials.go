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
	elementwise(double, "exp", []string{"y", "x"}, []string{"y"}, nil, "y = exp(x)",
		func(v map[string]vec) { v["y"] = expDouble(v["x"]) })
	f := single
	sign := func() Mem { return words("sign", 0x80000000) }
	elementwise(f, "exp", []string{"y", "x"}, []string{"y"}, nil, "y = exp(x)",
		func(v map[string]vec) { v["y"] = exp(v["x"]) })
	// 1/(1+e) or e/(1+e) with e = exp(-|x|): no overflow, and a denormal result
	// keeps its digits. What 1+e and the quotient lost to rounding is put back.
	elementwise(f, "sigmoid", []string{"y", "x"}, []string{"y"}, nil, "y = 1 / (1 + exp(-x))",
		func(v map[string]vec) {
			x := v["x"]
			minus, one, d, lost := YMM(), YMM(), YMM(), YMM()
			VORPS(sign(), x, minus)
			e := exp(minus)
			VMOVUPS(f.constant(1), one)
			VADDPS(one, e, d)
			VSUBPS(one, d, lost)
			VSUBPS(lost, e, lost)
			numerator, q := YMM(), YMM()
			VBLENDVPS(x, e, one, numerator)
			VDIVPS(d, numerator, q)
			inverse := YMM() // of d, roughly
			VSUBPS(q, one, inverse)
			VBLENDVPS(x, inverse, q, inverse)
			VFNMADD231PS(d, q, numerator)
			VFNMADD231PS(lost, q, numerator)
			VFMADD231PS(numerator, inverse, q)
			v["y"] = q
		})
	// Near 0 the polynomial of Cephes' tanhf, elsewhere 1 - 2/(1+exp(2|x|)) with the sign of x.
	elementwise(f, "tanh", []string{"y", "x"}, []string{"y"}, nil, "y = tanh(x)",
		func(v map[string]vec) {
			x := v["x"]
			a, twice, e, big := YMM(), YMM(), YMM(), YMM()
			VANDPS(words("magnitude", 0x7fffffff), x, a)
			VADDPS(a, a, twice)
			e = exp(twice)
			VMOVUPS(f.constant(1), big)
			VADDPS(big, e, e)
			two := YMM()
			VMOVUPS(f.constant(2), two)
			VDIVPS(e, two, e)
			VSUBPS(e, big, big)
			s := YMM()
			VANDPS(sign(), x, s)
			VORPS(s, big, big)

			z, p := YMM(), YMM()
			VMULPS(x, x, z)
			VMOVUPS(f.constant(-5.70498872745e-3), p)
			for _, c := range []float64{2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1} {
				VFMADD213PS(f.constant(c), z, p)
			}
			VMULPS(z, p, p)
			VFMADD213PS(x, x, p)
			near := YMM()
			VCMPPS(Imm(0x11), f.constant(0.625), a, near) // ordered less
			VBLENDVPS(near, p, big, p)
			v["y"] = p
		})
}

// exp is within 1 ulp: x = n·ln 2 + r, Cephes' polynomial in r, 2ⁿ in two
// factors so that results reach to Inf above and through the denormals to 0.
// NaN stays NaN.
func exp(x vec) vec {
	f := single
	c, n, r, p := YMM(), YMM(), YMM(), YMM()
	// max and min return their last operand if one is NaN: it has to be x.
	low, high := YMM(), YMM()
	VMOVUPS(f.constant(-104), low)
	VMAXPS(x, low, c)
	VMOVUPS(f.constant(89), high)
	VMINPS(c, high, c)
	VMULPS(f.constant(1.44269504088896341), c, n)
	VROUNDPS(Imm(8), n, n)
	VMOVAPS(c, r)
	VFNMADD231PS(f.constant(0.693359375), n, r)
	VFNMADD231PS(f.constant(-2.12194440e-4), n, r)
	VMOVUPS(f.constant(1.9875691500e-4), p)
	for _, a := range []float64{1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1} {
		VFMADD213PS(f.constant(a), r, p)
	}
	square := YMM()
	VMULPS(r, r, square)
	VFMADD213PS(r, square, p)
	VADDPS(f.constant(1), p, p)

	i, half := YMM(), YMM()
	VCVTPS2DQ(n, i)
	VPSRAD(Imm(1), i, half)
	VPSUBD(half, i, i)
	for _, e := range []vec{half, i} {
		VPADDD(words("bias", 127), e, e)
		VPSLLD(Imm(23), e, e)
		VMULPS(e, p, p)
	}
	return p
}

// expDouble is exp in float64, within 1 ulp, by the same way: Taylor's
// polynomial of degree 13 is off by less than 1e-17 where |r| <= ln 2 / 2.
func expDouble(x vec) vec {
	f := double
	c, n, r, p := YMM(), YMM(), YMM(), YMM()
	low, high := YMM(), YMM()
	VMOVUPD(f.constant(-746), low)
	VMAXPD(x, low, c)
	VMOVUPD(f.constant(710), high)
	VMINPD(c, high, c)
	VMULPD(f.constant(math.Log2E), c, n)
	VROUNDPD(Imm(8), n, n)
	VMOVAPD(c, r)
	VFNMADD231PD(f.constant(6.93145751953125e-1), n, r) // ln 2 in two parts, as in Cephes
	VFNMADD231PD(f.constant(1.42860682030941723212e-6), n, r)
	factorial := 6227020800.0 // 13!
	VMOVUPD(f.constant(1/factorial), p)
	for k := 13.0; k > 2; k-- {
		factorial /= k
		VFMADD213PD(f.constant(1/factorial), r, p)
	}
	square := YMM()
	VMULPD(r, r, square)
	VFMADD213PD(r, square, p)
	VADDPD(f.constant(1), p, p)

	i, half := XMM(), XMM()
	VCVTPD2DQY(n, i)
	VPSRAD(Imm(1), i, half)
	VPSUBD(half, i, i)
	for _, e := range []vec{half, i} {
		wide := YMM()
		VPMOVSXDQ(e, wide)
		VPADDQ(quads("bias64", 1023), wide, wide)
		VPSLLQ(Imm(52), wide, wide)
		VMULPD(wide, p, p)
	}
	return p
}
