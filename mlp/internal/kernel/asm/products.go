package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tileRows is the height of a tile of c: with two registers a row, 12 of the
// 16 hold sums, 2 a row of b, 1 an element of a.
const tileRows = 6

// Offsets of the fields of block in the package kernel.
const (
	blockK = 8 * iota
	blockRows
	blockA
	blockOffsets
	blockAStep
	blockB
	blockBStep
	blockC
	blockCStep
	blockInit
	blockInitStep
	blockLast
	blockOffsetsAt
	blockCAt
	blockInitAt
	blockDescend
	blockRate
)

func products(f float) {
	for vecs := 1; vecs <= 2; vecs++ {
		multiply(f, vecs)
	}
}

func multiply(f float, vecs int) {
	TEXT(fmt.Sprintf("multiply%dx%s", vecs, f.suffix), attr.NOSPLIT, "func(p *byte)")
	Pragma("noescape")
	Doc(fmt.Sprintf("multiply%dx%s computes the block p of up to %d columns; p.rows is counted down. It is", vecs, f.suffix,
		vecs*f.lanes()),
		"",
		"	for i := range p.rows {",
		"		for j := range columns {",
		"			sum := p.init[i][j]",
		"			for k := range p.k {",
		"				sum = fma(p.a[i][k], p.b[k][j], sum)",
		"			}",
		"			p.c[i][j] = sum",
		"		}",
		"	}",
	)
	p := Load(Param("p"), GP64())
	field := func(offset int) Mem { return Mem{Base: p, Disp: offset} }
	// A pointer that has run off its slice must not lie where the garbage
	// collector sees it: the places reached are integers.
	for _, f := range [][2]int{{blockOffsets, blockOffsetsAt}, {blockC, blockCAt}, {blockInit, blockInitAt}} {
		at := GP64()
		MOVQ(field(f[0]), at)
		MOVQ(at, field(f[1]))
	}
	// The mask of the last register stays in a register of its own.
	last := GP64()
	MOVQ(field(blockLast), last)
	mask := f.firstLanes(last)
	next := fmt.Sprintf("rows%d", tileRows)
	Label(next)
	CMPQ(field(blockRows), Imm(tileRows))
	JLT(LabelRef("rest"))
	tile(f, field, mask, tileRows, vecs)
	JMP(LabelRef(next))
	Label("rest")
	for mr := tileRows - 1; mr >= 1; mr-- {
		Label(fmt.Sprintf("rows%d", mr))
		CMPQ(field(blockRows), Imm(uint64(mr)))
		JNE(LabelRef(fmt.Sprintf("not%d", mr)))
		tile(f, field, mask, mr, vecs)
		ret()
		Label(fmt.Sprintf("not%d", mr))
	}
	ret()
}

// tile computes mr rows and moves the block on by them.
func tile(f float, field func(int) Mem, mask mask, mr, vecs int) {
	id := func(s string) string { return fmt.Sprintf("%s%d", s, mr) }
	width := f.bytes

	// The sums start from init.
	init, step := GP64(), GP64()
	MOVQ(field(blockInitAt), init)
	MOVQ(field(blockInitStep), step)
	sums := make([][]reg.VecVirtual, mr)
	for i := range sums {
		sums[i] = make([]reg.VecVirtual, vecs)
		for v := range vecs {
			sums[i][v] = f.vec()
			m := Mem{Base: init, Disp: v * width}
			if v == vecs-1 {
				f.maskLoad(m, mask, sums[i][v])
			} else {
				f.load(m, sums[i][v])
			}
		}
		ADDQ(step, init)
	}
	MOVQ(init, field(blockInitAt))

	offsets := GP64()
	MOVQ(field(blockOffsetsAt), offsets)
	rows := make([]reg.GPVirtual, mr)
	for i := range rows {
		rows[i] = GP64()
		MOVQ(field(blockA), rows[i])
		ADDQ(Mem{Base: offsets, Disp: 8 * i}, rows[i])
	}
	ADDQ(U8(8*mr), offsets)
	MOVQ(offsets, field(blockOffsetsAt))
	SUBQ(U8(mr), field(blockRows))

	CMPQ(field(blockDescend), U8(0))
	JEQ(LabelRef(id("begin")))
	ahead, aheadStep := GP64(), GP64()
	MOVQ(field(blockCAt), ahead)
	MOVQ(field(blockCStep), aheadStep)
	for range mr {
		for v := 0; v < vecs*width; v += 64 {
			PREFETCHT0(Mem{Base: ahead, Disp: v})
		}
		ADDQ(aheadStep, ahead)
	}
	Label(id("begin"))
	b, bstep, astep, at, k := GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(field(blockB), b)
	MOVQ(field(blockBStep), bstep)
	MOVQ(field(blockAStep), astep)
	MOVQ(field(blockK), k)
	XORQ(at, at)
	one := func() {
		row := make([]reg.VecVirtual, vecs)
		for v := range vecs {
			row[v] = f.vec()
			if f.wide() && v == vecs-1 {
				f.maskLoad(Mem{Base: b, Disp: v * width}, mask, row[v])
			} else {
				f.load(Mem{Base: b, Disp: v * width}, row[v])
			}
		}
		ADDQ(bstep, b)
		x := f.vec()
		for i := range mr {
			f.broadcast(Mem{Base: rows[i], Index: at, Scale: 1}, x)
			for v := range vecs {
				f.fma(x, row[v], sums[i][v])
			}
		}
		ADDQ(astep, at)
	}
	const unroll = 4
	SUBQ(U8(unroll), k)
	JLT(LabelRef(id("tail")))
	Label(id("four"))
	for range unroll {
		one()
	}
	SUBQ(U8(unroll), k)
	JGE(LabelRef(id("four")))
	Label(id("tail"))
	ADDQ(U8(unroll), k)
	JZ(LabelRef(id("store")))
	Label(id("one"))
	one()
	DECQ(k)
	JNZ(LabelRef(id("one")))

	Label(id("store"))
	c, cstep := GP64(), GP64()
	MOVQ(field(blockCAt), c)
	MOVQ(field(blockCStep), cstep)
	CMPQ(field(blockDescend), U8(0))
	JNE(LabelRef(id("descend")))
	CMPQ(field(blockLast), Imm(uint64(f.lanes())))
	JNE(LabelRef(id("masked")))
	for i := range mr {
		for v := range vecs {
			f.store(sums[i][v], Mem{Base: c, Disp: v * width})
		}
		ADDQ(cstep, c)
	}
	JMP(LabelRef(id("done")))
	Label(id("masked"))
	for i := range mr {
		for v := range vecs {
			m := Mem{Base: c, Disp: v * width}
			if v == vecs-1 {
				f.maskStore(sums[i][v], mask, m)
			} else {
				f.store(sums[i][v], m)
			}
		}
		ADDQ(cstep, c)
	}
	JMP(LabelRef(id("done")))
	Label(id("descend"))
	rate, w := f.vec(), f.vec()
	f.broadcast(field(blockRate), rate)
	for i := range mr {
		for v := range vecs {
			m := Mem{Base: c, Disp: v * width}
			f.mul(rate, sums[i][v], sums[i][v])
			if v == vecs-1 {
				f.maskLoad(m, mask, w)
				f.add(w, sums[i][v], sums[i][v])
				f.maskStore(sums[i][v], mask, m)
			} else {
				f.add(m, sums[i][v], sums[i][v])
				f.store(sums[i][v], m)
			}
		}
		ADDQ(cstep, c)
	}
	Label(id("done"))
	MOVQ(c, field(blockCAt))
}
