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

// rowTile is a tile of the block: some rows of c, each of so many registers.
type rowTile struct {
	float
	field func(int) Mem
	mask  mask // of the columns in the last register
	vecs  int
	sums  [][]reg.VecVirtual // [rows][registers]
	rows  []reg.GPVirtual    // where the rows of a begin
}

// tile computes mr rows and moves the block on by them.
func tile(f float, field func(int) Mem, mask mask, mr, vecs int) {
	t := rowTile{float: f, field: field, mask: mask, vecs: vecs}
	t.start(mr)
	t.locateRows()
	t.prefetch()
	t.multiply()
	t.storeSums()
}

// label is that of a part of the tile.
func (t *rowTile) label(part string) string { return fmt.Sprintf("%s%d", part, len(t.sums)) }

// start loads the sums from init.
func (t *rowTile) start(mr int) {
	init, step := GP64(), GP64()
	MOVQ(t.field(blockInitAt), init)
	MOVQ(t.field(blockInitStep), step)
	t.sums = make([][]reg.VecVirtual, mr)
	for i := range t.sums {
		t.sums[i] = make([]reg.VecVirtual, t.vecs)
		for v := range t.vecs {
			t.sums[i][v] = t.vec()
			m := Mem{Base: init, Disp: v * t.bytes}
			t.loadLanes(m, v == t.vecs-1, t.mask, t.sums[i][v])
		}
		ADDQ(step, init)
	}
	MOVQ(init, t.field(blockInitAt))
}

// locateRows finds the rows of a by their offsets.
func (t *rowTile) locateRows() {
	offsets := GP64()
	MOVQ(t.field(blockOffsetsAt), offsets)
	t.rows = make([]reg.GPVirtual, len(t.sums))
	for i := range t.rows {
		t.rows[i] = GP64()
		MOVQ(t.field(blockA), t.rows[i])
		ADDQ(Mem{Base: offsets, Disp: 8 * i}, t.rows[i])
	}
	ADDQ(U8(8*len(t.rows)), offsets)
	MOVQ(offsets, t.field(blockOffsetsAt))
	SUBQ(U8(len(t.rows)), t.field(blockRows))
}

// prefetch brings the rows of c into the cache that a descent will read.
func (t *rowTile) prefetch() {
	CMPQ(t.field(blockDescend), U8(0))
	JEQ(LabelRef(t.label("begin")))
	ahead, aheadStep := GP64(), GP64()
	MOVQ(t.field(blockCAt), ahead)
	MOVQ(t.field(blockCStep), aheadStep)
	for range t.rows {
		for v := 0; v < t.vecs*t.bytes; v += 64 {
			PREFETCHT0(Mem{Base: ahead, Disp: v})
		}
		ADDQ(aheadStep, ahead)
	}
	Label(t.label("begin"))
}

// multiply adds the products of the rows of a with b to the sums, four elements of each row at a time, then one.
func (t *rowTile) multiply() {
	b, bstep, astep, at, k := GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(t.field(blockB), b)
	MOVQ(t.field(blockBStep), bstep)
	MOVQ(t.field(blockAStep), astep)
	MOVQ(t.field(blockK), k)
	XORQ(at, at)
	one := func() {
		row := make([]reg.VecVirtual, t.vecs)
		for v := range t.vecs {
			row[v] = t.vec()
			t.loadLanes(Mem{Base: b, Disp: v * t.bytes}, t.wide() && v == t.vecs-1, t.mask, row[v])
		}
		ADDQ(bstep, b)
		x := t.vec()
		for i := range t.rows {
			t.broadcast(Mem{Base: t.rows[i], Index: at, Scale: 1}, x)
			for v := range t.vecs {
				t.fma(x, row[v], t.sums[i][v])
			}
		}
		ADDQ(astep, at)
	}
	const unroll = 4
	SUBQ(U8(unroll), k)
	JLT(LabelRef(t.label("tail")))
	Label(t.label("four"))
	for range unroll {
		one()
	}
	SUBQ(U8(unroll), k)
	JGE(LabelRef(t.label("four")))
	Label(t.label("tail"))
	ADDQ(U8(unroll), k)
	JZ(LabelRef(t.label("store")))
	Label(t.label("one"))
	one()
	DECQ(k)
	JNZ(LabelRef(t.label("one")))
}

// storeSums writes the sums to c, or adds them times the rate in a descent.
func (t *rowTile) storeSums() {
	Label(t.label("store"))
	c, cstep := GP64(), GP64()
	MOVQ(t.field(blockCAt), c)
	MOVQ(t.field(blockCStep), cstep)
	CMPQ(t.field(blockDescend), U8(0))
	JNE(LabelRef(t.label("descend")))
	CMPQ(t.field(blockLast), Imm(uint64(t.lanes())))
	JNE(LabelRef(t.label("masked")))
	each := func(write func(v int, sum reg.VecVirtual, at Mem)) {
		for _, sums := range t.sums {
			for v, sum := range sums {
				write(v, sum, Mem{Base: c, Disp: v * t.bytes})
			}
			ADDQ(cstep, c)
		}
	}
	each(func(_ int, sum reg.VecVirtual, at Mem) { t.store(sum, at) })
	JMP(LabelRef(t.label("done")))
	Label(t.label("masked"))
	each(func(v int, sum reg.VecVirtual, at Mem) {
		t.storeLanes(sum, v == t.vecs-1, t.mask, at)
	})
	JMP(LabelRef(t.label("done")))
	Label(t.label("descend"))
	rate, w := t.vec(), t.vec()
	t.broadcast(t.field(blockRate), rate)
	each(func(v int, sum reg.VecVirtual, at Mem) {
		t.mul(rate, sum, sum)
		if v == t.vecs-1 {
			t.maskLoad(at, t.mask, w)
			t.add(w, sum, sum)
			t.maskStore(sum, t.mask, at)
		} else {
			t.add(at, sum, sum)
			t.store(sum, at)
		}
	})
	Label(t.label("done"))
	MOVQ(c, t.field(blockCAt))
}
