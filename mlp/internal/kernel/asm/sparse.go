package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// stripeRegisters is how many registers of outputs are held at once.
const stripeRegisters = 13

// widths branches to the body for the number of registers that outputs fill, which are so many at least.
func widths(f float, outputs reg.GPVirtual, least int, body func(vecs int, id func(string) string)) {
	ADDQ(U8(f.lanes()-1), outputs)
	SHRQ(U8(f.shift()), outputs)
	for v := stripeRegisters; v >= least; v-- {
		id := func(s string) string { return fmt.Sprintf("%s%d", s, v) }
		CMPQ(outputs, Imm(uint64(v)))
		JNE(LabelRef(id("not")))
		body(v, id)
		ret()
		Label(id("not"))
	}
	ret()
}

// Offsets of the fields of nearby in the package kernel.
const (
	nearZ = 8 * iota
	nearZStep
	nearV
	nearVStep
	nearColumns
	nearValues
	nearPlaces
	nearRows
	nearLimit
	nearOutputs
)

func sparse(f float) {
	near(f)
	gather(f)
}

// near writes the product of rows without zeros and weights that are near.
func near(f float) {
	TEXT("near"+f.suffix, attr.NOSPLIT, "func(p *byte)")
	Pragma("noescape")
	Doc(fmt.Sprintf("near%s computes the nearby p of at most %d outputs. It is", f.suffix, stripeRegisters*f.lanes()),
		"",
		"	for b := range p.rows {",
		"		k, end := &p.places[2*b], p.places[2*b+1]",
		"		for ; k < end && columns[k] < p.limit; k++ {",
		"			for o := range p.outputs {",
		"				p.z[b][o] = fma(values[k], p.v[columns[k]][o], p.z[b][o])",
		"			}",
		"		}",
		"	}",
	)
	p := Load(Param("p"), GP64())
	load64 := func(offset int) reg.GPVirtual {
		r := GP64()
		MOVQ(Mem{Base: p, Disp: offset}, r)
		return r
	}
	z, v, columns, values, step := load64(nearZ), load64(nearV), load64(nearColumns), load64(nearValues), load64(nearVStep)
	places, rows, limit, outputs := load64(nearPlaces), load64(nearRows), load64(nearLimit), load64(nearOutputs)
	mask := lastLanes(f, outputs)
	widths(f, outputs, 1, func(vecs int, id func(string) string) {
		sums := make([]vec, vecs)
		k, end, column := GP64(), GP64(), GP64()
		Label(id("row"))
		MOVQ(Mem{Base: places}, k)
		MOVQ(Mem{Base: places, Disp: 8}, end)
		CMPQ(k, end)
		JGE(LabelRef(id("next")))
		MOVWLZX(Mem{Base: columns, Index: k, Scale: 2}, column.As32())
		CMPQ(column, limit)
		JGE(LabelRef(id("next")))
		for i := range sums {
			sums[i] = f.vec()
		}
		loadRow(f, z, sums, mask)
		Label(id("number"))
		x := f.vec()
		IMULQ(step, column)
		ADDQ(v, column)
		f.broadcast(Mem{Base: values, Index: k, Scale: uint8(f.size)}, x)
		for i := range sums {
			f.fma(Mem{Base: column, Disp: f.bytes * i}, x, sums[i])
		}
		INCQ(k)
		CMPQ(k, end)
		JGE(LabelRef(id("store")))
		MOVWLZX(Mem{Base: columns, Index: k, Scale: 2}, column.As32())
		CMPQ(column, limit)
		JLT(LabelRef(id("number")))
		Label(id("store"))
		MOVQ(k, Mem{Base: places})
		storeRow(f, sums, z, mask)
		Label(id("next"))
		ADDQ(Mem{Base: p, Disp: nearZStep}, z)
		ADDQ(U8(16), places)
		DECQ(rows)
		JNZ(LabelRef(id("row")))
	})
}

// lastLanes selects the lanes of the last register of a row of outputs.
func lastLanes(f float, outputs reg.GPVirtual) mask {
	last := GP64()
	LEAQ(Mem{Base: outputs, Disp: -1}, last)
	ANDQ(U8(f.lanes()-1), last)
	INCQ(last)
	return f.firstLanes(last)
}

// loadRow reads a row of outputs, the last register with a mask.
func loadRow(f float, from reg.Register, sums []vec, mask mask) {
	for i, sum := range sums {
		f.loadLanes(Mem{Base: from, Disp: f.bytes * i}, i == len(sums)-1, mask, sum)
	}
}

// storeRow writes it.
func storeRow(f float, sums []vec, to reg.Register, mask mask) {
	for i, sum := range sums {
		f.storeLanes(sum, i == len(sums)-1, mask, Mem{Base: to, Disp: f.bytes * i})
	}
}

// Offsets of the fields of gathered in the package kernel.
const (
	gatheredTo = 8 * iota
	gatheredToStep
	gatheredInit
	gatheredInitStep
	gatheredD
	gatheredDStep
	gatheredEntries
	gatheredBucket
	gatheredLengths
	gatheredColumns
	gatheredOutputs
	gatheredDescend
	gatheredA
)

