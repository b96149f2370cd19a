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

// Offsets of the fields of judged in the package kernel.
const (
	judgedZ = 8 * iota
	judgedP
	judgedLabels
	judgedConfidence
	judgedLikelihood
	judgedBrier
	judgedRight
	judgedBin
	judgedRows
	judgedOutputs
	judgedStep
	judgedBins
)

// judge computes what the metrics of a classification are made of: logits are compared in float32, all else is float64 in
// two registers for each. Exponentials wait for themselves, so as many as there are registers for are computed together.
func judge(f float) {
	s := float{size: single.size, bytes: f.bytes, goType: single.goType}
	together := 1
	if f.wide() {
		together = 2
	}
	TEXT("judge"+f.suffix, attr.NOSPLIT, "func(p *byte) int")
	Pragma("noescape")
	Doc(fmt.Sprintf("judge%s computes the judged p, whose rows are a multiple of %d. It is", f.suffix, together*s.lanes()),
		"",
		"	for r := range p.rows {",
		"		z := p.z[...][r]",
		"		best := argmax(z)",
		"		for c := range p.outputs {",
		"			p.p[c][r] = exp(z[c] - z[best]) * (1 / sum(exp(z - z[best])))",
		"		}",
		"		p.confidence[r] = p.p[best][r]",
		"		p.likelihood[r] = z[label] - z[best] - log(sum(exp(z - z[best])))",
		"		p.brier[r] = the square of the distance of p.p[...][r] from the label, one-hot",
		"		p.right[r] = 1 if best == label",
		"		p.bin[r] = ceil(p.confidence[r] * p.bins) - 1",
		"	}",
		"",
		"with the sums in the order of the outputs and the operations of math.Log. The result is 0 if every z is finite, and the",
		"sum of an example's z is.",
	)
	j := judging{float: f, single: s, p: Load(Param("p"), GP64()), row: GP64(), zAt: GP64(), pAt: GP64(), step: GP64()}
	MOVQ(j.field(judgedStep), j.step)
	bad := GP64()
	XORQ(j.row, j.row)
	XORQ(bad, bad)
	Label("rows")
	j.next = s.vec()
	s.load(s.word("int1", 1), j.next)
	logits := s.vecs(together)
	tops, bests := j.largest(logits, bad)
	labels := s.vecs(together)
	for i, label := range labels {
		s.load(Mem{Base: j.at(judgedLabels), Index: j.row, Scale: 4, Disp: i * f.bytes}, label)
	}
	mine, sums := j.exponentials(labels, tops)
	j.shares(labels, j.results(labels, bests, tops, mine, sums))
	ADDQ(U8(together*s.lanes()), j.row)
	CMPQ(j.row, j.field(judgedRows))
	JLT(LabelRef("rows"))
	Store(bad, ReturnIndex(0))
	ret()
}

// judging is what the parts of judge share.
type judging struct {
	float        // of all but logits and classes
	single float // of these
	p      reg.Register
	row    reg.GPVirtual // the first of the examples that are judged
	zAt    reg.GPVirtual // where an output's logits of these are
	pAt    reg.GPVirtual // and its probabilities
	step   reg.GPVirtual
	next   vec // 1 in every lane
}

func (j *judging) field(offset int) Mem { return Mem{Base: j.p, Disp: offset} }

// at is a pointer among the fields.
func (j *judging) at(offset int) reg.GPVirtual {
	r := GP64()
	MOVQ(j.field(offset), r)
	return r
}

// probability is where those of register i are.
func (j *judging) probability(i int) Mem { return Mem{Base: j.pAt, Disp: i * j.bytes} }

// result stores register i of a result.
func (j *judging) result(offset, i int, v vec) {
	j.store(v, Mem{Base: j.at(offset), Index: j.row, Scale: 8, Disp: i * j.bytes})
}

// over runs body for every output, the class being one more each time.
func (j *judging) over(name string, body func(class vec)) {
	c, class := GP64(), j.single.vec()
	MOVQ(j.field(judgedZ), j.zAt)
	LEAQ(Mem{Base: j.zAt, Index: j.row, Scale: 4}, j.zAt)
	MOVQ(j.field(judgedP), j.pAt)
	LEAQ(Mem{Base: j.pAt, Index: j.row, Scale: 8}, j.pAt)
	MOVQ(j.field(judgedOutputs), c)
	j.single.zero(class)
	Label(name)
	body(class)
	VPADDD(j.next, class, class)
	ADDQ(j.step, j.zAt)
	LEAQ(Mem{Base: j.pAt, Index: j.step, Scale: 2}, j.pAt)
	DECQ(c)
	JNZ(LabelRef(name))
}

