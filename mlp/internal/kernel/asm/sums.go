package main

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sums writes the reductions.
func sums(f float) {
	if !f.wide() {
		columnSums(f)
	}
	moments(f)
	outside(f)
}

func columnSums(f float) {
	TEXT("columnSums"+f.suffix, attr.NOSPLIT, fmt.Sprintf("func(s, x *%s, rows, columns int)", f.goType))
	Pragma("noescape")
	Doc("columnSums"+f.suffix+" is, with at least one row,",
		"",
		"	for c := range columns {",
		"		s[c] = 0",
		"		for r := range rows {",
		"			s[c] += x[r*columns+c]",
		"		}",
		"	}",
	)
	s, x := Load(Param("s"), GP64()), Load(Param("x"), GP64())
	rows, columns := Load(Param("rows"), GP64()), Load(Param("columns"), GP64())
	step, r, at := GP64(), GP64(), GP64()
	MOVQ(columns, step)
	SHLQ(U8(pick(f, 2, 3)), step)
	// A row after the other, each sum waits for the one before: the more columns
	// at once, the better. mask is that of the last register, nil for all of it.
	block := func(name string, vecs int, mask mask) {
		acc := make([]vec, vecs)
		for v := range acc {
			acc[v] = YMM()
			VXORPS(acc[v], acc[v], acc[v])
		}
		MOVQ(x, at)
		MOVQ(rows, r)
		Label(name)
		for v := range acc {
			if mask == nil || v < vecs-1 {
				f.add(Mem{Base: at, Disp: 32 * v}, acc[v], acc[v])
			} else {
				y := YMM()
				f.maskLoad(Mem{Base: at, Disp: 32 * v}, mask, y)
				f.add(y, acc[v], acc[v])
			}
		}
		ADDQ(step, at)
		DECQ(r)
		JNZ(LabelRef(name))
		for v := range acc {
			if mask == nil || v < vecs-1 {
				f.store(acc[v], Mem{Base: s, Disp: 32 * v})
			} else {
				f.maskStore(acc[v], mask, Mem{Base: s, Disp: 32 * v})
			}
		}
	}
	const most = 8
	Label("many")
	CMPQ(columns, Imm(uint64(most*f.lanes())))
	JLT(LabelRef("few"))
	block("all", most, nil)
	ADDQ(U32(32*most), x)
	ADDQ(U32(32*most), s)
	SUBQ(Imm(uint64(most*f.lanes())), columns)
	JMP(LabelRef("many"))
	Label("few")
	for vecs := most; vecs > 0; vecs-- {
		fewer := fmt.Sprintf("fewer%d", vecs)
		SUBQ(Imm(uint64((vecs-1)*f.lanes())), columns)
		JLE(LabelRef(fewer))
		block(fmt.Sprintf("all%d", vecs), vecs, f.firstLanes(columns.(reg.GPVirtual)))
		ret()
		Label(fewer)
		ADDQ(Imm(uint64((vecs-1)*f.lanes())), columns)
	}
	ret()
}

