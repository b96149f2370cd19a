package runner

import (
	"bytes"
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

func TestEncodeTensors(t *testing.T) {
	b, err := encodeTensors([]mlp.Tensor{{Name: "w", Shape: []int{1, 2}, Data: []float64{1, -2}}, {Name: "b", Shape: []int{1}, Data: []float64{0.5}}}, "float32")
	check(t, err)
	// As the Python package safetensors 0.4 reads and writes it, besides the order of the keys.
	header := `{"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}`
	for len(header)%8 != 0 {
		header += " "
	}
	want := append([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}, header...)
	want = append(want, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f)
	if !bytes.Equal(b, want) {
		t.Errorf("got\n%q\nwant\n%q", b, want)
	}
	third := []mlp.Tensor{{Name: "w", Shape: []int{3}, Data: []float64{1. / 3, math.Inf(1), -0.1}}}
	b, err = encodeTensors(third, "float64")
	check(t, err)
	equal(t, "float64", decodeTensors(t, b), third)
}

func TestAnnotate(t *testing.T) {
	tensors := []mlp.Tensor{{Name: "w", Shape: []int{1, 2}, Data: []float64{1, -2}}}
	b, err := encodeTensors(tensors, "float32")
	check(t, err)
	noted, err := Annotate(b, map[string]string{"config": `{"lr":0.1}`})
	check(t, err)
	n := binary.LittleEndian.Uint64(noted)
	if n%8 != 0 || !bytes.HasPrefix(noted[8:], []byte(`{"__metadata__":{"config":"{\"lr\":0.1}"},"w":{`)) {
		t.Errorf("got %q", noted)
	}
	if !bytes.Equal(noted[8+n:], b[len(b)-8:]) {
		t.Error("the numbers have changed")
	}
	again, err := Annotate(noted, map[string]string{"config": `{"lr":0.1}`})
	check(t, err)
	if !bytes.Equal(again, noted) {
		t.Error("the same notes are added twice")
	}
	for _, bad := range []string{"", "not weights at all", "\x01\x00\x00\x00\x00\x00\x00\x00x"} {
		if _, err := Annotate([]byte(bad), nil); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
