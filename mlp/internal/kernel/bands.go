package kernel

import (
	"math/bits"
	"sync"
	"unsafe"
)

const (
	// BandRows is how many successive rows are multiplied at once.
	BandRows = 256
	// bandColumns is how many columns a band has.
	bandColumns = 64
	// entryColumns is how many columns an entry tells apart.
	entryColumns = 256
)

// Bands is rows of bytes without their zeros, cut into bands of columns: it says how many numbers a row has in each band,
// so that many rows can be multiplied with the weights of a few bands while these are in the first-level cache. It is never
// written to once it is made, so it can be shared.
type Bands struct {
	in int
	// Row r is data[start[r]:start[r+1]]: for each band how many entries there are up to its end, then the entries: the
	// column, modulo entryColumns, and above it the byte.
	start []int
	data  []uint16
	// By the binary logarithm of a number of bands that are multiplied at once: for each of BandRows rows, and for each of
	// these groups of bands, the rows in the order of how many entries they have there, so that a processor foresees where
	// they end. The first call makes them.
	orders []func() []byte
}

// NewBands makes Bands of some rows of a matrix of so many columns, of which row r is not zero in
// columns[start[r]:start[r+1]], which rise, and has the values at the same places there. It panics where that is not so:
// the assembly does not look.
func NewBands(in int, start []int, columns []uint16, values []byte, rows []int32) *Bands {
	bands := bandsOf(in)
	size := len(rows) * bands
	for _, r := range rows {
		size += start[r+1] - start[r]
	}
	s := &Bands{in: in, start: make([]int, 1, len(rows)+1), data: make([]uint16, size)}
	for group := 1; group <= entryColumns/bandColumns; group *= 2 {
		s.orders = append(s.orders, sync.OnceValue(func() []byte { return s.order(group) }))
	}
	at := 0
	for _, r := range rows {
		columns := columns[start[r]:start[r+1]]
		s.add(s.data[at:], columns, values[start[r]:start[r+1]])
		at += bands + len(columns)
		s.start = append(s.start, at)
	}
	return s
}

// add writes a row.
func (s *Bands) add(row []uint16, columns []uint16, values []byte) {
	ends, entries := row[:bandsOf(s.in)], row[bandsOf(s.in):][:len(columns)]
	values = values[:len(columns)]
	next, falls := 0, 0
	for k, c := range columns {
		falls |= int(c) - next
		next = int(c) + 1
		ends[min(int(c/bandColumns), len(ends)-1)] = uint16(k + 1) // the last one stays; no branch that depends on it
		entries[k] = c%entryColumns | uint16(values[k])<<8
	}
	if falls < 0 || next > s.in {
		panic("kernel: columns of a matrix without zeros do not rise")
	}
	var end uint16
	for b, e := range ends {
		end = max(end, e)
		ends[b] = end
	}
}

// order sorts rows for groups of so many bands.
func (s *Bands) order(group int) []byte {
	bands, rows := bandsOf(s.in), len(s.start)-1
	var order []byte
	for first := 0; first < rows; first += BandRows {
		starts := s.start[first:min(first+BandRows, rows)]
		for b := 0; b < bands; b += group {
			var with [entryColumns + 2]int // rows that have less than so many entries
			var counts [BandRows]uint16
			last := min(b+group, bands) - 1
			for r, at := range starts {
				counts[r] = s.data[at+last]
				if b > 0 {
					counts[r] -= s.data[at+b-1]
				}
				with[counts[r]+1]++
			}
			for n := range with[1:] {
				with[n+1] += with[n]
			}
			at := len(order)
			order = append(order, make([]byte, len(starts))...)
			for r := range starts {
				n := counts[r]
				order[at+with[n]] = byte(r)
				with[n]++
			}
		}
	}
	return order
}

// bandsOf is how many bands so many columns are.
func bandsOf(in int) int { return (in + bandColumns - 1) / bandColumns }

// BandBytes is the memory of Bands of so many rows, of whose numbers so large a share is not 0.
func BandBytes(rows, in, nonzero float64) float64 {
	bands := in/bandColumns + 1
	return rows * (float64(unsafe.Sizeof(uint16(0)))*(in*nonzero+bands) + float64(unsafe.Sizeof(int(0))) + bands)
}

