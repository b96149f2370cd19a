package main

import (
	"slices"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// smallRowTile is some rows of c, each of so many registers, with their sums.
type smallRowTile struct {
	float
	field func(int) Mem
	mask  mask // of the columns in the last register
	name  string
	sums  [][]reg.VecVirtual // [rows][registers]
}

// smallTile computes mr rows and moves on by them. Its labels begin with a name.
func smallTile(f float, field func(int) Mem, mask mask, mr, vecs int, name string) {
	t := smallRowTile{float: f, field: field, mask: mask, name: name, sums: make([][]reg.VecVirtual, mr)}
	for i := range t.sums {
		t.sums[i] = make([]reg.VecVirtual, vecs)
		for v := range vecs {
			t.sums[i][v] = f.vec()
		}
	}
	t.start()
	t.multiply()
	t.storeSums()
}

// last says whether a register is the last of a row, some of whose columns may be masked.
func (t *smallRowTile) last(v int) bool { return v == len(t.sums[0])-1 }

// start sets the sums to zero, to c, or to the bias of their row.
func (t *smallRowTile) start() {
	at, step := GP64(), GP64()
	CMPQ(t.field(smallStart), Imm(startC))
	JLT(LabelRef(t.name + "zero"))
	JEQ(LabelRef(t.name + "c"))
	MOVQ(t.field(smallBiasAt), at)
	for i, row := range t.sums {
		t.broadcast(Mem{Base: at, Disp: i * t.size}, row[0])
		for _, same := range row[1:] {
			VMOVAPS(row[0], same)
		}
	}
	ADDQ(Imm(uint64(len(t.sums)*t.size)), t.field(smallBiasAt))
	JMP(LabelRef(t.name + "begin"))
	Label(t.name + "c")
	MOVQ(t.field(smallCAt), at)
	MOVQ(t.field(smallCStep), step)
	for _, row := range t.sums {
		loadRow(t.float, at, row, t.mask)
		ADDQ(step, at)
	}
	JMP(LabelRef(t.name + "begin"))
	Label(t.name + "zero")
	t.zero(slices.Concat(t.sums...)...)
	Label(t.name + "begin")
}

// multiply adds the products of the rows of a with b to the sums.
func (t *smallRowTile) multiply() {
	row, row3, aStep, b, offset, end := GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(t.field(smallARow), row)
	LEAQ(Mem{Base: row, Index: row, Scale: 2}, row3)
	groups := t.groups(row)
	MOVQ(t.field(smallAStep), aStep)
	MOVQ(t.field(smallBAt), b)
	MOVQ(t.field(smallOffsets), offset)
	MOVQ(t.field(smallK), end)
	LEAQ(Mem{Base: offset, Index: end, Scale: 8}, end)
	Label(t.name)
	o := GP64()
	MOVQ(Mem{Base: offset}, o)
	rowOfB := make([]reg.VecVirtual, len(t.sums[0]))
	for v := range rowOfB {
		rowOfB[v] = t.vec()
		m := Mem{Base: b, Index: o, Scale: 1, Disp: v * t.bytes}
		t.loadLanes(m, t.last(v), t.mask, rowOfB[v])
	}
	x := t.vec()
	for i, sums := range t.sums {
		m := Mem{Base: groups[i/4]}
		switch i % 4 {
		case 1:
			m.Index, m.Scale = row, 1
		case 2:
			m.Index, m.Scale = row, 2
		case 3:
			m.Index, m.Scale = row3, 1
		}
		t.broadcast(m, x)
		for v, sum := range sums {
			t.fma(x, rowOfB[v], sum)
		}
	}
	for _, g := range groups {
		ADDQ(aStep, g)
	}
	ADDQ(U8(8), offset)
	CMPQ(offset, end)
	JLT(LabelRef(t.name))
}

// groups points to every fourth row of a, which are row bytes apart, and moves on to the first row of the next tile.
func (t *smallRowTile) groups(row reg.GPVirtual) []reg.GPVirtual {
	groups := make([]reg.GPVirtual, (len(t.sums)+3)/4)
	for g := range groups {
		groups[g] = GP64()
		if g == 0 {
			MOVQ(t.field(smallAAt), groups[g])
		} else {
			LEAQ(Mem{Base: groups[g-1], Index: row, Scale: 4}, groups[g])
		}
	}
	next := GP64()
	MOVQ(groups[len(groups)-1], next)
	for range len(t.sums) - 4*(len(groups)-1) {
		ADDQ(row, next)
	}
	MOVQ(next, t.field(smallAAt))
	SUBQ(Imm(uint64(len(t.sums))), t.field(smallRowsLeft))
	return groups
}

// storeSums writes the sums to c.
func (t *smallRowTile) storeSums() {
	c, cStep := GP64(), GP64()
	MOVQ(t.field(smallCAt), c)
	MOVQ(t.field(smallCStep), cStep)
	for _, row := range t.sums {
		storeRow(t.float, row, c, t.mask)
		ADDQ(cStep, c)
	}
	MOVQ(c, t.field(smallCAt))
}
