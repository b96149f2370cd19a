package main

import (
	"math"
	"math/bits"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// float is a precision in registers of one width: the same kernels are written
// for all.
type float struct {
	suffix string // of the kernels' names
	size   int    // bytes of a number
	bytes  int    // of a register: 32 with AVX2, 64 with AVX-512
	goType string
	pins   []word         // that a loop keeps in registers,
	pinned map[string]vec // where they are
}

var (
	single     = float{suffix: "32", size: 4, bytes: 32, goType: "float32"}
	double     = float{suffix: "64", size: 8, bytes: 32, goType: "float64"}
	singleWide = float{suffix: "32wide", size: 4, bytes: 64, goType: "float32"}
	doubleWide = float{suffix: "64wide", size: 8, bytes: 64, goType: "float64"}
)

// lanes is how many numbers a register holds.
func (f float) lanes() int { return f.bytes / f.size }

// shift is the binary logarithm of lanes.
func (f float) shift() uint8 { return uint8(bits.TrailingZeros(uint(f.lanes()))) }

func (f float) wide() bool { return f.bytes == 64 }

// vec is a register of the width.
func (f float) vec() vec {
	if f.wide() {
		return ZMM()
	}
	return YMM()
}

// pick chooses between the instructions of the two precisions.
func pick[T any](f float, single, double T) T {
	if f.size == 4 {
		return single
	}
	return double
}

// vecs are n registers.
func (f float) vecs(n int) []vec {
	v := make([]vec, n)
	for i := range v {
		v[i] = f.vec()
	}
	return v
}

func (f float) broadcast(m Op, v reg.VecVirtual) {
	pick(f, VBROADCASTSS, VBROADCASTSD)(m, v)
}

func (f float) load(m Op, v reg.VecVirtual)  { pick(f, VMOVUPS, VMOVUPD)(m, v) }
func (f float) store(v reg.VecVirtual, m Op) { pick(f, VMOVUPS, VMOVUPD)(v, m) }

// mask selects the first lanes of a register: a register of its own, in AVX-512
// one for masks.
type mask = reg.Register

// maskLoad sets the lanes that are not selected to 0.
func (f float) maskLoad(m Op, mask mask, v reg.VecVirtual) {
	if f.wide() {
		pick(f, VMOVUPS_Z, VMOVUPD_Z)(m, mask, v)
		return
	}
	pick(f, VMASKMOVPS, VMASKMOVPD)(m, mask, v)
}

func (f float) maskStore(v reg.VecVirtual, mask mask, m Op) {
	if f.wide() {
		pick(f, VMOVUPS, VMOVUPD)(v, mask, m)
		return
	}
	pick(f, VMASKMOVPS, VMASKMOVPD)(v, mask, m)
}

// loadLanes loads all lanes, or of a masked register those that the mask selects.
func (f float) loadLanes(m Op, masked bool, mask mask, v reg.VecVirtual) {
	if masked {
		f.maskLoad(m, mask, v)
	} else {
		f.load(m, v)
	}
}

// storeLanes stores all lanes, or of a masked register those that the mask selects.
func (f float) storeLanes(v reg.VecVirtual, masked bool, mask mask, m Op) {
	if masked {
		f.maskStore(v, mask, m)
	} else {
		f.store(v, m)
	}
}

// or is of the bits.
func (f float) or(a, b Op, v reg.VecVirtual) {
	if f.wide() {
		VPORD(a, b, v)
		return
	}
	VORPS(a, b, v)
}

// keep leaves the bits of b that are set in a.
func (f float) keep(a, b Op, v reg.VecVirtual) {
	if f.wide() {
		VPANDD(a, b, v)
		return
	}
	VANDPS(a, b, v)
}

// negative selects the lanes of a float32 whose sign bit is set, less those in which a is less than b.
func (f float) negative(a reg.VecVirtual) mask {
	if f.wide() {
		k := K()
		VPTESTMD(f.word("sign", 0x80000000), a, k)
		return k
	}
	return a
}

func (f float) less(a reg.VecVirtual, b Op) mask {
	const ordered = 0x11
	if f.wide() {
		k := K()
		VCMPPS(Imm(ordered), b, a, k)
		return k
	}
	v := f.vec()
	VCMPPS(Imm(ordered), b, a, v)
	return v
}

// choose is yes in the lanes that are selected and no in the others.
func (f float) choose(m mask, yes, no reg.VecVirtual) vec {
	v := f.vec()
	if f.wide() {
		VBLENDMPS(yes, no, m, v)
	} else {
		VBLENDVPS(m, yes, no, v)
	}
	return v
}

// compare selects the lanes where a and b are as the predicate says.
func (f float) compare(predicate uint64, a, b reg.VecVirtual) mask {
	var m mask = f.vec()
	if f.wide() {
		m = K()
	}
	pick(f, VCMPPS, VCMPPD)(Imm(predicate), b, a, m)
	return m
}

// either selects what one of two masks does.
func (f float) either(a, b mask) mask {
	if f.wide() {
		KORW(a, b, b)
	} else {
		VORPS(a, b, b)
	}
	return b
}

// bitsOf are those of a mask.
func (f float) bitsOf(m mask) reg.GPVirtual {
	bits := GP64()
	if f.wide() {
		KMOVW(m, bits.As32())
	} else {
		pick(f, VMOVMSKPS, VMOVMSKPD)(m, bits.As32())
	}
	return bits
}

// set makes v x in the lanes that are selected.
func (f float) set(m mask, x, v reg.VecVirtual) {
	if f.wide() {
		pick(f, VMOVAPS, VMOVAPD)(x, m, v)
		return
	}
	pick(f, VBLENDVPS, VBLENDVPD)(m, x, v, v)
}

// equal selects the lanes of whole numbers of 32 bits that are the same.
func (f float) equal(a, b reg.VecVirtual) mask {
	var m mask = f.vec()
	if f.wide() {
		m = K()
	}
	VPCMPEQD(a, b, m)
	return m
}

// subWhere takes a from v in the lanes that are selected.
func (f float) subWhere(m mask, a, v reg.VecVirtual) {
	if f.wide() {
		VSUBPS(a, v, m, v)
		return
	}
	masked := f.vec()
	VANDPS(m, a, masked)
	VSUBPS(masked, v, v)
}

// zero sets registers to 0; avo does not know that an exclusive or of wide ones does not read them.
func (f float) zero(v ...reg.VecVirtual) {
	f.load(f.constant(0), v[0])
	for _, other := range v[1:] {
		VMOVAPS(v[0], other)
	}
}

// round is to the nearest whole number, the even one of two.
func (f float) round(a Op, v reg.VecVirtual) { f.roundBy(8, a, v) }

// roundUp is to the next whole number that is not less.
func (f float) roundUp(a Op, v reg.VecVirtual) { f.roundBy(10, a, v) }

func (f float) roundBy(mode uint64, a Op, v reg.VecVirtual) {
	if f.wide() {
		pick(f, VRNDSCALEPS, VRNDSCALEPD)(Imm(mode), a, v)
		return
	}
	pick(f, VROUNDPS, VROUNDPD)(Imm(mode), a, v)
}

// storeWhole stores numbers of float64 that are whole in 32 bits each.
func (f float) storeWhole(v reg.VecVirtual, m Mem) {
	if f.wide() {
		half := YMM()
		VCVTPD2DQ(v, half)
		VMOVUPS(half, m)
		return
	}
	half := XMM()
	VCVTPD2DQY(v, half)
	VMOVUPS(half, m)
}

func (f float) fma(a, b Op, acc reg.VecVirtual) { pick(f, VFMADD231PS, VFMADD231PD)(a, b, acc) }
func (f float) add(a, b Op, v reg.VecVirtual)   { pick(f, VADDPS, VADDPD)(a, b, v) }
func (f float) mul(a, b Op, v reg.VecVirtual)   { pick(f, VMULPS, VMULPD)(a, b, v) }
func (f float) max(a, b Op, v reg.VecVirtual)   { pick(f, VMAXPS, VMAXPD)(a, b, v) }
func (f float) and(a, b Op, v reg.VecVirtual)   { pick(f, VANDPS, VANDPD)(a, b, v) }
func (f float) sqrt(a Op, v reg.VecVirtual)     { pick(f, VSQRTPS, VSQRTPD)(a, v) }

// sub is a-b and div is a/b; the assembler's order of operands is the other one.
func (f float) sub(a, b Op, v reg.VecVirtual) { pick(f, VSUBPS, VSUBPD)(b, a, v) }
func (f float) div(a, b Op, v reg.VecVirtual) { pick(f, VDIVPS, VDIVPD)(b, a, v) }

// lanesMask is a table of which the 32 bytes that start r numbers before its
// middle select the first r lanes.
func lanesMask() Mem {
	const name = "lanes"
	if m, ok := data[name]; ok {
		return m
	}
	m := GLOBL(name, attr.RODATA|attr.NOPTR)
	for i := range 8 {
		v := uint64(math.MaxUint64)
		if i >= 4 {
			v = 0
		}
		DATA(8*i, U64(v))
	}
	data[name] = m
	return m
}

// firstLanes selects the first n lanes, n in a register; n is overwritten.
func (f float) firstLanes(n reg.GPVirtual) mask {
	if f.wide() {
		k, ones := K(), GP64()
		MOVQ(I64(-1), ones)
		BZHIQ(n, ones, ones)
		KMOVW(ones.As32(), k)
		return k
	}
	m, base := YMM(), GP64()
	LEAQ(lanesMask(), base)
	ADDQ(U8(32), base)
	SHLQ(U8(pick(f, 2, 3)), n)
	SUBQ(n, base)
	VMOVUPS(Mem{Base: base}, m)
	return m
}

// ret leaves a kernel; the upper halves are cleared so that SSE code behind it
// does not wait for them.
func ret() {
	VZEROUPPER()
	RET()
}
