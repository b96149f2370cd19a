package runner

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"

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
	text, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	text = append(text, bytes.Repeat([]byte(" "), (8-len(text)%8)%8)...)

	b := binary.LittleEndian.AppendUint64(make([]byte, 0, 8+len(text)+end), uint64(len(text)))
	b = append(b, text...)
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
