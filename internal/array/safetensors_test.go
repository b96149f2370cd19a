package array

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
)

func TestSafetensors(t *testing.T) {
	b, err := Safetensors([]Tensor{{Name: "w", Shape: []int{1, 2}, Data: []float64{1, -2}}, {Name: "b", Shape: []int{1}, Data: []float64{0.5}}}, F32)
	if err != nil {
		t.Fatal(err)
	}
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
	b, err = Safetensors([]Tensor{{Name: "w", Shape: []int{2}, Data: []float64{math.Inf(1), -0.1}}}, F64)
	if err != nil {
		t.Fatal(err)
	}
	if data := string(b[8+binary.LittleEndian.Uint64(b):]); data != "\x00\x00\x00\x00\x00\x00\xf0\x7f\x9a\x99\x99\x99\x99\x99\xb9\xbf" {
		t.Errorf("the numbers in float64 are %q", data)
	}
}

func TestAnnotate(t *testing.T) {
	tensors := []Tensor{{Name: "w", Shape: []int{1, 2}, Data: []float64{1, -2}}}
	b, err := Safetensors(tensors, F32)
	if err != nil {
		t.Fatal(err)
	}
	noted, err := Annotate(b, map[string]string{"config": `{"lr":0.1}`})
	if err != nil {
		t.Fatal(err)
	}
	n := binary.LittleEndian.Uint64(noted)
	if n%8 != 0 || !bytes.HasPrefix(noted[8:], []byte(`{"__metadata__":{"config":"{\"lr\":0.1}"},"w":{`)) {
		t.Errorf("got %q", noted)
	}
	if !bytes.Equal(noted[8+n:], b[len(b)-8:]) {
		t.Error("the numbers have changed")
	}
	again, err := Annotate(noted, map[string]string{"config": `{"lr":0.1}`})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, noted) {
		t.Error("the same notes are added twice")
	}
	for _, bad := range []string{"", "not weights at all", "\x01\x00\x00\x00\x00\x00\x00\x00x"} {
		if _, err := Annotate([]byte(bad), nil); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
