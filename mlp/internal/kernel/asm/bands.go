package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// bandWidth is how many registers wide a row of z is at most. They have to fit, and the rows of w of a band have to stay
// in the first-level cache.
func bandWidth(f float) int {
	if f.wide() {
		return 7
	}
	return 13
}

// bands writes the product of w with rows that are cut into bands of columns.
func bands(f float) {
	TEXT("bands"+f.suffix, attr.NOSPLIT,
		fmt.Sprintf("func(z, w *%s, step, vecs int, stream *byte, bands, columns int, table *%s)", f.goType, f.goType))
	Pragma("noescape")
	Doc(fmt.Sprintf("bands%s adds to the rows of z those of w that the stream of Bands names. The rows of z are vecs registers of", f.suffix),
		fmt.Sprintf("%d numbers wide, 1 to %d, and as many bytes apart; those of w are step bytes apart, and columns in a band. It is", f.lanes(), bandWidth(f)),
		"",
		"	for range bands {",
		"		for r := range rows of the band {",
		"			for i, v := range entries of row r in the band {",
		"				z[r] = fma(table[v], w[i], z[r])",
		"			}",
		"		}",
		"		w = w[columns:]",
		"	}",
	)
	z, w := Load(Param("z"), GP64()), Load(Param("w"), GP64())
	step, vecs, stream := Load(Param("step"), GP64()), Load(Param("vecs"), GP64()), Load(Param("stream"), GP64())
	bands, columns, table := Load(Param("bands"), GP64()), Load(Param("columns"), GP64()), Load(Param("table"), GP64())
	IMULQ(step, columns)
	for n := bandWidth(f); n >= 1; n-- {
		id := func(s string) string { return fmt.Sprintf("%s%d", s, n) }
		CMPQ(vecs, Imm(uint64(n)))
		JNE(LabelRef(id("not")))
		sums := make([]vec, n)
		for v := range sums {
			sums[v] = f.vec()
		}
		rows, at, count := GP64(), GP64(), GP64()
		Label(id("band"))
		MOVBQZX(Mem{Base: stream}, rows)
		INCQ(stream)
		TESTQ(rows, rows)
		JZ(LabelRef(id("none")))
		Label(id("row"))
		MOVBQZX(Mem{Base: stream}, at)
		MOVBQZX(Mem{Base: stream, Disp: 1}, count)
		ADDQ(U8(2), stream)
		IMUL3Q(I32(int32(n*f.bytes)), at, at)
		ADDQ(z, at)
		for v, sum := range sums {
			f.load(Mem{Base: at, Disp: v * f.bytes}, sum)
		}
		Label(id("entry"))
		bandEntry(f, sums, stream, w, step, table)
		DECQ(count)
		JNZ(LabelRef(id("entry")))
		for v, sum := range sums {
			f.store(sum, Mem{Base: at, Disp: v * f.bytes})
		}
		DECQ(rows)
		JNZ(LabelRef(id("row")))
		Label(id("none"))
		ADDQ(columns, w)
		DECQ(bands)
		JNZ(LabelRef(id("band")))
		ret()
		Label(id("not"))
	}
	ret()
}

// bandEntry adds what the next entry of the stream says, a column and a byte.
func bandEntry(f float, sums []vec, stream, w, step, table reg.Register) {
	row, b, x := GP64(), GP64(), f.vec()
	MOVWQZX(Mem{Base: stream}, b) // both in one load, of which there are enough
	MOVBQZX(b.As8(), row)
	SHRQ(U8(8), b)
	IMULQ(step, row)
	f.broadcast(Mem{Base: table, Index: b, Scale: uint8(f.size)}, x)
	ADDQ(w, row)
	for v, sum := range sums {
		f.fma(Mem{Base: row, Disp: v * f.bytes}, x, sum)
	}
	ADDQ(U8(2), stream)
}
