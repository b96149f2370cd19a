package page

import (
	"encoding/binary"
	"errors"
	"math"
)

var errRecord = errors.New("not a record")

// varint reads a number of one to nine bytes; n is 0 where there is none.
func varint(b []byte) (v uint64, n int) {
	for i := range min(9, len(b)) {
		if i == 8 {
			return v<<8 | uint64(b[8]), 9
		}
		v = v<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// Record is a row: the kinds of its values, and they.
type Record struct{ kinds, body []byte }

// newRecord is the record that the content of a cell begins with.
func newRecord(content []byte) (Record, error) {
	length, n := varint(content)
	if n == 0 || length < uint64(n) || length > uint64(len(content)) {
		return Record{}, errRecord
	}
	return Record{content[n:length], content[length:]}, nil
}

// values decodes a record: nil, int64, float64, string or []byte each.
func values(record []byte) (list []any, err error) {
	r, err := newRecord(record)
	if err != nil {
		return nil, err
	}
	for {
		v, ok := r.Next()
		switch {
		case !ok:
			return nil, errRecord
		case v.Kind == None:
			return list, nil
		}
		list = append(list, v.Any())
	}
}

// sizeOf is how many bytes a value of a kind takes.
func sizeOf(kind uint64) uint64 {
	if kind >= 12 {
		return (kind - 12) / 2
	}
	return [12]uint64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}[kind]
}

// integer is that of one to eight bytes.
func integer(b []byte) int64 {
	v := int64(int8(b[0]))
	for _, x := range b[1:] {
		v = v<<8 | int64(x)
	}
	return v
}

// Kind says what a value is.
type Kind byte

// Kinds of values. None is that of a column behind the last of a row.
const (
	None Kind = iota
	Null
	Integer
	Float
	Text
	Blob
)

// Value is one of a row. Bytes are those of a text or blob.
type Value struct {
	Kind    Kind
	Integer int64
	Float   float64
	Bytes   []byte
}

// Next takes the first value off the row; false where that is none.
func (r *Record) Next() (v Value, ok bool) {
	if len(r.kinds) == 0 {
		return Value{}, len(r.body) == 0
	}
	kind, n := varint(r.kinds)
	size := sizeOf(kind)
	if n == 0 || size > uint64(len(r.body)) {
		return Value{}, false
	}
	b := r.body[:size]
	r.kinds, r.body = r.kinds[n:], r.body[size:]
	switch {
	case kind == 0:
		return Value{Kind: Null}, true
	case kind <= 6:
		return Value{Kind: Integer, Integer: integer(b)}, true
	case kind == 7:
		return Value{Kind: Float, Float: math.Float64frombits(binary.BigEndian.Uint64(b))}, true
	case kind <= 9:
		return Value{Kind: Integer, Integer: int64(kind - 8)}, true
	case kind < 12:
		return Value{}, false
	case kind%2 == 0:
		return Value{Kind: Blob, Bytes: b}, true
	}
	return Value{Kind: Text, Bytes: b}, true
}

// Float takes the first value off the row if that is a float.
func (r *Record) Float() (v float64, ok bool) {
	if len(r.kinds) == 0 || r.kinds[0] != 7 || len(r.body) < 8 {
		return 0, false
	}
	v = math.Float64frombits(binary.BigEndian.Uint64(r.body))
	r.kinds, r.body = r.kinds[1:], r.body[8:]
	return v, true
}

// Any is the value as nil, int64, float64, string or []byte, whose bytes are its own.
func (v Value) Any() any {
	switch v.Kind {
	case Integer:
		return v.Integer
	case Float:
		return v.Float
	case Text:
		return string(v.Bytes)
	case Blob:
		return append([]byte{}, v.Bytes...)
	}
	return nil
}
