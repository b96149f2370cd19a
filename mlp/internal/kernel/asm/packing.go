package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// packing writes the kernels that bring a panel of b, two registers wide, into
// the order in which multiply reads it.
func packing(f float) {
	copyPanel(f)
	if !f.wide() { // registers of 32 bytes do in all
		transposePanel(f)
	}
}

func copyPanel(f float) {
	TEXT("copyPanel"+f.suffix, attr.NOSPLIT, fmt.Sprintf("func(dst, src *%s, offsets *int, rows, columns int)", f.goType))
	Pragma("noescape")
	w := 2 * f.lanes()
	Doc(fmt.Sprintf("copyPanel%s copies rows of 1 to %d columns that start offsets bytes behind src. It is", f.suffix, w),
		"",
		"	for r := range rows {",
		fmt.Sprintf("		for c := range %d {", w),
		fmt.Sprintf("			dst[%d*r+c] = src[offsets[r]/%d+c] // 0 for c >= columns", w, f.size),
		"		}",
		"	}",
	)
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	offsets := Load(Param("offsets"), GP64())
	rows, columns := Load(Param("rows"), GP64()), Load(Param("columns"), GP64())
	row, end := GP64(), GP64()
	x, y := f.vec(), f.vec()
	LEAQ(Mem{Base: offsets, Index: rows, Scale: 8}, end)
	loop := func(name string, body func()) {
		CMPQ(offsets, end)
		JGE(LabelRef("done"))
		Label(name)
		MOVQ(Mem{Base: offsets}, row)
		ADDQ(src, row)
		body()
		f.store(x, Mem{Base: dst})
		f.store(y, Mem{Base: dst, Disp: f.bytes})
		ADDQ(Imm(uint64(2*f.bytes)), dst)
		ADDQ(U8(8), offsets)
		CMPQ(offsets, end)
		JLT(LabelRef(name))
		ret()
	}
	CMPQ(columns, Imm(uint64(w)))
	JNE(LabelRef("partial"))
	loop("whole", func() {
		f.load(Mem{Base: row}, x)
		f.load(Mem{Base: row, Disp: f.bytes}, y)
	})
	Label("partial")
	SUBQ(Imm(uint64(f.lanes())), columns)
	JLE(LabelRef("narrow"))
	mask := f.firstLanes(columns.(reg.GPVirtual))
	loop("second", func() {
		f.load(Mem{Base: row}, x)
		f.maskLoad(Mem{Base: row, Disp: f.bytes}, mask, y)
	})
	Label("narrow")
	ADDQ(Imm(uint64(f.lanes())), columns)
	mask = f.firstLanes(columns.(reg.GPVirtual))
	pick(f, VXORPS, VXORPD)(y, y, y)
	loop("first", func() { f.maskLoad(Mem{Base: row}, mask, x) })
	Label("done")
	ret()
}

func transposePanel(f float) {
	TEXT("transposePanel"+f.suffix, attr.NOSPLIT, fmt.Sprintf("func(dst, src *%s, offsets *int, rows, k, step int)", f.goType))
	Pragma("noescape")
	side := 32 / f.size // of the squares that are turned at once
	Doc(fmt.Sprintf("transposePanel%s turns rows of k columns that start offsets bytes behind src into columns, step bytes from one row", f.suffix),
		fmt.Sprintf("of dst to the next; rows and k have to be multiples of %d. It is", side),
		"",
		"	for r := range rows {",
		"		for c := range k {",
		fmt.Sprintf("			dst[step/%d*c+r] = src[offsets[r]/%d+c]", f.size, f.size),
		"		}",
		"	}",
	)
	dst, offsets := Load(Param("dst"), GP64()), Load(Param("offsets"), GP64())
	bytes, step := Load(Param("k"), GP64()), Load(Param("step"), GP64())
	left, err := Param("rows").Resolve() // there are not enough registers to keep it in one
	if err != nil {
		panic(err)
	}
	SHLQ(U8(pick(f, 2, 3)), bytes)
	Label("rows")
	src := Load(Param("src"), GP64())
	rows := make([]reg.GPVirtual, side)
	for i := range rows {
		rows[i] = GP64()
		MOVQ(Mem{Base: offsets, Disp: 8 * i}, rows[i])
		ADDQ(src, rows[i])
	}
	at, to := GP64(), GP64()
	XORQ(at, at)
	MOVQ(dst, to)
	Label("block")
	CMPQ(at, bytes)
	JGE(LabelRef("done"))
	v := make([]reg.VecVirtual, side)
	half128 := side / 2
	// Lower halves of rows i and i+lanes/2 meet in one register, then the upper ones.
	for part := range 2 {
		for i := range half128 {
			x := YMM()
			VBROADCASTF128(Mem{Base: rows[i], Index: at, Scale: 1, Disp: 16 * part}, x)
			VINSERTF128(Imm(1), Mem{Base: rows[i+half128], Index: at, Scale: 1, Disp: 16 * part}, x, x)
			v[part*half128+i] = x
		}
	}
	var columns []reg.VecVirtual
	if f.size == 4 {
		for part := range 2 {
			q := v[4*part : 4*part+4]
			lo01, hi01, lo23, hi23 := YMM(), YMM(), YMM(), YMM()
			VUNPCKLPS(q[1], q[0], lo01)
			VUNPCKHPS(q[1], q[0], hi01)
			VUNPCKLPS(q[3], q[2], lo23)
			VUNPCKHPS(q[3], q[2], hi23)
			for _, pair := range [][2]reg.VecVirtual{{lo01, lo23}, {hi01, hi23}} {
				a, b := YMM(), YMM()
				VSHUFPS(Imm(0x44), pair[1], pair[0], a)
				VSHUFPS(Imm(0xee), pair[1], pair[0], b)
				columns = append(columns, a, b)
			}
		}
	} else {
		for part := range 2 {
			q := v[2*part : 2*part+2]
			a, b := YMM(), YMM()
			VUNPCKLPD(q[1], q[0], a)
			VUNPCKHPD(q[1], q[0], b)
			columns = append(columns, a, b)
		}
	}
	for _, c := range columns {
		pick(f, VMOVUPS, VMOVUPD)(c, Mem{Base: to})
		ADDQ(step, to)
	}
	ADDQ(U8(32), at)
	JMP(LabelRef("block"))
	Label("done")
	ADDQ(U8(8*side), offsets)
	ADDQ(U8(32), dst)
	SUBQ(U8(side), left.Addr)
	JG(LabelRef("rows"))
	ret()
}
