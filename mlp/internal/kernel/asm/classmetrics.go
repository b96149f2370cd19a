package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of classMetricsCall in the package kernel.
const (
	callZ = 8 * iota
	callP
	callLabels
	callConfidence
	callLogLikelihood
	callBrier
	callCorrect
	callBin
	callRows
	callOutputs
	callStep
	callBins
)

// classMetrics computes what the metrics of a classification are made of: logits are compared in float32, all else is float64 in
// two registers for each. Exponentials wait for themselves, so as many as there are registers for are computed together.
func classMetrics(f float) {
	s := float{size: single.size, bytes: f.bytes, goType: single.goType}
	together := 1
	if f.wide() {
		together = 2
	}
	TEXT("classMetrics"+f.suffix, attr.NOSPLIT, "func(p *byte) int")
	Pragma("noescape")
	Doc(fmt.Sprintf("classMetrics%s computes what p asks for, whose rows are a multiple of %d. It is", f.suffix, together*s.lanes()),
		"",
		"	for r := range p.rows {",
		"		z := p.z[...][r]",
		"		best := argmax(z)",
		"		for c := range p.outputs {",
		"			p.p[c][r] = exp(z[c] - z[best]) * (1 / sum(exp(z - z[best])))",
		"		}",
		"		p.confidence[r] = p.p[best][r]",
		"		p.logLikelihood[r] = z[label] - z[best] - log(sum(exp(z - z[best])))",
		"		p.brier[r] = the square of the distance of p.p[...][r] from the label, one-hot",
		"		p.correct[r] = 1 if best == label",
		"		p.bin[r] = ceil(p.confidence[r] * p.bins) - 1",
		"	}",
		"",
		"with the sums in the order of the outputs and the operations of math.Log. The result is 0 if every z is finite, and the",
		"sum of an example's z is.",
	)
	m := classMetricsParts{float: f, single: s, p: Load(Param("p"), GP64()), row: GP64(), zAt: GP64(), pAt: GP64(), step: GP64()}
	MOVQ(m.field(callStep), m.step)
	bad := GP64()
	XORQ(m.row, m.row)
	XORQ(bad, bad)
	Label("rows")
	m.next = s.vec()
	s.load(s.word("int1", 1), m.next)
	logits := s.vecs(together)
	tops, classes := m.largest(logits, bad)
	labels := s.vecs(together)
	for i, label := range labels {
		s.load(Mem{Base: m.at(callLabels), Index: m.row, Scale: 4, Disp: i * f.bytes}, label)
	}
	labelLogits, sums := m.exponentials(labels, tops)
	m.shares(labels, m.results(labels, classes, tops, labelLogits, sums))
	ADDQ(U8(together*s.lanes()), m.row)
	CMPQ(m.row, m.field(callRows))
	JLT(LabelRef("rows"))
	Store(bad, ReturnIndex(0))
	ret()
}

// classMetricsParts is what the parts of classMetrics share.
type classMetricsParts struct {
	float        // of all but logits and classes
	single float // of these
	p      reg.Register
	row    reg.GPVirtual // the first of the examples that are computed at once
	zAt    reg.GPVirtual // where an output's logits of these are
	pAt    reg.GPVirtual // and its probabilities
	step   reg.GPVirtual
	next   vec // 1 in every lane
}

func (m *classMetricsParts) field(offset int) Mem { return Mem{Base: m.p, Disp: offset} }

// at is a pointer among the fields.
func (m *classMetricsParts) at(offset int) reg.GPVirtual {
	r := GP64()
	MOVQ(m.field(offset), r)
	return r
}

// probability is where those of register i are.
func (m *classMetricsParts) probability(i int) Mem { return Mem{Base: m.pAt, Disp: i * m.bytes} }

// result stores register i of a result.
func (m *classMetricsParts) result(offset, i int, v vec) {
	m.store(v, Mem{Base: m.at(offset), Index: m.row, Scale: 8, Disp: i * m.bytes})
}

// over runs body for every output, the class being one more each time.
func (m *classMetricsParts) over(name string, body func(class vec)) {
	c, class := GP64(), m.single.vec()
	MOVQ(m.field(callZ), m.zAt)
	LEAQ(Mem{Base: m.zAt, Index: m.row, Scale: 4}, m.zAt)
	MOVQ(m.field(callP), m.pAt)
	LEAQ(Mem{Base: m.pAt, Index: m.row, Scale: 8}, m.pAt)
	MOVQ(m.field(callOutputs), c)
	m.single.zero(class)
	Label(name)
	body(class)
	VPADDD(m.next, class, class)
	ADDQ(m.step, m.zAt)
	LEAQ(Mem{Base: m.pAt, Index: m.step, Scale: 2}, m.pAt)
	DECQ(c)
	JNZ(LabelRef(name))
}

