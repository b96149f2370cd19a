package array

import (
	"bytes"
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

// Annotate gives a safetensors file with notes under the key __metadata__ of its
// header, where every reader of the format finds them; notes that were there go.
// It fails if the bytes are not such a file.
func Annotate(file []byte, notes map[string]string) ([]byte, error) {
	if len(file) < 8 || binary.LittleEndian.Uint64(file) > uint64(len(file)-8) {
		return nil, errors.New("these weights are not a safetensors file")
	}
	end := 8 + binary.LittleEndian.Uint64(file)
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
