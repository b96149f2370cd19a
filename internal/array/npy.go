package array

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// NPY encodes an array in NumPy's format 1.0: a magic number, the header as a
// Python literal padded to a multiple of 64 bytes, and the numbers, little-endian
// and row by row. It fails if there are not as many values as the shape says.
func NPY[T float32 | int64](values []T, shape ...int) ([]byte, error) {
	size := 1
	var dims []string
	for _, n := range shape {
		size *= n
		dims = append(dims, fmt.Sprint(n))
	}
	if size != len(values) {
		return nil, fmt.Errorf("%d numbers do not have the shape %v", len(values), shape)
	}
	descr := "<f4"
	if _, whole := any(values).([]int64); whole {
		descr = "<i8"
	}
	tuple := strings.Join(dims, ", ")
	if len(dims) == 1 {
		tuple += ","
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, tuple)
	const before = 10 // bytes in front of the header
	header += strings.Repeat(" ", 63-(before+len(header))%64) + "\n"

	var b bytes.Buffer
	b.WriteString("\x93NUMPY\x01\x00")
	b.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(header))))
	b.WriteString(header)
	err := binary.Write(&b, binary.LittleEndian, values)
	return b.Bytes(), err
}