// largest finds the largest logits, in float64, and their classes.
func (m *classMetricsParts) largest(logits []vec, bad reg.GPVirtual) (tops, classes []vec) {
	s := m.single
	largest, sums := s.vecs(len(logits)), s.vecs(len(logits))
	classes = s.vecs(len(logits))
	s.zero(slices.Concat(classes, sums)...)
	for _, top := range largest {
		s.load(s.constant(math.Inf(-1)), top)
	}
	m.over("top", func(class vec) {
		for i, x := range logits {
			s.load(Mem{Base: m.zAt, Disp: i * m.bytes}, x)
			const greater = 0x1e // false for NaN
			larger := s.compare(greater, x, largest[i])
			s.set(larger, x, largest[i])
			s.set(larger, class, classes[i])
			s.add(x, sums[i], sums[i])
		}
	})
	for i, sum := range sums {
		s.mul(s.constant(0), sum, sum) // 0, or NaN where one is not finite
		const unordered = 3
		ADDQ(s.bitsOf(s.compare(unordered, sum, sum)), bad)
		tops = append(tops, m.doubles(largest[i])...)
	}
	return tops, classes
}

// exponentials leaves them in place of the probabilities, and gives the labels' logits and the sums.
func (m *classMetricsParts) exponentials(labels, tops []vec) (labelLogits, sums []vec) {
	s := m.single
	labelLogits, sums = s.vecs(len(labels)), m.vecs(len(tops))
	s.zero(labelLogits...)
	m.zero(sums...)
	m.over("exp", func(class vec) {
		for i, label := range labels {
			x := s.vec()
			s.load(Mem{Base: m.zAt, Disp: i * m.bytes}, x)
			s.set(s.equal(label, class), x, labelLogits[i])
		}
		x := m.vecs(len(tops))
		for i := range x {
			VCVTPS2PD(Mem{Base: m.zAt, Disp: i * m.bytes / 2}, x[i])
			m.sub(x[i], tops[i], x[i])
		}
		for i, e := range expDoubles(m.float, x) {
			m.store(e, m.probability(i))
			m.add(e, sums[i], sums[i])
		}
	})
	return labelLogits, sums
}

// results stores all that follows from these but the squares.
func (m *classMetricsParts) results(labels, classes, tops, labelLogits, sums []vec) (shares []vec) {
	one := m.vec()
	m.load(m.constant(1), one)
	for i, label := range labels {
		isCorrect := m.halves(m.single.equal(label, classes[i]))
		for half, x := range m.doubles(labelLogits[i]) {
			i := 2*i + half
			m.sub(x, tops[i], x)
			m.sub(x, logDouble(m.float, sums[i]), x)
			m.result(callLogLikelihood, i, x)
			share, correct, bin := m.vec(), m.vec(), m.vec()
			m.div(one, sums[i], share)
			m.result(callConfidence, i, share)
			m.zero(correct)
			m.set(isCorrect[half], one, correct)
			m.result(callCorrect, i, correct)
			m.broadcast(m.field(callBins), bin)
			m.mul(bin, share, bin)
			m.roundUp(bin, bin)
			m.sub(bin, one, bin)
			m.storeWhole(bin, Mem{Base: m.at(callBin), Index: m.row, Scale: 4, Disp: i * m.bytes / 2})
			shares = append(shares, share)
		}
	}
	return shares
}

// shares makes probabilities of exponentials, and adds up the squares.
func (m *classMetricsParts) shares(labels, shares []vec) {
	one, briers := m.vec(), m.vecs(len(shares))
	m.load(m.constant(1), one)
	m.zero(briers...)
	m.over("share", func(class vec) {
		for i, label := range labels {
			for half, isLabel := range m.halves(m.single.equal(label, class)) {
				i := 2*i + half
				x, less := m.vec(), m.vec()
				m.mul(m.probability(i), shares[i], x)
				m.store(x, m.probability(i))
				m.sub(x, one, less)
				m.set(isLabel, less, x)
				m.mul(x, x, x)
				m.add(x, briers[i], briers[i])
			}
		}
	})
	for i, brier := range briers {
		m.result(callBrier, i, brier)
	}
}

// doubles are the two halves of a register of float32, in float64.
func (f float) doubles(x vec) []vec {
	both := f.vecs(2)
	for half := range both {
		if f.wide() {
			part := YMM()
			VEXTRACTF64X4(Imm(uint64(half)), x, part)
			VCVTPS2PD(part, both[half])
		} else {
			part := XMM()
			VEXTRACTF128(Imm(uint64(half)), x, part)
			VCVTPS2PD(part, both[half])
		}
	}
	return both
}

// halves are what a mask of as many lanes of 4 bytes as a register holds selects in two registers of lanes of 8.
func (f float) halves(m mask) (both [2]mask) {
	if f.wide() {
		high := K()
		KSHIFTRW(Imm(8), m, high)
		return [2]mask{m, high}
	}
	for half := range both {
		part, wide := XMM(), f.vec()
		VEXTRACTI128(Imm(uint64(half)), m, part)
		VPMOVSXDQ(part, wide)
		both[half] = wide
	}
	return both
}
