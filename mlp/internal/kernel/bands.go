package kernel

import "encoding/binary"

const (
	// BandRows is how many rows are multiplied at once, band by band.
	BandRows = 128
	// bandColumns is how many columns a band has: so many rows of the other matrix, where it is bandWidth registers wide,
	// stay in the first-level cache.
	bandColumns = 64
)

// Bands is rows of bytes, most of them 0, cut into bands of columns: for products of the same rows with many matrices, of
// which a band is multiplied with many rows while it is in the cache. It is never written to once it is made, so it can
// be shared.
type Bands struct {
	in int
	// A stream of BandRows rows, fewer in the last one, says for one band after the other how many rows follow that are
	// not all 0 in the band. A row is its number, how many entries follow, and these: the column, counted from the band's
	// first, and the byte. Rows of as many entries stand together, so that a processor foresees where they end.
	streams [][]byte
}

// Bander makes Bands.
type Bander struct {
	to   *Bands
	rows []bandRow         // that are in no stream yet
	ends [][BandRows]int32 // by band, where in each row it ends
	last []int32           // of the row that is added: by band, where it ends, 0 if the row has nothing there
}

type bandRow struct {
	columns []uint16
	values  []byte
}

// NewBander begins rows of so many columns.
func NewBander(in int) *Bander {
	return &Bander{to: &Bands{in: in}, ends: make([][BandRows]int32, bandsOf(in)), last: make([]int32, bandsOf(in))}
}

// Add appends a row that is not zero in the given columns, which rise.
func (s *Bander) Add(columns []uint16, values []byte) {
	clear(s.last)
	for k, c := range columns { // the last column of a band says it; no branch that depends on where bands end
		s.last[c/bandColumns] = int32(k + 1)
	}
	end, r := int32(0), len(s.rows)
	for b, last := range s.last {
		end = max(end, last)
		s.ends[b][r] = end
	}
	s.rows = append(s.rows, bandRow{columns, values[:len(columns)]})
	if len(s.rows) == BandRows {
		s.flush()
	}
}

// flush writes the stream of the rows so far.
func (s *Bander) flush() {
	size := len(s.ends) * (1 + 2*len(s.rows))
	for _, r := range s.rows {
		size += 2 * len(r.columns)
	}
	stream := make([]byte, 0, size)
	for b := range s.ends {
		stream = s.write(stream, b)
	}
	s.to.streams, s.rows = append(s.to.streams, stream), s.rows[:0]
}

// write appends a band to a stream.
func (s *Bander) write(stream []byte, b int) []byte {
	var starts, counts [BandRows]int32
	var with [bandColumns + 1]int // rows that have so many entries
	for r := range s.rows {
		if b > 0 {
			starts[r] = s.ends[b-1][r]
		}
		counts[r] = s.ends[b][r] - starts[r]
		with[counts[r]]++
	}
	var order [BandRows]byte
	at := -with[0] // rows without entries are left out
	for n, rows := range with {
		with[n] = at
		at += rows
	}
	for r := range s.rows {
		if n := counts[r]; n > 0 {
			order[with[n]] = byte(r)
			with[n]++
		}
	}
	stream = append(stream, byte(at))
	for _, r := range order[:at] {
		from, n := starts[r], counts[r]
		columns, values := s.rows[r].columns[from:from+n], s.rows[r].values[from:from+n]
		stream = append(stream, r, byte(n))
		entries := stream[len(stream) : len(stream)+2*len(columns)]
		for k, c := range columns {
			binary.LittleEndian.PutUint16(entries[2*k:2*k+2], c%bandColumns|uint16(values[k])<<8)
		}
		stream = stream[:len(stream)+len(entries)]
	}
	return stream
}

// Bands is all rows that were added. The bander is of no more use.
func (s *Bander) Bands() *Bands {
	if len(s.rows) > 0 {
		s.flush()
	}
	return s.to
}

// BandBytes is the memory of Bands of so many rows, of whose numbers so large a share is not 0.
func BandBytes(rows, in, nonzero float64) float64 {
	return rows * 2 * (in*nonzero + in/bandColumns + 1)
}

// BandsV computes z = bias + x·v for the rows of x from row at on, a multiple of BandRows. The numbers of x are those that
// the table has for its bytes; zeros contribute nothing. Shapes: z [*, out], bias [out].
func (p *Products[F]) BandsV(z []F, x *Bands, at int, table *[256]F, v *InputMajor[F], bias []F) {
	out := v.Out
	rows := len(z) / out
	bias = bias[:out]
	for r := 0; r < rows; r += BandRows {
		part, stream := z[r*out:min(r+BandRows, rows)*out], x.streams[(at+r)/BandRows]
		if p.plainSparse() {
			loopBands(part, bias, v, stream, table, p.axpy())
		} else {
			p.bandsV(part, bias, v, stream, table)
		}
	}
}

func (p *Products[F]) bandsV(z, bias []F, v *InputMajor[F], stream []byte, table *[256]F) {
	f, out := p.fast, v.Out
	if most := BandRows * f.bandWidth * f.lanes; len(p.stripe) < most {
		p.stripe = Aligned[F](most)
	}
	vecs := (out + f.lanes - 1) / f.lanes
	stripes := (vecs + f.bandWidth - 1) / f.bandWidth
	vecs = (vecs + stripes - 1) / stripes
	for o := 0; o < out; o += vecs * f.lanes {
		used := min(vecs*f.lanes, out-o)
		needed := (used + f.lanes - 1) / f.lanes
		step, sums := needed*f.lanes, p.stripe
		for lo, s := o, sums; lo < len(z); lo, s = lo+out, s[step:] {
			copy(s[:used], bias[o:])
		}
		f.bands(&sums[0], &v.Data[o], v.Stride*f.size, needed, &stream[0], bandsOf(v.In), bandColumns, &table[0])
		for lo, s := o, sums; lo < len(z); lo, s = lo+out, s[step:] {
			copy(z[lo:lo+used], s)
		}
	}
}

// bandsOf is how many bands so many columns are.
func bandsOf(in int) int { return (in + bandColumns - 1) / bandColumns }

// loopBands computes z = bias + x·v for the rows x of a stream. Shapes: z [*, out], bias [out].
func loopBands[F Float](z, bias []F, v *InputMajor[F], stream []byte, table *[256]F, axpy func(w []F, a F, x []F)) {
	out := v.Out
	for lo := 0; lo < len(z); lo += out {
		copy(z[lo:], bias)
	}
	for first := range bandsOf(v.In) {
		rows := stream[0]
		stream = stream[1:]
		for range rows {
			row, count := z[int(stream[0])*out:][:out], int(stream[1])
			stream = stream[2:]
			for range count {
				axpy(row, table[stream[1]], v.Data[(first*bandColumns+int(stream[0]))*v.Stride:])
				stream = stream[2:]
			}
		}
	}
}
