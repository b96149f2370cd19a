package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// word is one of the size of a number.
type word struct {
	name string
	bits uint64
}

// pin loads them.
func (f float) pin() {
	for _, w := range f.pins {
		m, v := f.word(w.name, w.bits), f.vec()
		f.load(m, v)
		f.pinned[w.name] = v
	}
}

// pinning is f for one loop that keeps these words in registers from pin on, if there are enough.
func (f float) pinning(words []word) float {
	if f.wide() {
		f.pins, f.pinned = words, map[string]vec{}
	}
	return f
}

// constant is a register's worth of a number.
func (f float) constant(x float64) Op {
	w := f.number(x)
	return f.word(w.name, w.bits)
}

// register is one with a number in every lane.
func (f float) register(x float64) vec {
	if v, ok := f.pinned[f.number(x).name]; ok {
		return v
	}
	v := f.vec()
	f.load(f.constant(x), v)
	return v
}

// number is the word of a number.
func (f float) number(x float64) word {
	if f.size == 4 {
		return word{fmt.Sprintf("f32_%08x", math.Float32bits(float32(x))), uint64(math.Float32bits(float32(x)))}
	}
	return word{fmt.Sprintf("f64_%016x", math.Float64bits(x)), math.Float64bits(x)}
}

// word is a register's worth of a word of the size of a number in read-only memory, or a register that has it.
func (f float) word(name string, w uint64) Op {
	if v, ok := f.pinned[name]; ok {
		return v
	}
	if f.wide() {
		name += "_wide"
	}
	if m, ok := data[name]; ok {
		return m
	}
	m := GLOBL(name, attr.RODATA|attr.NOPTR)
	for i := range f.lanes() {
		if f.size == 4 {
			DATA(4*i, U32(uint32(w)))
		} else {
			DATA(8*i, U64(w))
		}
	}
	data[name] = m
	return m
}

var data = map[string]Mem{}
