package dataset

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"
)

// repeated warns where test examples have the inputs of training examples: their error says less of new ones than it seems to.
// It counts those of the first splits that are asked for of a spec. Rows are told apart by a hash of 64 bits. Of one input
// many values come again by chance.
func (c *corpus) repeated(s Spec, p parts) (list []string) {
	if p.train.in < 2 || len(p.test.index) == 0 || c.testsTraining {
		return nil
	}
	if known, ok := c.counted.Load(s); ok {
		return known.([]string)
	}
	if n := p.shared(); n > 0 {
		stand := map[bool]string{true: "stands", false: "stand"}[n == 1]
		first, mend := "", "leave repeated rows out, or keep them in one split with group"
		if s.Resample != "" { // the other splits differ, and take no group
			first, mend = "in the first split ", "leave repeated rows out"
		}
		list = []string{fmt.Sprintf("%s%d of %d test examples (%.3g %%) %s among the training examples, too, with the same inputs: "+
			"the test error says less of new examples; %s", first, n, len(p.test.index), 100*float64(n)/float64(len(p.test.index)),
			stand, mend)}
	}
	c.counted.Store(s, list)
	return list
}

// shared counts the test examples whose inputs some training example has.
func (p parts) shared() (n int) {
	seed := maphash.MakeSeed() // equality is all that is asked of it
	kept := p.train.kept()
	if kept != p.test.kept() {
		kept = asNumbers
	}
	trained := make(map[uint64]bool, len(p.train.index))
	p.train.hashes(seed, kept, func(h uint64) { trained[h] = true })
	p.test.hashes(seed, kept, func(h uint64) {
		if trained[h] {
			n++
		}
	})
	return n
}

// rowForm is how rows are kept.
type rowForm int

const (
	asNumbers    rowForm = iota
	asBytes              // all of them
	withoutZeros         // the bytes that are not 0
)

func (p part) kept() rowForm {
	switch {
	case p.pixels == nil:
		return asNumbers
	case p.pixels.start == nil:
		return asBytes
	}
	return withoutZeros
}

// hashes hands out one of the inputs of each example, read as they are kept.
func (p part) hashes(seed maphash.Seed, kept rowForm, each func(uint64)) {
	x, row := make([]float64, p.in), make([]byte, 0, 8*p.in)
	for _, i := range p.index {
		row = row[:0]
		switch kept {
		case asBytes:
			row = append(row, p.pixels.values[int(i)*p.in:(int(i)+1)*p.in]...)
		case withoutZeros:
			from, to := p.pixels.start[i], p.pixels.start[i+1]
			row = append(row, p.pixels.values[from:to]...)
			for _, c := range p.pixels.columns[from:to] {
				row = binary.LittleEndian.AppendUint16(row, c)
			}
		default:
			p.row(int(i), x)
			for _, v := range x {
				row = binary.LittleEndian.AppendUint64(row, math.Float64bits(v+0)) // zero has two signs
			}
		}
		each(maphash.Bytes(seed, row))
	}
}
