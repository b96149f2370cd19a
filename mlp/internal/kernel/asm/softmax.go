package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// softmax goes over a row three times: for its maximum, for the exponentials and
// their sum, for the quotients. The last register of a row has a mask and stays
// in a register from one time to the next.
func softmax(f float, exp func(float, vec) vec) {
	TEXT("softmax"+f.suffix, attr.NOSPLIT, fmt.Sprintf("func(y, z *%s, rows, columns int)", f.goType))
	Pragma("noescape")
	Doc(fmt.Sprintf("softmax%s is, the sum being that of %d lanes added up in pairs,", f.suffix, f.lanes()),
		"",
		"	for r := range rows {",
		"		for c := range columns {",
		"			y[r*columns+c] = exp(z[r*columns+c] - max(z[r*columns:][:columns]))",
		"		}",
		"		for c := range columns {",
		"			y[r*columns+c] *= 1 / sum(y[r*columns:][:columns])",
		"		}",
		"	}",
	)
	y, z := Load(Param("y"), GP64()), Load(Param("z"), GP64())
	rows, columns := Load(Param("rows"), GP64()), Load(Param("columns"), GP64())
	// Bytes of the registers before the last one, and its lanes: 1 to all.
	before, last := GP64(), GP64()
	LEAQ(Mem{Base: columns, Disp: -1}, before)
	ANDQ(I32(-int32(f.lanes())), before)
	MOVQ(columns, last)
	SUBQ(before, last)
	SHLQ(U8(pick(f, 2, 3)), before)
	SHLQ(U8(pick(f, 2, 3)), columns)
	mask := f.firstLanes(last)
	at := GP64()
	// chunks runs body for every register of a row but the last.
	chunks := func(name string, body func()) {
		XORQ(at, at)
		CMPQ(at, before)
		JGE(LabelRef(name + "end"))
		Label(name)
		body()
		ADDQ(U8(32), at)
		CMPQ(at, before)
		JLT(LabelRef(name))
		Label(name + "end")
	}
	of := func(base reg.Register) Mem { return Mem{Base: base, Index: at, Scale: 1} }

	Label("row")
	lowest, top, tail := YMM(), YMM(), YMM()
	f.load(f.constant(math.Inf(-1)), lowest)
	f.load(f.constant(math.Inf(-1)), top)
	chunks("max", func() { f.max(of(z), top, top) })
	f.maskLoad(of(z), mask, tail)
	filled := YMM()
	pick(f, VBLENDVPS, VBLENDVPD)(mask, tail, lowest, filled)
	f.max(filled, top, top)
	f.across(f.max, top)

	sum := YMM()
	pick(f, VXORPS, VXORPD)(sum, sum, sum)
	chunks("exp", func() {
		x := YMM()
		f.load(of(z), x)
		f.sub(x, top, x)
		e := exp(f, x)
		f.store(e, of(y))
		f.add(e, sum, sum)
	})
	f.sub(tail, top, tail)
	tail = exp(f, tail)
	f.and(mask, tail, tail)
	f.add(tail, sum, sum)
	f.across(f.add, sum)

	share := YMM()
	f.load(f.constant(1), share)
	f.div(share, sum, share)
	chunks("share", func() {
		x := YMM()
		f.mul(of(y), share, x)
		f.store(x, of(y))
	})
	f.mul(tail, share, tail)
	f.maskStore(tail, mask, of(y))
	ADDQ(columns, y)
	ADDQ(columns, z)
	DECQ(rows)
	JNZ(LabelRef("row"))
	ret()
}

// across combines the lanes of v in pairs and leaves the result in all of them.
func (f float) across(op func(a, b Op, v reg.VecVirtual), v vec) {
	other := YMM()
	VPERM2F128(Imm(1), v, v, other)
	op(other, v, v)
	pick(f, VPERMILPS, VPERMILPD)(Imm(pick[uint64](f, 0x4e, 0x5)), v, other)
	op(other, v, v)
	if f.size == 4 {
		VPERMILPS(Imm(0xb1), v, other)
		op(other, v, v)
	}
}
