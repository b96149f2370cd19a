package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// limitRegisters is how many sums that do not wait for each other hide the latency of a multiply-add, and how many
// registers are read or written in a round of a loop.
const limitRegisters = 12

// limits writes loops of nothing but multiply-adds, loads or stores: what a processor can do at most.
func limits(f float) {
	numbers := limitRegisters * f.lanes()
	var v [limitRegisters]vec
	TEXT("multiplyAdds"+f.suffix, attr.NOSPLIT, "func(x *float32, rounds int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("multiplyAdds%s adds x[0]*x[0] to each of %d sums, which no one sees, in each of the rounds.", f.suffix,
		numbers))
	x, n := Load(Param("x"), GP64()), Load(Param("rounds"), GP64())
	factor := f.vec()
	f.broadcast(Mem{Base: x}, factor)
	for i := range v {
		v[i] = f.vec()
		f.broadcast(Mem{Base: x}, v[i])
	}
	Label("round")
	for i := range v {
		f.fma(factor, factor, v[i])
	}
	DECQ(n)
	JNZ(LabelRef("round"))
	ret()

	TEXT("read"+f.suffix, attr.NOSPLIT, "func(x *float32, rounds int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("read%s reads %d numbers in each of the rounds, one after the other.", f.suffix, numbers))
	x, n = Load(Param("x"), GP64()), Load(Param("rounds"), GP64())
	Label("round")
	for i := range v {
		v[i] = f.vec()
		f.load(Mem{Base: x, Disp: f.bytes * i}, v[i])
	}
	ADDQ(U32(uint32(f.bytes*limitRegisters)), x)
	DECQ(n)
	JNZ(LabelRef("round"))
	ret()

	TEXT("write"+f.suffix, attr.NOSPLIT, "func(x *float32, rounds int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("write%s overwrites %d numbers in each of the rounds, one after the other, with x[0].", f.suffix, numbers))
	x, n = Load(Param("x"), GP64()), Load(Param("rounds"), GP64())
	f.broadcast(Mem{Base: x}, factor)
	Label("round")
	for i := range v {
		f.store(factor, Mem{Base: x, Disp: f.bytes * i})
	}
	ADDQ(U32(uint32(f.bytes*limitRegisters)), x)
	DECQ(n)
	JNZ(LabelRef("round"))
	ret()
}
