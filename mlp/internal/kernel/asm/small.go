package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// Offsets of the fields of Small in the package kernel.
const (
	smallA = 8 * iota
	smallARow
	smallAStep
	smallB
	smallOffsets
	smallC
	smallCStep
	smallStart
	smallBias
	smallRows
	smallK
	smallColumns
	smallRowsLeft
	smallColumnsLeft
	smallAAt
	smallBAt
	smallCAt
	smallCPanel
	smallBiasAt
)

// What the sums of a Small start from.
const (
	startZero = iota
	startC
	startBias
)

// few is how many rows of c are computed in panels of 3 or 4 registers: sums of so few would wait for each other.
const few = 2

// tiles is how many rows of c are computed together, as long as more than most are left, and how many are at last.
func (f float) tiles(vecs int) (rows, most int) {
	switch {
	case vecs > 2:
		return few, few
	case vecs == 2 && !f.wide():
		return 4, 6
	}
	return 8, 12
}

func small(f float) {
	TEXT("small"+f.suffix, attr.NOSPLIT, "func(p *byte)")
	Pragma("noescape")
	Doc(fmt.Sprintf("small%s computes the Small p. It is", f.suffix),
		"",
		"	for i := range p.rows {",
		"		for j := range p.columns {",
		"			sum := 0, p.c[i][j] or p.bias[i]",
		"			for k := range p.k {",
		"				sum = fma(p.a[i][k], p.b[k][j], sum)",
		"			}",
		"			p.c[i][j] = sum",
		"		}",
		"	}",
	)
	p := Load(Param("p"), GP64())
	field := func(offset int) Mem { return Mem{Base: p, Disp: offset} }
	move := func(from, to int) {
		r := GP64()
		MOVQ(field(from), r)
		MOVQ(r, field(to))
	}
	move(smallColumns, smallColumnsLeft)
	move(smallB, smallBAt)
	move(smallC, smallCPanel)

	Label("panel")
	move(smallRows, smallRowsLeft)
	move(smallA, smallAAt)
	move(smallBias, smallBiasAt)
	move(smallCPanel, smallCAt)
	columns := GP64()
	MOVQ(field(smallColumnsLeft), columns)
	CMPQ(field(smallRows), Imm(few))
	JG(LabelRef("panel2"))
	for vecs := 4; vecs >= 1; vecs-- {
		Label(fmt.Sprintf("panel%d", vecs))
		if vecs > 1 {
			CMPQ(columns, Imm(uint64((vecs-1)*f.lanes())))
			JLE(LabelRef(fmt.Sprintf("panel%d", vecs-1)))
		}
		last, lanes := GP64(), GP64()
		MOVQ(field(smallColumnsLeft), last)
		SUBQ(Imm(uint64((vecs-1)*f.lanes())), last)
		MOVQ(U32(f.lanes()), lanes)
		CMPQ(last, lanes)
		CMOVQGT(lanes, last)
		panel(f, field, f.firstLanes(last), vecs)
		SUBQ(Imm(uint64(vecs*f.lanes())), field(smallColumnsLeft))
		JLE(LabelRef("done"))
		ADDQ(U32(vecs*f.bytes), field(smallBAt))
		ADDQ(U32(vecs*f.bytes), field(smallCPanel))
		JMP(LabelRef("panel"))
	}
	Label("done")
	ret()
}

// panel computes all rows of some columns.
func panel(f float, field func(int) Mem, mask mask, vecs int) {
	rows, most := f.tiles(vecs)
	id := func(s string, n int) string { return fmt.Sprintf("%s%dx%d", s, n, vecs) }
	end := id("end", 0)
	Label(id("more", rows))
	CMPQ(field(smallRowsLeft), Imm(uint64(most)))
	JLE(LabelRef(id("last", most)))
	smallTile(f, field, mask, rows, vecs, id("all", rows))
	JMP(LabelRef(id("more", rows)))
	for mr := most; mr >= 1; mr-- {
		Label(id("last", mr))
		if mr > 1 {
			CMPQ(field(smallRowsLeft), Imm(uint64(mr)))
			JNE(LabelRef(id("last", mr-1)))
		}
		smallTile(f, field, mask, mr, vecs, id("rest", mr))
		JMP(LabelRef(end))
	}
	Label(end)
}
