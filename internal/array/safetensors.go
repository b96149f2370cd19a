package array

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Tensor is an array with a name; its numbers stand row by row.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float64
}

// DType is the type that the numbers of a safetensors file are written in.
type DType string

// The types that networks are trained in.
const (
	F32 DType = "F32"
	F64 DType = "F64"
)

func (d DType) size() int {
	if d == F64 {
		return 8
	}
	return 4
}

// tensorHeader describes a tensor in the header of a safetensors file.
type tensorHeader struct {
	DType   DType  `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"` // begin and end, counted from the end of the header
}

// Safetensors encodes tensors as a safetensors file: the length of the header as
// 8 bytes, the header as JSON, padded with blanks to a multiple of 8 bytes, and
// the numbers in the order of the tensors, everything little-endian.
func Safetensors(tensors []Tensor, dtype DType) ([]byte, error) {
	header := map[string]tensorHeader{}
	end := 0
	for _, t := range tensors {
		begin := end
		end += dtype.size() * len(t.Data)
		header[t.Name] = tensorHeader{dtype, t.Shape, [2]int{begin, end}}
	}
	b, err := encodeHeader(header)
	if err != nil {
		return nil, err
	}
	b = slices.Grow(b, end)
	for _, t := range tensors {
		for _, v := range t.Data {
			if dtype == F64 {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
			} else {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
			}
		}
	}
	return b, nil
}

// ReadSafetensors decodes the tensors of a safetensors file of F32 and F64 numbers, in the order in which they stand in it.
// The error says what is wrong with bytes that are no such file.
func ReadSafetensors(file []byte) ([]Tensor, error) {
	end, err := headerEnd(file)
	if err != nil {
		return nil, err
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(file[8:end], &entries); err != nil {
		return nil, fmt.Errorf("header of the weights: %w", err)
	}
	delete(entries, "__metadata__")
	begins := map[string]int{}
	tensors := make([]Tensor, 0, len(entries))
	for name, entry := range entries {
		var h tensorHeader
		if err := json.Unmarshal(entry, &h); err != nil {
			return nil, fmt.Errorf("header of the tensor %s: %w", name, err)
		}
		data, err := h.read(file[end:])
		if err != nil {
			return nil, fmt.Errorf("tensor %s: %w", name, err)
		}
		begins[name] = h.Offsets[0]
		tensors = append(tensors, Tensor{name, h.Shape, data})
	}
	slices.SortFunc(tensors, func(a, b Tensor) int {
		return cmp.Or(cmp.Compare(begins[a.Name], begins[b.Name]), cmp.Compare(a.Name, b.Name))
	})
	return tensors, nil
}

// read decodes the numbers of a tensor.
func (h tensorHeader) read(numbers []byte) ([]float64, error) {
	if h.DType != F32 && h.DType != F64 {
		return nil, fmt.Errorf("its numbers are %s; they can be F32 or F64", h.DType)
	}
	size, begin, end := h.DType.size(), h.Offsets[0], h.Offsets[1]
	if begin < 0 || end < begin || end > len(numbers) || (end-begin)%size != 0 {
		return nil, fmt.Errorf("it stands from byte %d to %d of %d", begin, end, len(numbers))
	}
	n := 1
	for _, d := range h.Shape {
		if d < 0 || d > 0 && n > (end-begin)/size/d {
			return nil, fmt.Errorf("%d bytes are no numbers of the shape %v", end-begin, h.Shape)
		}
		n *= d
	}
	if n != (end-begin)/size {
		return nil, fmt.Errorf("%d bytes are no numbers of the shape %v", end-begin, h.Shape)
	}
	data := make([]float64, n)
	for i := range data {
		if at := numbers[begin+i*size:]; h.DType == F64 {
			data[i] = math.Float64frombits(binary.LittleEndian.Uint64(at))
		} else {
			data[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(at)))
		}
	}
	return data, nil
}

// headerEnd is where the header of a safetensors file ends.
func headerEnd(file []byte) (int, error) {
	if len(file) < 8 || binary.LittleEndian.Uint64(file) > uint64(len(file)-8) {
		return 0, errors.New("these weights are not a safetensors file")
	}
	return 8 + int(binary.LittleEndian.Uint64(file)), nil
}

// Annotate gives a safetensors file with notes under the key __metadata__ of its
// header, where every reader of the format finds them; notes that were there go.
// It fails if the bytes are not such a file.
func Annotate(file []byte, notes map[string]string) ([]byte, error) {
	end, err := headerEnd(file)
	if err != nil {
		return nil, err
	}
	var header map[string]any
	if err := json.Unmarshal(file[8:end], &header); err != nil {
		return nil, fmt.Errorf("header of the weights: %w", err)
	}
	header["__metadata__"] = notes
	b, err := encodeHeader(header)
	return append(b, file[end:]...), err
}

// encodeHeader writes the length of a header and the header.
func encodeHeader(header any) ([]byte, error) {
	text, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	text = append(text, bytes.Repeat([]byte(" "), (8-len(text)%8)%8)...)
	return append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...), nil
}