func gather(f float) {
	TEXT("gather"+f.suffix, attr.NOSPLIT, "func(p *byte)")
	Pragma("noescape")
	Doc(fmt.Sprintf("gather%s computes the gathered p of at most %d outputs, which are filled up with others to whole registers. It is",
		f.suffix, stripeRegisters*f.lanes()),
		"",
		"	for c := range p.columns {",
		"		for o := range p.outputs {",
		"			sum := p.init[c][o]",
		"			for _, e := range p.entries[c][:p.lengths[c]] {",
		"				sum = fma(e.value, p.d[e.row][o], sum)",
		"			}",
		"			if p.descend {",
		"				p.to[c][o] += p.a * sum",
		"			} else {",
		"				p.to[c][o] = sum",
		"			}",
		"		}",
		"	}",
		"",
		"With a step of 0 from one init to the next the inits are zeros: where there is no entry nothing is added then.",
	)
	p := Load(Param("p"), GP64())
	field := func(offset int) Mem { return Mem{Base: p, Disp: offset} }
	load64 := func(offset int) reg.GPVirtual {
		r := GP64()
		MOVQ(field(offset), r)
		return r
	}
	to, init, d, entries := load64(gatheredTo), load64(gatheredInit), load64(gatheredD), load64(gatheredEntries)
	step, lengths := load64(gatheredDStep), load64(gatheredLengths)
	columns, outputs := load64(gatheredColumns), load64(gatheredOutputs)
	// Whether columns without an entry are left alone.
	leaves := GP64()
	MOVQ(field(gatheredDescend), leaves)
	CMPQ(field(gatheredInitStep), U8(0))
	JEQ(LabelRef("begin"))
	XORQ(leaves, leaves)
	Label("begin")
	widths(f, outputs, 1, func(vecs int, id func(string) string) {
		sums := make([]vec, vecs)
		n, e, row := GP64(), GP64(), GP64()
		Label(id("column"))
		MOVLQSX(Mem{Base: lengths}, n)
		for i := range sums {
			sums[i] = f.vec()
			f.load(Mem{Base: init, Disp: f.bytes * i}, sums[i])
		}
		MOVQ(entries, e)
		TESTQ(n, n)
		JZ(LabelRef(id("none")))
		Label(id("entry"))
		x := f.vec()
		MOVLQSX(Mem{Base: e}, row)
		IMULQ(step, row)
		ADDQ(d, row)
		f.broadcast(Mem{Base: e, Disp: f.size}, x)
		for i := range sums {
			f.fma(Mem{Base: row, Disp: f.bytes * i}, x, sums[i])
		}
		ADDQ(U8(2*f.size), e)
		DECQ(n)
		JNZ(LabelRef(id("entry")))
		Label(id("store"))
		CMPQ(field(gatheredDescend), U8(0))
		JNE(LabelRef(id("descend")))
		for i := range sums {
			f.store(sums[i], Mem{Base: to, Disp: f.bytes * i})
		}
		Label(id("next"))
		ADDQ(field(gatheredToStep), to)
		ADDQ(U8(4), lengths)
		ADDQ(field(gatheredInitStep), init)
		ADDQ(field(gatheredBucket), entries)
		DECQ(columns)
		JNZ(LabelRef(id("column")))
		ret()
		Label(id("none"))
		TESTQ(leaves, leaves)
		JZ(LabelRef(id("store")))
		JMP(LabelRef(id("next")))
		Label(id("descend"))
		a := f.vec()
		f.broadcast(field(gatheredA), a)
		for i := range sums {
			f.mul(a, sums[i], sums[i])
			f.add(Mem{Base: to, Disp: f.bytes * i}, sums[i], sums[i])
			f.store(sums[i], Mem{Base: to, Disp: f.bytes * i})
		}
		JMP(LabelRef(id("next")))
	})
}

// sorts writes what puts the numbers of a row into the buckets of their columns.
func sorts(f float) {
	TEXT("sortNumbers"+f.suffix, attr.NOSPLIT,
		"func(buckets *byte, step int, lengths *int32, columns *uint16, values *"+f.goType+", n, row int)")
	Pragma("noescape")
	Doc(
		fmt.Sprintf("sortNumbers%s puts the n numbers of a row, of which there is at least one, into the buckets of their", f.suffix),
		"columns, which are step bytes apart. It is",
		"",
		"	for k := range n {",
		"		c := columns[k]",
		"		buckets[c][lengths[c]] = entry{row, values[k]}",
		"		lengths[c]++",
		"	}",
	)
	load := func(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }
	buckets, step, lengths, columns := load("buckets"), load("step"), load("lengths"), load("columns")
	values, n, row := load("values"), load("n"), load("row")
	k, c, length, number := GP64(), GP64(), GP64(), GP64()
	XORQ(k, k)
	Label("number")
	MOVWLZX(Mem{Base: columns, Index: k, Scale: 2}, c.As32())
	MOVLQSX(Mem{Base: lengths, Index: c, Scale: 4}, length)
	INCL(Mem{Base: lengths, Index: c, Scale: 4})
	IMULQ(step, c)
	ADDQ(buckets, c)
	writeEntry(f, Mem{Base: values, Index: k, Scale: uint8(f.size)}, row, c, length, number)
	INCQ(k)
	CMPQ(k, n)
	JLT(LabelRef("number"))
	RET()
}

// writeEntry puts a row and the number that stands at from into a bucket, behind so many others.
func writeEntry(f float, from Mem, row, bucket, length, number reg.GPVirtual) {
	if f.size == 4 {
		// Row and number are written at once.
		MOVL(from, number.As32())
		SHLQ(U8(32), number)
		ORQ(row, number)
		MOVQ(number, Mem{Base: bucket, Index: length, Scale: 8})
		return
	}
	MOVQ(from, number)
	ADDQ(length, length)
	MOVL(row.As32(), Mem{Base: bucket, Index: length, Scale: 8})
	MOVQ(number, Mem{Base: bucket, Index: length, Scale: 8, Disp: 8})
}
