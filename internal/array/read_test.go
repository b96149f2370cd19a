package array

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fileOf is a safetensors file by hand: the length of the header, the header, the numbers.
func fileOf(header string, numbers ...byte) []byte {
	return slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), []byte(header), numbers)
}

// TestReadSafetensors: bytes that stand in the description of the format (github.com/huggingface/safetensors, README); 1 is
// 0x3f800000 and -2 is 0xc0000000 in 4 bytes, and 1 is 0x3ff0000000000000 in 8.
func TestReadSafetensors(t *testing.T) {
	one32, minusTwo32, one64 := []byte{0, 0, 0x80, 0x3f}, []byte{0, 0, 0, 0xc0}, []byte{0, 0, 0, 0, 0, 0, 0xf0, 0x3f}
	got, err := ReadSafetensors(fileOf(`{"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"__metadata__":{"x":"y"},`+
		`"a":{"dtype":"F64","shape":[],"data_offsets":[8,16]},"c":{"dtype":"F32","shape":[0],"data_offsets":[16,16]}}`,
		slices.Concat(one32, minusTwo32, one64)...))
	want := []Tensor{{"b", []int{2, 1}, []float64{1, -2}}, {"a", []int{}, []float64{1}}, {"c", []int{0}, []float64{}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"short":        {[]byte{1, 2}, "not a safetensors file"},
		"long header":  {fileOf("{}")[:9], "not a safetensors file"},
		"no JSON":      {fileOf("{"), "header of the weights"},
		"no tensor":    {fileOf(`{"a":3}`), "header of the tensor a"},
		"other type":   {fileOf(`{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}`, 0, 0), "tensor a: its numbers are BF16"},
		"outside":      {fileOf(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, one32...), "from byte 0 to 8 of 4"},
		"other shape":  {fileOf(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, one32...), "no numbers of the shape [2]"},
		"large shape":  {fileOf(`{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}`, one32...), "no numbers"},
		"negative":     {fileOf(`{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}`, one32...), "no numbers of the shape"},
		"wrong offset": {fileOf(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, one32...), "from byte 4 to 0"},
	} {
		if _, err := ReadSafetensors(c.file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// FuzzReadSafetensors: whatever the bytes, tensors whose shapes fit their numbers, or an error.
func FuzzReadSafetensors(f *testing.F) {
	made, err := Safetensors([]Tensor{{"w", []int{2, 2}, []float64{1, 2, 3, 4}}, {"b", []int{2}, []float64{5, 6}}}, F32)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(made)
	f.Add(fileOf(`{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`, make([]byte, 8)...))
	f.Fuzz(func(t *testing.T, file []byte) {
		tensors, err := ReadSafetensors(file)
		if err != nil {
			return
		}
		for _, x := range tensors {
			n := 1
			for _, d := range x.Shape {
				n *= d
			}
			if n != len(x.Data) {
				t.Errorf("%s: %d numbers of the shape %v", x.Name, len(x.Data), x.Shape)
			}
		}
	})
}