// largest finds the largest logits, in float64, and their classes.
func (j *judging) largest(logits []vec, bad reg.GPVirtual) (tops, bests []vec) {
	s := j.single
	largest, all := s.vecs(len(logits)), s.vecs(len(logits))
	bests = s.vecs(len(logits))
	s.zero(slices.Concat(bests, all)...)
	for _, top := range largest {
		s.load(s.constant(math.Inf(-1)), top)
	}
	j.over("top", func(class vec) {
		for i, x := range logits {
			s.load(Mem{Base: j.zAt, Disp: i * j.bytes}, x)
			const greater = 0x1e // false for NaN
			m := s.compare(greater, x, largest[i])
			s.set(m, x, largest[i])
			s.set(m, class, bests[i])
			s.add(x, all[i], all[i])
		}
	})
	for i, sum := range all {
		s.mul(s.constant(0), sum, sum) // 0, or NaN where one is not finite
		const unordered = 3
		ADDQ(s.bitsOf(s.compare(unordered, sum, sum)), bad)
		tops = append(tops, j.doubles(largest[i])...)
	}
	return tops, bests
}

// exponentials leaves them in place of the probabilities, and gives the labels' logits and the sums.
func (j *judging) exponentials(labels, tops []vec) (mine, sums []vec) {
	s := j.single
	mine, sums = s.vecs(len(labels)), j.vecs(len(tops))
	s.zero(mine...)
	j.zero(sums...)
	j.over("exp", func(class vec) {
		for i, label := range labels {
			x := s.vec()
			s.load(Mem{Base: j.zAt, Disp: i * j.bytes}, x)
			s.set(s.equal(label, class), x, mine[i])
		}
		x := j.vecs(len(tops))
		for i := range x {
			VCVTPS2PD(Mem{Base: j.zAt, Disp: i * j.bytes / 2}, x[i])
			j.sub(x[i], tops[i], x[i])
		}
		for i, e := range expDoubles(j.float, x) {
			j.store(e, j.probability(i))
			j.add(e, sums[i], sums[i])
		}
	})
	return mine, sums
}

// results stores all that follows from these but the squares.
func (j *judging) results(labels, bests, tops, mine, sums []vec) (shares []vec) {
	one := j.vec()
	j.load(j.constant(1), one)
	for i, label := range labels {
		rights := j.halves(j.single.equal(label, bests[i]))
		for half, x := range j.doubles(mine[i]) {
			i := 2*i + half
			j.sub(x, tops[i], x)
			j.sub(x, logDouble(j.float, sums[i]), x)
			j.result(judgedLikelihood, i, x)
			share, right, bin := j.vec(), j.vec(), j.vec()
			j.div(one, sums[i], share)
			j.result(judgedConfidence, i, share)
			j.zero(right)
			j.set(rights[half], one, right)
			j.result(judgedRight, i, right)
			j.broadcast(j.field(judgedBins), bin)
			j.mul(bin, share, bin)
			j.roundUp(bin, bin)
			j.sub(bin, one, bin)
			j.storeWhole(bin, Mem{Base: j.at(judgedBin), Index: j.row, Scale: 4, Disp: i * j.bytes / 2})
			shares = append(shares, share)
		}
	}
	return shares
}

// shares makes probabilities of exponentials, and adds up the squares.
func (j *judging) shares(labels, shares []vec) {
	one, briers := j.vec(), j.vecs(len(shares))
	j.load(j.constant(1), one)
	j.zero(briers...)
	j.over("share", func(class vec) {
		for i, label := range labels {
			for half, mine := range j.halves(j.single.equal(label, class)) {
				i := 2*i + half
				x, less := j.vec(), j.vec()
				j.mul(j.probability(i), shares[i], x)
				j.store(x, j.probability(i))
				j.sub(x, one, less)
				j.set(mine, less, x)
				j.mul(x, x, x)
				j.add(x, briers[i], briers[i])
			}
		}
	})
	for i, brier := range briers {
		j.result(judgedBrier, i, brier)
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
