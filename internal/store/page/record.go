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

// values decodes a record: nil, int64, float64, string or []byte each.
func values(record []byte) ([]any, error) {
	length, n := varint(record)
	if n == 0 || length < uint64(n) || length > uint64(len(record)) {
		return nil, errRecord
	}
	types, body := record[n:length], record[length:]
	var list []any
	for len(types) > 0 {
		kind, n := varint(types)
		if n == 0 {
			return nil, errRecord
		}
		types = types[n:]
		size := sizeOf(kind)
		if size > uint64(len(body)) {
			return nil, errRecord
		}
		v, ok := value(kind, body[:size])
		if !ok {
			return nil, errRecord
		}
		list, body = append(list, v), body[size:]
	}
	if len(body) > 0 {
		return nil, errRecord
	}
	return list, nil
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

func value(kind uint64, b []byte) (any, bool) {
	switch {
	case kind == 0:
		return nil, true
	case kind <= 6:
		return integer(b), true
	case kind == 7:
		return math.Float64frombits(binary.BigEndian.Uint64(b)), true
	case kind <= 9:
		return int64(kind - 8), true
	case kind < 12:
		return nil, false
	case kind%2 == 0:
		return append([]byte{}, b...), true
	}
	return string(b), true
}
