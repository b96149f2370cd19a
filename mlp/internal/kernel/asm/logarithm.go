package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// logDouble is math.Log for numbers from 1 on, operation by operation (FreeBSD's e_log.c).
func logDouble(f float, x vec) vec {
	fraction, k, halved, one := f.vec(), f.vec(), f.vec(), f.vec()
	f.keep(f.word("fraction", 0x000fffffffffffff), x, fraction)
	f.or(f.constant(0.5), fraction, fraction)
	// The exponent is added to the bits of 2⁵², from which 2⁵² and the bias are subtracted.
	VPSRLQ(Imm(52), x, k)
	f.or(f.constant(1<<52), k, k)
	f.sub(k, f.constant(1<<52+1022), k)

	const notLess = 5
	f.load(f.constant(7.07106781186547524401e-01), halved)
	m := f.compare(notLess, halved, fraction)
	f.load(f.constant(1), one)
	less, twice := f.vec(), f.vec()
	f.sub(k, one, less)
	f.set(m, less, k)
	f.add(fraction, fraction, twice)
	f.set(m, twice, fraction)
	f.sub(fraction, one, fraction)

	s, s2, s4, t1, t2 := f.vec(), f.vec(), f.vec(), f.vec(), f.vec()
	f.add(f.constant(2), fraction, s)
	f.div(fraction, s, s)
	f.mul(s, s, s2)
	f.mul(s2, s2, s4)
	polynomial := func(v vec, factors ...float64) {
		f.load(f.constant(factors[0]), v)
		for _, c := range factors[1:] {
			f.mul(s4, v, v)
			f.add(f.constant(c), v, v)
		}
	}
	polynomial(t1, 1.479819860511658591e-01, 1.818357216161805012e-01, 2.857142874366239149e-01, 6.666666666666735130e-01)
	f.mul(t1, s2, t1)
	polynomial(t2, 1.531383769920937332e-01, 2.222219843214978396e-01, 3.999999999940941908e-01)
	f.mul(t2, s4, t2)
	f.add(t1, t2, t1)
	square, low := f.vec(), f.vec()
	f.mul(f.constant(0.5), fraction, square)
	f.mul(fraction, square, square)
	f.add(square, t1, t1)
	f.mul(t1, s, s)
	f.mul(f.constant(1.90821492927058770002e-10), k, low)
	f.add(low, s, s)
	f.sub(square, s, square)
	f.sub(square, fraction, square)
	f.mul(f.constant(6.93147180369123816490e-01), k, k)
	f.sub(k, square, k)
	return k
}