// banded is what the assembly multiplies at once: rows of bytes with the weights of some bands, a stripe of their columns
// wide, and puts into the buckets of their columns. The order of the fields is part of it. Steps count bytes.
type banded[F Float] struct {
	z       *F // what the rows begin with
	zStep   int
	to      *F // and what becomes of them
	toStep  int
	from    *F // what every row begins with; nil where that is z
	v       *F // the row of a column that is 0 in an entry
	vStep   int
	entries *uint16 // of a row that begins at 0
	ends    *uint16 // where those end that are multiplied, of the same row
	table   *F
	spots   *int       // of each row: where it begins, and how many entries are done
	order   *byte      // of the rows
	plan    *[2]uint64 // room for what the assembly notes of each row
	rows    int
	outputs int // in the stripe

	buckets *entry[F] // those of a column that is 0 in an entry
	bucket  int       // bytes from one column's to the next one's
	lengths *int32
}

// multiplyBands computes z = bias + x·v for rows of x from b on, and with sorts sorts them by column. Without outputs it
// does nothing else.
func (p *Products[F]) multiplyBands(z []F, x Rows[F], b, rows int, v *InputMajor[F], bias []F, sorts bool) {
	f, s, call := p.fast, x.Zeros.bands, &p.banded
	out, bands := len(bias), bandsOf(s.in)
	for o := 0; o == 0 || o < out; o += stripeRegisters * f.lanes {
		outputs := min(stripeRegisters*f.lanes, out-o)
		width := padded[F](outputs)
		if len(p.stripe) < rows*width {
			p.stripe = Aligned[F](rows * width)
		}
		group := bandsAtOnce(width * f.size)
		order, step := p.orderOf(x, b, rows, group)
		p.findBands(x, b, rows)
		*call = banded[F]{entries: unsafe.SliceData(s.data[bands:]), table: &x.Zeros.table[0],
			spots: &p.places[0], plan: &p.plan[0], outputs: outputs}
		multiply := f.bands
		if outputs > 0 {
			call.z, call.zStep, call.from, call.vStep = &p.stripe[0], width*f.size, &bias[o], v.Stride*f.size
			call.to, call.toStep = call.z, call.zStep
		}
		if sorts && o == 0 {
			multiply, call.bucket = f.sortBands, p.bucketRows*int(unsafe.Sizeof(entry[F]{}))
		}
		for first := 0; first < bands; first += group {
			column := first * bandColumns / entryColumns * entryColumns
			if outputs > 0 {
				call.v = &v.Data[column*v.Stride+o]
			}
			if outputs > 0 && first+group >= bands {
				call.to, call.toStep = &z[o], out*f.size
			}
			if call.bucket > 0 {
				call.buckets, call.lengths = &p.bucket[column*p.bucketRows], &p.lengths[column]
			}
			call.ends, call.order = &s.data[min(first+group, bands)-1], &order[first/group*step]
			call.rows = rows
			multiply((*byte)(unsafe.Pointer(call)))
			call.from = nil
		}
	}
	*call = banded[F]{} // it keeps nothing alive
}

// orderOf is in which order rows from b on are multiplied, for one group of bands after the other, so many bytes apart.
func (p *Products[F]) orderOf(x Rows[F], b, rows, group int) (order []byte, step int) {
	s := x.Zeros.bands
	if x.Index == nil && b%BandRows == 0 && rows == min(BandRows, x.N()-b) {
		return s.orders[bits.Len(uint(group))-1]()[b*((bandsOf(s.in)+group-1)/group):], rows
	}
	if p.successive == nil {
		p.successive = make([]byte, BandRows)
		for r := range p.successive {
			p.successive[r] = byte(r)
		}
	}
	return p.successive, 0
}

// bandsAtOnce is of how many bands the weights are near, if a row of them takes so many bytes: a number that divides the
// bands that an entry tells apart.
func bandsAtOnce(row int) int {
	n := entryColumns / bandColumns
	for n > 1 && n*bandColumns*row > nearBytes {
		n /= 2
	}
	return n
}

// findBands notes where the rows of a batch are. It reads a number of every line of the cache on which they lie, as find
// does.
func (p *Products[F]) findBands(x Rows[F], b, rows int) {
	s := x.Zeros.bands
	p.places, p.plan = grow(p.places, 2*rows), grow(p.plan, rows)
	var touched uint64
	touch := func(data []uint16) {
		for k := 0; k < len(data); k += lineBytes / 2 {
			touched += uint64(data[k])
		}
	}
	if x.Index == nil {
		touch(s.data[s.start[b]:s.start[b+rows]])
	}
	for r := range rows {
		i := x.at(b + r)
		p.places[2*r], p.places[2*r+1] = s.start[i], 0
		if x.Index != nil {
			touch(s.data[s.start[i]:s.start[i+1]])
		}
	}
	p.touched = touched
}
