package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sparseWidth is how many registers of one example's outputs are held at once.
const sparseWidth = 13

// widths branches to the body for the number of registers that columns fill.
func widths(f float, columns reg.GPVirtual, body func(vecs int, mask mask, id func(string) string)) {
	vecs := GP64()
	LEAQ(Mem{Base: columns, Disp: f.lanes() - 1}, vecs)
	SHRQ(U8(f.shift()), vecs)
	// Lanes of the last register.
	full := GP64()
	MOVQ(vecs, full)
	DECQ(full)
	SHLQ(U8(f.shift()), full)
	SUBQ(full, columns)
	mask := f.firstLanes(columns)
	for v := sparseWidth; v >= 1; v-- {
		id := func(s string) string { return fmt.Sprintf("%s%d", s, v) }
		CMPQ(vecs, Imm(uint64(v)))
		JNE(LabelRef(id("not")))
		body(v, mask, id)
		ret()
		Label(id("not"))
	}
	ret()
}

func sparse(f float) {
	TEXT("gather"+f.suffix, attr.NOSPLIT, fmt.Sprintf("func(z *%s, zStep int, init *%s, initStep int, w *%s, step, columns int, entries *byte, bucket int, lengths *int32, rows int)", f.goType, f.goType, f.goType))
	Pragma("noescape")
	Doc(fmt.Sprintf("gather%s adds up rows of w that index names, each times its value; columns is at most %d. Steps count bytes. It is", f.suffix, sparseWidth*f.lanes()),
		"",
		"	for r := range rows {",
		"		for c := range columns {",
		fmt.Sprintf("			sum := init[r*initStep/%d+c]", f.size),
		fmt.Sprintf("			for _, e := range entries[r*bucket/%d:][:lengths[r]] {", 2*f.size),
		fmt.Sprintf("				sum = fma(e.value, w[e.column*step/%d+c], sum)", f.size),
		"			}",
		fmt.Sprintf("			z[r*zStep/%d+c] = sum", f.size),
		"		}",
		"	}",
	)
	z, zStep := Load(Param("z"), GP64()), Load(Param("zStep"), GP64())
	init, initStep := Load(Param("init"), GP64()), Load(Param("initStep"), GP64())
	w, step, columns := Load(Param("w"), GP64()), Load(Param("step"), GP64()), Load(Param("columns"), GP64())
	entries, bucket := Load(Param("entries"), GP64()), Load(Param("bucket"), GP64())
	lengths, rows := Load(Param("lengths"), GP64()), Load(Param("rows"), GP64())
	widths(f, columns.(reg.GPVirtual), func(vecs int, mask mask, id func(string) string) {
		sums := make([]reg.VecVirtual, vecs)
		for v := range sums {
			sums[v] = f.vec()
		}
		row, n := GP64(), GP64()
		e := GP64()
		Label(id("row"))
		for v := range vecs - 1 {
			f.load(Mem{Base: init, Disp: f.bytes * v}, sums[v])
		}
		f.maskLoad(Mem{Base: init, Disp: f.bytes * (vecs - 1)}, mask, sums[vecs-1])
		MOVLQSX(Mem{Base: lengths}, n)
		MOVQ(entries, e)
		TESTQ(n, n)
		JZ(LabelRef(id("store")))
		Label(id("term"))
		x, last := f.vec(), f.vec()
		MOVLQSX(Mem{Base: e}, row)
		IMULQ(step, row)
		ADDQ(w, row)
		f.broadcast(Mem{Base: e, Disp: f.size}, x)
		for v := range vecs - 1 {
			f.fma(Mem{Base: row, Disp: f.bytes * v}, x, sums[v])
		}
		f.maskLoad(Mem{Base: row, Disp: f.bytes * (vecs - 1)}, mask, last)
		f.fma(last, x, sums[vecs-1])
		ADDQ(U8(2*f.size), e)
		DECQ(n)
		JNZ(LabelRef(id("term")))
		Label(id("store"))
		for v := range vecs - 1 {
			f.store(sums[v], Mem{Base: z, Disp: f.bytes * v})
		}
		f.maskStore(sums[vecs-1], mask, Mem{Base: z, Disp: f.bytes * (vecs - 1)})
		ADDQ(zStep, z)
		ADDQ(U8(4), lengths)
		ADDQ(initStep, init)
		ADDQ(bucket, entries)
		DECQ(rows)
		JNZ(LabelRef(id("row")))
	})
}
