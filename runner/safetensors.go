package runner

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"nightshift/mlp"
)

// tensorHeader describes a tensor in the header of a safetensors file.
type tensorHeader struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"` // begin and end, counted from the end of the header
}

// encodeTensors writes a safetensors file: the length of the header as 8 bytes,
// the header as JSON, padded with blanks to a multiple of 8 bytes, and the
// numbers of the tensors, everything little-endian. The numbers have the
// network's precision, so nothing is lost or made up.
func encodeTensors(tensors []mlp.Tensor, precision string) ([]byte, error) {
	dtype, size := "F32", 4
	if precision == "float64" {
		dtype, size = "F64", 8
	}
	header := map[string]tensorHeader{}
	end := 0
	for _, t := range tensors {
		begin := end
		end += size * len(t.Data)
		header[t.Name] = tensorHeader{dtype, t.Shape, [2]int{begin, end}}
	}
	b, err := encodeHeader(header)
	if err != nil {
		return nil, err
	}
	b = slices.Grow(b, end)
	for _, t := range tensors {
		for _, v := range t.Data {
			if size == 8 {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
			} else {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
			}
		}
	}
	return b, nil
}

// Annotate adds notes to a safetensors file, under the key __metadata__ of its
// header, where every reader of the format finds them.
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
