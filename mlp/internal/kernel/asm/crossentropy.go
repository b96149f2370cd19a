package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// crossEntropy is the gradient of softmax and cross-entropy where a register holds examples.
func crossEntropy(f float) {
	TEXT("crossEntropy"+f.suffix, attr.NOSPLIT,
		fmt.Sprintf("func(d, z *%s, labels *int32, rows, outputs int, scale %s) int", f.goType, f.goType))
	Pragma("noescape")
	Doc(fmt.Sprintf("crossEntropy%s is, with rows a multiple of %d, the sum being that of 8 lanes added up in pairs as in softmax,", f.suffix, f.lanes()),
		"",
		"	for r := range rows {",
		"		for c := range outputs {",
		"			d[c][r] = exp(z[c][r] - max(z[...][r]))",
		"		}",
		"		for c := range outputs {",
		"			d[c][r] = (d[c][r] * (1 / sum(d[...][r])) - (1 if labels[r] == c)) * scale",
		"		}",
		"	}",
		"",
		"The result is 0 if every z is finite.",
	)
	d, z := Load(Param("d"), GP64()), Load(Param("z"), GP64())
	labels := Load(Param("labels"), GP64())
	rows, outputs := Load(Param("rows"), GP64()), Load(Param("outputs"), GP64())
	bad, step, at, c, left := GP64(), GP64(), GP64(), GP64(), GP64()
	XORQ(bad, bad)
	MOVQ(rows, step)
	SHLQ(U8(2), step) // bytes from one output to the next
	MOVQ(rows, left)
	// over runs body for each output, at being the offset of its numbers.
	over := func(name string, body func()) {
		XORQ(at, at)
		MOVQ(outputs, c)
		Label(name)
		body()
		ADDQ(step, at)
		DECQ(c)
		JNZ(LabelRef(name))
	}
	of := func(base reg.Register) Mem { return Mem{Base: base, Index: at, Scale: 1} }

	Label("rows")
	top, odd := f.vec(), f.vec()
	f.load(Mem{Base: z}, top)
	f.zero(odd)
	over("max", func() {
		x, zero := f.vec(), f.vec()
		f.load(of(z), x)
		f.max(x, top, top)
		f.zero(zero)
		f.mul(x, zero, x) // 0, or NaN where x is not finite
		f.add(x, odd, odd)
	})
	const unordered = 3
	ADDQ(f.bitsOf(f.compare(unordered, odd, odd)), bad)

	over("exp", func() {
		x := f.vec()
		f.load(of(z), x)
		f.sub(x, top, x)
		f.store(exp(f, x), of(d))
	})

	lanes := make([]reg.VecVirtual, 8)
	for i := range lanes {
		lanes[i] = f.vec()
	}
	f.zero(lanes...)
	XORQ(at, at)
	MOVQ(outputs, c)
	Label("sum")
	for i := range lanes {
		f.add(of(d), lanes[i], lanes[i])
		ADDQ(step, at)
		DECQ(c)
		JZ(LabelRef("pairs"))
		if i == len(lanes)-1 {
			JMP(LabelRef("sum"))
		}
	}
	Label("pairs")
	for n := 4; n >= 1; n /= 2 {
		for i := range n {
			f.add(lanes[i+n], lanes[i], lanes[i])
		}
	}

	share, one, factor := f.vec(), f.vec(), f.vec()
	f.load(f.constant(1), one)
	f.div(one, lanes[0], share)
	m, err := Param("scale").Resolve()
	if err != nil {
		panic(err)
	}
	f.broadcast(m.Addr, factor)
	label, class, next := f.vec(), f.vec(), f.vec()
	f.load(Mem{Base: labels}, label) // bits are bits
	f.zero(class)
	f.load(f.word("int1", 1), next)
	over("gradient", func() {
		x := f.vec()
		f.mul(of(d), share, x)
		f.subWhere(f.equal(label, class), one, x)
		f.mul(factor, x, x)
		f.store(x, of(d))
		VPADDD(next, class, class)
	})
	ADDQ(Imm(uint64(f.bytes)), d)
	ADDQ(Imm(uint64(f.bytes)), z)
	ADDQ(Imm(uint64(f.bytes)), labels)
	SUBQ(Imm(uint64(f.lanes())), left)
	JG(LabelRef("rows"))
	Store(bad, ReturnIndex(0))
	ret()
}
