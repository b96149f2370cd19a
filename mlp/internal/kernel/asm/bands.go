package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of banded in the package kernel.
const (
	bandedZ = 8 * iota
	bandedZStep
	bandedTo
	bandedToStep
	bandedFrom
	bandedV
	bandedVStep
	bandedEntries
	bandedEnds
	bandedTable
	bandedSpots
	bandedOrder
	bandedPlan
	bandedRows
	bandedOutputs
	bandedBuckets
	bandedBucket
	bandedLengths
)

// bands writes the products of rows of bytes with the weights of some bands of their columns.
func bands(f float) {
	band(f, "bands", false)
	band(f, "sortBands", true)
}

// band writes one of them: with the rows in any order; or in theirs, and what puts their numbers into the buckets of the
// columns.
func band(f float, name string, sorts bool) {
	TEXT(name+f.suffix, attr.NOSPLIT, "func(p *byte)")
	Pragma("noescape")
	r, bucket := "p.order[i]", []string(nil)
	if sorts {
		r = "i"
		bucket = []string{"			p.buckets[e%256][p.lengths[e%256]] = entry{r, x}", "			p.lengths[e%256]++"}
	}
	Doc(append(append([]string{
		fmt.Sprintf("%s%s computes the banded p of at most %d outputs. It is", name, f.suffix, stripeRegisters*f.lanes()),
		"",
		"	for i := range p.rows {",
		"		r := " + r,
		"		sums := p.z[r]",
		"		if p.from != nil {",
		"			sums = p.from",
		"		}",
		"		row, done := &p.spots[2*r], &p.spots[2*r+1]",
		"		for ; *done < p.ends[*row]; *done++ {",
		"			e := p.entries[*row+*done]",
		"			x := p.table[e>>8]",
		"			for o := range p.outputs {",
		"				sums[o] = fma(x, p.v[e%256][o], sums[o])",
		"			}"}, bucket...), "		}", "		p.to[r] = sums", "	}", "",
		"With to and z the same place, rows without entries stay what they are.")...)
	p := Load(Param("p"), GP64())
	field := func(offset int) Mem { return Mem{Base: p, Disp: offset} }
	load64 := func(offset int) reg.GPVirtual {
		r := GP64()
		MOVQ(field(offset), r)
		return r
	}
	outputs := load64(bandedOutputs)
	mask := lastLanes(f, outputs)
	planned(field, sorts)
	v, step, table, plan := load64(bandedV), load64(bandedVStep), load64(bandedTable), load64(bandedPlan)
	var lengths, buckets reg.GPVirtual
	least := 1
	if sorts {
		lengths, buckets = load64(bandedLengths), load64(bandedBuckets)
		least = 0 // outputs: the rows are sorted only
	}
	widths(f, outputs, least, func(vecs int, id func(string) string) {
		sums := make([]vec, vecs)
		for v := range sums {
			sums[v] = f.vec()
		}
		row, at, count, to := GP64(), GP64(), GP64(), GP64()
		Label(id("row"))
		MOVQ(Mem{Base: plan}, at)
		MOVLQZX(Mem{Base: plan, Disp: 8}, count)
		MOVLQZX(Mem{Base: plan, Disp: 12}, row)
		ADDQ(U8(16), plan)
		from := GP64()
		MOVQ(field(bandedFrom), from)
		TESTQ(from, from)
		JNZ(LabelRef(id("load")))
		MOVQ(row, from)
		IMULQ(field(bandedZStep), from)
		ADDQ(field(bandedZ), from)
		Label(id("load"))
		MOVQ(row, to)
		IMULQ(field(bandedToStep), to)
		ADDQ(field(bandedTo), to)
		TESTQ(count, count)
		JZ(LabelRef(id("none")))
		loadRow(f, from, sums, mask)
		Label(id("entry"))
		bandEntry(f, sums, at, v, step, table, func(number Mem, column, spare reg.GPVirtual) {
			if !sorts {
				return
			}
			bucket, length := GP64(), GP64()
			MOVLQSX(Mem{Base: lengths, Index: column, Scale: 4}, length)
			INCL(Mem{Base: lengths, Index: column, Scale: 4})
			MOVQ(column, bucket)
			IMULQ(field(bandedBucket), bucket)
			ADDQ(buckets, bucket)
			writeEntry(f, number, row, bucket, length, spare)
		})
		DECQ(count)
		JNZ(LabelRef(id("entry")))
		Label(id("store"))
		storeRow(f, sums, to, mask)
		Label(id("next"))
		DECQ(field(bandedRows))
		JNZ(LabelRef(id("row")))
		ret()
		Label(id("none"))
		CMPQ(from, to)
		JEQ(LabelRef(id("next")))
		loadRow(f, from, sums, mask)
		JMP(LabelRef(id("store")))
	})
}

// planned goes through the rows beforehand: places in memory that depend on each other are waited for side by side.
func planned(field func(int) Mem, sorts bool) {
	i, row, spot, begin, done := GP64(), GP64(), GP64(), GP64(), GP64()
	spots, ends, order, entries, plan, end := GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(field(bandedSpots), spots)
	MOVQ(field(bandedEnds), ends)
	MOVQ(field(bandedOrder), order)
	MOVQ(field(bandedEntries), entries)
	MOVQ(field(bandedPlan), plan)
	XORQ(i, i)
	Label("plan")
	if sorts {
		MOVQ(i, row)
	} else {
		MOVBQZX(Mem{Base: order, Index: i, Scale: 1}, row)
	}
	MOVQ(row, spot)
	SHLQ(U8(4), spot)
	ADDQ(spots, spot)
	MOVQ(Mem{Base: spot}, begin)
	MOVQ(Mem{Base: spot, Disp: 8}, done)
	MOVWQZX(Mem{Base: ends, Index: begin, Scale: 2}, end)
	MOVQ(end, Mem{Base: spot, Disp: 8})
	SUBQ(done, end)
	ADDQ(done, begin)
	LEAQ(Mem{Base: entries, Index: begin, Scale: 2}, begin)
	PREFETCHT0(Mem{Base: begin})
	MOVQ(begin, Mem{Base: plan})
	MOVL(end.As32(), Mem{Base: plan, Disp: 8})
	MOVL(row.As32(), Mem{Base: plan, Disp: 12})
	ADDQ(U8(16), plan)
	INCQ(i)
	CMPQ(i, field(bandedRows))
	JLT(LabelRef("plan"))
}

// bandEntry adds what the entry says that is next. with does something more with its number and its column.
func bandEntry(f float, sums []vec, at, v, step, table reg.Register, with func(number Mem, column, spare reg.GPVirtual)) {
	column, b, x := GP64(), GP64(), f.vec()
	MOVWQZX(Mem{Base: at}, b) // both in one load, of which there are enough
	MOVBQZX(b.As8(), column)
	SHRQ(U8(8), b)
	number := Mem{Base: table, Index: b, Scale: uint8(f.size)}
	f.broadcast(number, x)
	with(number, column, b)
	IMULQ(step, column)
	ADDQ(v, column)
	for i, sum := range sums {
		f.fma(Mem{Base: column, Disp: f.bytes * i}, x, sum)
	}
	ADDQ(U8(2), at)
}