// moments keeps the lanes in memory from one call to the next, if there is memory for them.
func moments(f float) {
	const lanes = 16
	TEXT("moments"+f.suffix, attr.NOSPLIT, fmt.Sprintf("func(lanes *[2][16]float64, x *%s, n int) (sum, squares float64)", f.goType))
	Pragma("noescape")
	Doc("moments"+f.suffix+" is, with n a multiple of 16, and with lanes of zeros that are forgotten where lanes is nil,",
		"",
		"	for i := range n {",
		"		lanes[0][i%16] += float64(x[i])",
		"		lanes[1][i%16] = fma(float64(x[i]), float64(x[i]), lanes[1][i%16])",
		"	}",
		"	for l := range 4 {",
		"		four[l] = (lanes[0][l] + lanes[0][l+4]) + (lanes[0][l+8] + lanes[0][l+12])",
		"	}",
		"	sum = (four[0] + four[2]) + (four[1] + four[3])",
		"",
		"and the same for squares.",
	)
	at, x, n := Load(Param("lanes"), GP64()), Load(Param("x"), GP64()), Load(Param("n"), GP64())
	count := lanes * 8 / f.bytes // registers
	sums := [2][]vec{f.vecs(count), f.vecs(count)}
	inMemory := func(name string, move func(m Mem, v vec)) {
		TESTQ(at, at)
		JZ(LabelRef(name))
		for m := range sums {
			for i, v := range sums[m] {
				move(Mem{Base: at, Disp: m*lanes*8 + i*f.bytes}, v)
			}
		}
		Label(name)
	}
	f.zero(slices.Concat(sums[0], sums[1])...)
	inMemory("more", func(m Mem, v vec) { VMOVUPD(m, v) })
	TESTQ(n, n)
	JLE(LabelRef("done"))
	for i := range count {
		v := f.vec()
		if f.size == 4 {
			VCVTPS2PD(Mem{Base: x, Disp: f.bytes / 2 * i}, v)
		} else {
			VMOVUPD(Mem{Base: x, Disp: f.bytes * i}, v)
		}
		VADDPD(v, sums[0][i], sums[0][i])
		VFMADD231PD(v, v, sums[1][i])
	}
	ADDQ(Imm(uint64(lanes*f.size)), x)
	SUBQ(U8(lanes), n)
	JMP(LabelRef("more"))
	Label("done")
	inMemory("total", func(m Mem, v vec) { VMOVUPD(v, m) })
	for m, all := range sums {
		Store(total(f, all), ReturnIndex(m))
	}
	ret()
}

// total adds up 16 lanes of float64.
func total(f float, lanes []vec) reg.VecVirtual {
	if f.wide() {
		var halves []vec
		for _, v := range lanes {
			high := YMM()
			VEXTRACTF64X4(Imm(1), v, high)
			VADDPD(v.AsY(), high, high)
			halves = append(halves, high)
		}
		lanes = halves
	} else {
		VADDPD(lanes[1], lanes[0], lanes[0])
		VADDPD(lanes[3], lanes[2], lanes[2])
		lanes = []vec{lanes[0], lanes[2]}
	}
	VADDPD(lanes[1], lanes[0], lanes[0])
	high, swap := XMM(), XMM()
	VEXTRACTF128(Imm(1), lanes[0], high)
	VADDPD(high, lanes[0].AsX(), high)
	VPERMILPD(Imm(1), high, swap)
	VADDSD(swap, high, high)
	return high
}

func outside(f float) {
	TEXT("outside"+f.suffix, attr.NOSPLIT, fmt.Sprintf("func(x *%s, n int, below, above %s) int", f.goType, f.goType))
	Pragma("noescape")
	Doc(fmt.Sprintf("outside%s is, with n a multiple of %d,", f.suffix, f.lanes()),
		"",
		"	for i := range n {",
		"		if x[i] <= below || x[i] >= above {",
		"			count++",
		"		}",
		"	}",
	)
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	limit := func(name string) vec {
		m, err := Param(name).Resolve()
		if err != nil {
			panic(err)
		}
		v := f.vec()
		f.broadcast(m.Addr, v)
		return v
	}
	below, above := limit("below"), limit("above")
	count := GP64()
	XORQ(count, count)
	Label("loop")
	TESTQ(n, n)
	JLE(LabelRef("done"))
	v := f.vec()
	f.load(Mem{Base: x}, v)
	const lessOrEqual, greaterOrEqual = 0x12, 0x1d // false for NaN
	bits := f.bitsOf(f.either(f.compare(lessOrEqual, v, below), f.compare(greaterOrEqual, v, above)))
	POPCNTL(bits.As32(), bits.As32())
	ADDQ(bits, count)
	ADDQ(U8(f.bytes), x)
	SUBQ(U8(f.lanes()), n)
	JMP(LabelRef("loop"))
	Label("done")
	Store(count, ReturnIndex(0))
	ret()
}
