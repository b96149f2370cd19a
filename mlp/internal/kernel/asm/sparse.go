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

// widths branches to the body for the number of registers that outputs fill.
func widths(f float, outputs reg.GPVirtual, body func(vecs int, id func(string) string)) {
	ADDQ(U8(f.lanes()-1), outputs)
	SHRQ(U8(f.shift()), outputs)
	for v := stripeRegisters; v >= 1; v-- {
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
	nearTable
	nearPlaces
	nearRows
	nearLimit
	nearOutputs
)

func sparse(f float) {
	near(f, "nearNumbers", "values[k]", func(values, _, k, number reg.GPVirtual, x vec) {
		f.broadcast(Mem{Base: values, Index: k, Scale: uint8(f.size)}, x)
	})
	near(f, "nearBytes", "table[values[k]]", func(values, table, k, number reg.GPVirtual, x vec) {
		MOVBLZX(Mem{Base: values, Index: k, Scale: 1}, number.As32())
		f.broadcast(Mem{Base: table, Index: number, Scale: uint8(f.size)}, x)
	})
	gather(f)
}

// near writes a product of rows without zeros and weights that are near.
func near(f float, name, value string, load func(values, table, k, number reg.GPVirtual, x vec)) {
	TEXT(name+f.suffix, attr.NOSPLIT, "func(p *byte)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s%s computes the nearby p of at most %d outputs. It is", name, f.suffix, stripeRegisters*f.lanes()),
		"",
		"	for b := range p.rows {",
		"		k, end := &p.places[2*b], p.places[2*b+1]",
		"		for ; k < end && columns[k] < p.limit; k++ {",
		"			for o := range p.outputs {",
		fmt.Sprintf("				p.z[b][o] = fma(%s, p.v[columns[k]][o], p.z[b][o])", value),
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
	z, v, columns, values, table := load64(nearZ), load64(nearV), load64(nearColumns), load64(nearValues), load64(nearTable)
	places, rows, limit, outputs := load64(nearPlaces), load64(nearRows), load64(nearLimit), load64(nearOutputs)
	// Lanes of the last register.
	last := GP64()
	LEAQ(Mem{Base: outputs, Disp: -1}, last)
	ANDQ(U8(f.lanes()-1), last)
	INCQ(last)
	mask := f.firstLanes(last)
	widths(f, outputs, func(vecs int, id func(string) string) {
		sums := make([]vec, vecs)
		k, end, column, number := GP64(), GP64(), GP64(), GP64()
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
			if m := (Mem{Base: z, Disp: f.bytes * i}); i < vecs-1 {
				f.load(m, sums[i])
			} else {
				f.maskLoad(m, mask, sums[i])
			}
		}
		Label(id("number"))
		x := f.vec()
		IMULQ(Mem{Base: p, Disp: nearVStep}, column)
		ADDQ(v, column)
		load(values, table, k, number, x)
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
		for i := range sums {
			if m := (Mem{Base: z, Disp: f.bytes * i}); i < vecs-1 {
				f.store(sums[i], m)
			} else {
				f.maskStore(sums[i], mask, m)
			}
		}
		Label(id("next"))
		ADDQ(Mem{Base: p, Disp: nearZStep}, z)
		ADDQ(U8(16), places)
		DECQ(rows)
		JNZ(LabelRef(id("row")))
	})
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
	widths(f, outputs, func(vecs int, id func(string) string) {
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
	sort(f, "sortNumbers", "values *"+f.goType, "values[k]")
	sort(f, "sortBytes", "values *byte, table *"+f.goType, "table[values[k]]")
}

func sort(f float, name, params, value string) {
	TEXT(name+f.suffix, attr.NOSPLIT, "func(buckets *byte, step int, lengths *int32, columns *uint16, "+params+", n, row int)")
	Pragma("noescape")
	Doc(
		fmt.Sprintf("%s%s puts the n numbers of a row, of which there is at least one, into the buckets of their columns, which are",
			name, f.suffix),
		"step bytes apart. It is",
		"",
		"	for k := range n {",
		"		c := columns[k]",
		fmt.Sprintf("		buckets[c][lengths[c]] = entry{row, %s}", value),
		"		lengths[c]++",
		"	}",
	)
	load := func(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }
	buckets, step, lengths, columns := load("buckets"), load("step"), load("lengths"), load("columns")
	values, n, row := load("values"), load("n"), load("row")
	k, c, length, number := GP64(), GP64(), GP64(), GP64()
	from := Mem{Base: values, Index: k, Scale: uint8(f.size)}
	if name == "sortBytes" {
		from = Mem{Base: load("table"), Index: number, Scale: uint8(f.size)}
	}
	XORQ(k, k)
	Label("number")
	MOVWLZX(Mem{Base: columns, Index: k, Scale: 2}, c.As32())
	if name == "sortBytes" {
		MOVBLZX(Mem{Base: values, Index: k, Scale: 1}, number.As32())
	}
	MOVLQSX(Mem{Base: lengths, Index: c, Scale: 4}, length)
	INCL(Mem{Base: lengths, Index: c, Scale: 4})
	IMULQ(step, c)
	ADDQ(buckets, c)
	if f.size == 4 {
		// Row and number are written at once.
		MOVL(from, number.As32())
		SHLQ(U8(32), number)
		ORQ(row, number)
		MOVQ(number, Mem{Base: c, Index: length, Scale: 8})
	} else {
		MOVQ(from, number)
		ADDQ(length, length)
		MOVL(row.As32(), Mem{Base: c, Index: length, Scale: 8})
		MOVQ(number, Mem{Base: c, Index: length, Scale: 8, Disp: 8})
	}
	INCQ(k)
	CMPQ(k, n)
	JLT(LabelRef("number"))
	RET()
}
