package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// array is what a .npy file holds.
type array struct {
	kind  byte   // u unsigned, i signed, f float, b bool, U and S text, as NumPy's
	width int    // bytes of a value; of U, four times its letters
	shape []int  // at least one dimension
	data  []byte // little-endian, rows first
}

// The fields of a header, which is a Python literal.
var (
	npyDescr   = regexp.MustCompile(`'descr'\s*:\s*'([<>|=])([uifbUSO])(\d+)'`)
	npyOrder   = regexp.MustCompile(`'fortran_order'\s*:\s*(True|False)`)
	npyShape   = regexp.MustCompile(`'shape'\s*:\s*\(([\d,\sL]*)\)`)
	errNpy     = errors.New("it is no .npy array of numbers or text")
	npyTimes   = regexp.MustCompile(`'descr'\s*:\s*'[<>|=][Mm]`)
	npyPickled = regexp.MustCompile(`'descr'\s*:\s*('\|O'|\[)`)
)

// maxArray bounds the bytes of an array: 4 GiB.
const maxArray = 1 << 32

// parseNpy reads an array of numbers, truth values or text. It never holds more
// than the file does, whatever its header claims.
func parseNpy(r io.Reader) (array, error) {
	var a array
	begin := make([]byte, 8)
	if _, err := io.ReadFull(r, begin); err != nil || !bytes.Equal(begin[:6], []byte("\x93NUMPY")) {
		if what := wrongKind(beginningOf(begin, r)); what != nil {
			return a, what
		}
		return a, errNpy
	}
	size := make([]byte, 2)
	if begin[6] > 1 {
		size = make([]byte, 4)
	}
	if _, err := io.ReadFull(r, size); err != nil {
		return a, errNpy
	}
	length := uint32(binary.LittleEndian.Uint16(size))
	if len(size) == 4 {
		length = binary.LittleEndian.Uint32(size)
	}
	if length > 1<<16 {
		return a, errNpy
	}
	header := make([]byte, length)
	if _, err := io.ReadFull(r, header); err != nil {
		return a, errors.New("the file ends in its header; get it again")
	}
	swapped, fortran, err := a.parseHeader(string(header))
	if err != nil {
		return a, err
	}
	total := a.width
	for _, n := range a.shape {
		if n > 0 && total > maxArray/n {
			return a, fmt.Errorf("its shape %v is over the limit of %d bytes", a.shape, maxArray)
		}
		total *= n
	}
	if a.data, err = io.ReadAll(io.LimitReader(r, int64(total)+1)); err != nil {
		return a, damaged(err)
	}
	if len(a.data) != total {
		return a, fmt.Errorf("shape %v needs %d bytes, and the file has %d or more; get it again", a.shape, total, len(a.data))
	}
	if swapped {
		a.swap()
	}
	if fortran && len(a.shape) > 1 {
		a.rowsFirst()
	}
	return a, nil
}

// parseHeader reads the type and shape of an array.
func (a *array) parseHeader(text string) (swapped, fortran bool, err error) {
	if npyPickled.MatchString(text) {
		return false, false, errors.New("it holds Python objects, not numbers: save it as numbers, with dtype=float32 or uint8, or as " +
			"text, with .astype(str)")
	}
	descr, order, shape := npyDescr.FindStringSubmatch(text), npyOrder.FindStringSubmatch(text), npyShape.FindStringSubmatch(text)
	if npyTimes.MatchString(text) {
		return false, false, errors.New("its values are times: save them as numbers, with x.astype(\"int64\") or as years and months")
	}
	if strings.Contains(text, "<c") || strings.Contains(text, ">c") {
		return false, false, errors.New("its numbers are complex: save their real parts, or real and imaginary parts as inputs")
	}
	if descr == nil || order == nil || shape == nil {
		return false, false, errNpy
	}
	a.kind = descr[2][0]
	a.width, err = strconv.Atoi(descr[3])
	if err != nil || a.width > 1<<16 {
		return false, false, errNpy
	}
	valid := map[byte]string{'u': "1 2 4 8", 'i': "1 2 4 8", 'f': "2 4 8", 'b': "1"}[a.kind]
	switch {
	case a.kind == 'U':
		a.width *= 4
	case a.kind == 'S':
	case !strings.Contains(" "+valid+" ", " "+descr[3]+" "):
		return false, false, fmt.Errorf("its numbers are of the type %s, which is not read; save it as float32, float64 or "+
			"whole numbers", descr[2]+descr[3])
	}
	for _, n := range strings.Split(shape[1], ",") {
		if n = strings.Trim(n, " \tL"); n == "" {
			continue
		}
		size, err := strconv.Atoi(n)
		if err != nil || size > maxArray {
			return false, false, errNpy
		}
		a.shape = append(a.shape, size)
	}
	if len(a.shape) == 0 || a.width == 0 {
		return false, false, errors.New("it holds one value and no rows")
	}
	return descr[1] == ">", order[1] == "True", nil
}

