package page

import (
	"encoding/binary"
	"math"
)

// Writer makes the record of a row, value by value.
type Writer struct{ kinds, body []byte }

// Null adds a value that is none.
func (w *Writer) Null() { w.kinds = append(w.kinds, 0) }

// Float adds a number, zero without a sign as SQLite has it.
func (w *Writer) Float(v float64) {
	w.kinds = append(w.kinds, 7)
	w.body = binary.BigEndian.AppendUint64(w.body, math.Float64bits(v+0))
}

// Text adds a text.
func (w *Writer) Text(v string) {
	w.kinds = putVarint(w.kinds, 13+2*uint64(len(v)))
	w.body = append(w.body, v...)
}

// Integer adds one in as few bytes as SQLite has a kind for.
func (w *Writer) Integer(v int64) {
	if v == 0 || v == 1 {
		w.kinds = append(w.kinds, 8+byte(v))
		return
	}
	kind := byte(6)
	for i, bits := range [...]int{7, 15, 23, 31, 47} {
		if v>>bits == v>>63 { // all that is left is the sign
			kind = byte(i + 1)
			break
		}
	}
	w.kinds = append(w.kinds, kind)
	for at := 8 * int(sizeOf(uint64(kind))); at > 0; {
		at -= 8
		w.body = append(w.body, byte(v>>at))
	}
}

// Record adds the row to a list of bytes, and begins another one.
func (w *Writer) Record(to []byte) []byte {
	length := uint64(len(w.kinds) + 1)
	if length > 127 { // its own size counts
		length++
	}
	to = append(append(putVarint(to, length), w.kinds...), w.body...)
	w.kinds, w.body = w.kinds[:0], w.body[:0]
	return to
}

// putVarint adds a number below 2^56.
func putVarint(to []byte, v uint64) []byte {
	at := 0
	for v>>(at+7) > 0 {
		at += 7
	}
	for ; at > 0; at -= 7 {
		to = append(to, byte(v>>at)|0x80)
	}
	return append(to, byte(v&0x7f))
}
