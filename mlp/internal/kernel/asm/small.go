package main

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
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

// smallTile computes mr rows and moves on by them.
func smallTile(f float, field func(int) Mem, mask mask, mr, vecs int, name string) {
	sums := make([][]reg.VecVirtual, mr)
	for i := range sums {
		sums[i] = make([]reg.VecVirtual, vecs)
		for v := range vecs {
			sums[i][v] = f.vec()
		}
	}
	inC := func(base reg.Register, v int) Mem { return Mem{Base: base, Disp: v * f.bytes} }
	at, step := GP64(), GP64()
	CMPQ(field(smallStart), Imm(startC))
	JLT(LabelRef(name + "zero"))
	JEQ(LabelRef(name + "c"))
	MOVQ(field(smallBiasAt), at)
	for i := range sums {
		f.broadcast(Mem{Base: at, Disp: i * f.size}, sums[i][0])
		for _, same := range sums[i][1:] {
			VMOVAPS(sums[i][0], same)
		}
	}
	ADDQ(Imm(uint64(mr*f.size)), field(smallBiasAt))
	JMP(LabelRef(name + "begin"))
	Label(name + "c")
	MOVQ(field(smallCAt), at)
	MOVQ(field(smallCStep), step)
	for i := range sums {
		for v := range vecs {
			if v == vecs-1 {
				f.maskLoad(inC(at, v), mask, sums[i][v])
			} else {
				f.load(inC(at, v), sums[i][v])
			}
		}
		ADDQ(step, at)
	}
	JMP(LabelRef(name + "begin"))
	Label(name + "zero")
	f.zero(slices.Concat(sums...)...)
	Label(name + "begin")

	row, row3, aStep, b, offset, end := GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(field(smallARow), row)
	LEAQ(Mem{Base: row, Index: row, Scale: 2}, row3)
	groups := make([]reg.GPVirtual, (mr+3)/4) // a pointer for every four rows
	for g := range groups {
		groups[g] = GP64()
		if g == 0 {
			MOVQ(field(smallAAt), groups[g])
		} else {
			LEAQ(Mem{Base: groups[g-1], Index: row, Scale: 4}, groups[g])
		}
	}
	next := GP64()
	MOVQ(groups[len(groups)-1], next)
	for range mr - 4*(len(groups)-1) {
		ADDQ(row, next)
	}
	MOVQ(next, field(smallAAt))
	SUBQ(Imm(uint64(mr)), field(smallRowsLeft))
	MOVQ(field(smallAStep), aStep)
	MOVQ(field(smallBAt), b)
	MOVQ(field(smallOffsets), offset)
	MOVQ(field(smallK), end)
	LEAQ(Mem{Base: offset, Index: end, Scale: 8}, end)
	Label(name)
	o := GP64()
	MOVQ(Mem{Base: offset}, o)
	rowOfB := make([]reg.VecVirtual, vecs)
	for v := range vecs {
		rowOfB[v] = f.vec()
		m := Mem{Base: b, Index: o, Scale: 1, Disp: v * f.bytes}
		if v == vecs-1 {
			f.maskLoad(m, mask, rowOfB[v])
		} else {
			f.load(m, rowOfB[v])
		}
	}
	x := f.vec()
	for i := range mr {
		m := Mem{Base: groups[i/4]}
		switch i % 4 {
		case 1:
			m.Index, m.Scale = row, 1
		case 2:
			m.Index, m.Scale = row, 2
		case 3:
			m.Index, m.Scale = row3, 1
		}
		f.broadcast(m, x)
		for v := range vecs {
			f.fma(x, rowOfB[v], sums[i][v])
		}
	}
	for _, g := range groups {
		ADDQ(aStep, g)
	}
	ADDQ(U8(8), offset)
	CMPQ(offset, end)
	JLT(LabelRef(name))

	c, cStep := GP64(), GP64()
	MOVQ(field(smallCAt), c)
	MOVQ(field(smallCStep), cStep)
	for i := range mr {
		for v := range vecs {
			if v == vecs-1 {
				f.maskStore(sums[i][v], mask, inC(c, v))
			} else {
				f.store(sums[i][v], inC(c, v))
			}
		}
		ADDQ(cStep, c)
	}
	MOVQ(c, field(smallCAt))
}

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