// swap makes big-endian values little-endian.
func (a *array) swap() {
	unit := a.width
	if a.kind == 'U' {
		unit = 4
	}
	if a.kind == 'S' {
		return
	}
	for i := 0; i+unit <= len(a.data); i += unit {
		for j := range unit / 2 {
			a.data[i+j], a.data[i+unit-1-j] = a.data[i+unit-1-j], a.data[i+j]
		}
	}
}

// rowsFirst puts values that were written with the first index running fastest
// in the order in which the last one does.
func (a *array) rowsFirst() {
	n := len(a.data) / a.width
	data := make([]byte, 0, len(a.data))
	index := make([]int, len(a.shape))
	for range n {
		at, stride := 0, 1
		for d, i := range index {
			at += i * stride
			stride *= a.shape[d]
		}
		data = append(data, a.data[at*a.width:(at+1)*a.width]...)
		for d := len(index) - 1; d >= 0; d-- {
			if index[d]++; index[d] < a.shape[d] {
				break
			}
			index[d] = 0
		}
	}
	a.data = data
}

// inner is the number of values of a row.
func (a array) inner() int {
	n := 1
	for _, size := range a.shape[1:] {
		n *= size
	}
	return n
}

// value is a number of the array.
func (a array) value(i int) float64 {
	b := a.data[i*a.width:]
	switch {
	case a.kind == 'f' && a.width == 2:
		return half(binary.LittleEndian.Uint16(b))
	case a.kind == 'f' && a.width == 4:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	case a.kind == 'f':
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	bits := a.bits(i)
	if a.kind == 'i' {
		return float64(a.signed(bits))
	}
	return float64(bits)
}

// bits are those of a value that is no fraction.
func (a array) bits(i int) (bits uint64) {
	for j, b := range a.data[i*a.width : (i+1)*a.width] {
		bits |= uint64(b) << (8 * j)
	}
	return bits
}

// signed is the number that the bits of a value stand for where the array has negative ones.
func (a array) signed(bits uint64) int64 {
	shift := 64 - 8*a.width
	return int64(bits<<shift) >> shift
}

// half is the number that a half float stands for, exactly: a sign, 5 bits of an
// exponent and 10 of a fraction (IEEE 754-2019, binary16).
func half(bits uint16) float64 {
	exponent, fraction := int(bits>>10&31), float64(bits&1023)
	v := math.Ldexp(1024+fraction, exponent-25)
	switch {
	case exponent == 0:
		v = math.Ldexp(fraction, -24)
	case exponent == 31 && fraction == 0:
		v = math.Inf(1)
	case exponent == 31:
		v = math.NaN()
	}
	if bits>>15 == 1 {
		v = -v
	}
	return v
}

// word is the text that a value is as a label.
func (a array) word(i int) string {
	b := a.data[i*a.width : (i+1)*a.width]
	switch a.kind {
	case 'S':
		return string(bytes.TrimRight(b, "\x00"))
	case 'U':
		var s strings.Builder
		for j := 0; j < len(b); j += 4 {
			if r := rune(binary.LittleEndian.Uint32(b[j:])); r != 0 {
				s.WriteRune(r)
			}
		}
		return s.String()
	case 'f':
		return strconv.FormatFloat(a.value(i), 'g', -1, 64)
	}
	bits := a.bits(i)
	if a.kind == 'i' {
		return strconv.FormatInt(a.signed(bits), 10)
	}
	return strconv.FormatUint(bits, 10)
}
