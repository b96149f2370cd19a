package runner

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"
	"testing"

	"nightshift/mlp"
)

// decodeTensors reads a safetensors file by the format's description, strictly.
// The tensors come in the order of their data.
func decodeTensors(t *testing.T, b []byte) []mlp.Tensor {
	t.Helper()
	n := int(binary.LittleEndian.Uint64(b))
	if n%8 != 0 || b[8] != '{' {
		t.Fatalf("header of %d bytes that begins with %q", n, b[8])
	}
	var header map[string]struct {
		DType   string `json:"dtype"`
		Shape   []int  `json:"shape"`
		Offsets []int  `json:"data_offsets"`
	}
	check(t, json.Unmarshal(b[8:8+n], &header))
	data := b[8+n:]
	var names []string
	for name := range header {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return header[a].Offsets[0] - header[b].Offsets[0] })
	end := 0
	var tensors []mlp.Tensor
	for _, name := range names {
		h := header[name]
		if h.Offsets[0] != end {
			t.Fatalf("%s begins at %d, want %d: no holes", name, h.Offsets[0], end)
		}
		end = h.Offsets[1]
		tensor := mlp.Tensor{Name: name, Shape: h.Shape}
		size := map[string]int{"F32": 4, "F64": 8}[h.DType]
		for raw := data[h.Offsets[0]:h.Offsets[1]]; len(raw) > 0; raw = raw[size:] {
			if size == 4 {
				tensor.Data = append(tensor.Data, float64(math.Float32frombits(binary.LittleEndian.Uint32(raw))))
			} else {
				tensor.Data = append(tensor.Data, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
			}
		}
		count := 1
		for _, d := range h.Shape {
			count *= d
		}
		if count != len(tensor.Data) {
			t.Fatalf("%s: %d numbers for the shape %v", name, len(tensor.Data), h.Shape)
		}
		tensors = append(tensors, tensor)
	}
	if end != len(data) {
		t.Fatalf("%d bytes of data, the header knows of %d", len(data), end)
	}
	return tensors
}
