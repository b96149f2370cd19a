package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of judged in the package kernel.
const (
	judgedZ = 8 * iota
	judgedP
	judgedLabels
	judgedBest
	judgedConfidence
	judgedLikelihood
	judgedBrier
	judgedRows
	judgedOutputs
	judgedStep
)

// judge computes what the metrics of a classification are made of, in float64 where a register holds examples.
func judge(f float) {
	TEXT("judge"+f.suffix, attr.NOSPLIT, "func(p *byte) int")
	Pragma("noescape")
	Doc(fmt.Sprintf("judge%s computes the judged p, whose rows are a multiple of %d. It is", f.suffix, f.lanes()),
		"",
		"	for r := range p.rows {",
		"		z := p.z[...][r]",
		"		p.best[r] = argmax(z)",
		"		for c := range p.outputs {",
		"			p.p[c][r] = exp(z[c] - z[best]) * (1 / sum(exp(z - z[best])))",
		"		}",
		"		p.confidence[r] = p.p[best][r]",
		"		p.likelihood[r] = z[label] - z[best] - log(sum(exp(z - z[best])))",
		"		p.brier[r] = the square of the distance of p.p[...][r] from the label, one-hot",
		"	}",
		"",
		"with the sums in the order of the outputs and the operations of math.Log. The result is 0 if every z is finite.",
	)
	p := Load(Param("p"), GP64())
	field := func(offset int) Mem { return Mem{Base: p, Disp: offset} }
	at := func(offset int) reg.GPVirtual { r := GP64(); MOVQ(field(offset), r); return r }
	z, probabilities, step := at(judgedZ), at(judgedP), at(judgedStep)
	row, c, bad, zAt, pAt := GP64(), GP64(), GP64(), GP64(), GP64()
	XORQ(row, row)
	XORQ(bad, bad)
	load := func(v vec) { // of logits in float32
		VCVTPS2PD(Mem{Base: zAt}, v)
	}
	over := func(name string, body func()) {
		LEAQ(Mem{Base: z, Index: row, Scale: 4}, zAt)
		LEAQ(Mem{Base: probabilities, Index: row, Scale: 8}, pAt)
		MOVQ(field(judgedOutputs), c)
		Label(name)
		body()
		ADDQ(step, zAt)
		LEAQ(Mem{Base: pAt, Index: step, Scale: 2}, pAt)
		DECQ(c)
		JNZ(LabelRef(name))
	}
	result := func(offset int, v vec) { f.store(v, Mem{Base: at(offset), Index: row, Scale: 8}) }

	Label("rows")
	top, best, class, odd, zero, one := f.vec(), f.vec(), f.vec(), f.vec(), f.vec(), f.vec()
	f.load(f.constant(0), zero)
	f.load(f.constant(1), one)
	f.load(f.constant(0), best)
	f.load(f.constant(0), class)
	f.load(f.constant(0), odd)
	f.load(f.constant(math.Inf(-1)), top)
	over("top", func() {
		x := f.vec()
		load(x)
		const greater = 0x1e // false for NaN
		m := f.compare(greater, x, top)
		f.set(m, x, top)
		f.set(m, class, best)
		f.add(one, class, class)
		f.mul(zero, x, x) // 0, or NaN where x is not finite
		f.add(x, odd, odd)
	})
	const unordered = 3
	ADDQ(f.bitsOf(f.compare(unordered, odd, odd)), bad)
	result(judgedBest, best)

	label, mine, sum := f.vec(), f.vec(), f.vec()
	VCVTDQ2PD(Mem{Base: at(judgedLabels), Index: row, Scale: 4}, label)
	f.load(f.constant(0), class)
	f.load(f.constant(0), mine)
	f.load(f.constant(0), sum)
	const equal = 0
	over("exp", func() {
		x := f.vec()
		load(x)
		f.sub(x, top, x)
		f.set(f.compare(equal, class, label), x, mine)
		e := expDouble(f, x)
		f.store(e, Mem{Base: pAt})
		f.add(e, sum, sum)
		f.add(f.constant(1), class, class)
	})
	l := logDouble(f, sum)
	f.sub(mine, l, mine)
	result(judgedLikelihood, mine)

	share, brier := f.vec(), f.vec()
	f.load(f.constant(1), share)
	f.div(share, sum, share)
	result(judgedConfidence, share)
	f.load(f.constant(0), class)
	f.load(f.constant(0), brier)
	over("share", func() {
		x := f.vec()
		f.mul(Mem{Base: pAt}, share, x)
		f.store(x, Mem{Base: pAt})
		less := f.vec()
		f.sub(x, one, less)
		f.set(f.compare(equal, class, label), less, x)
		f.mul(x, x, x)
		f.add(x, brier, brier)
		f.add(one, class, class)
	})
	result(judgedBrier, brier)
	ADDQ(U8(f.lanes()), row)
	CMPQ(row, field(judgedRows))
	JLT(LabelRef("rows"))
	Store(bad, ReturnIndex(0))
	ret()
}

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
