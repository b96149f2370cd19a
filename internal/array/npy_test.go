package array

import (
	"strings"
	"testing"
)

// What numpy.save of NumPy 1.24 writes.
func TestNPY(t *testing.T) {
	header := func(s string) string { return "\x93NUMPY\x01\x00v\x00" + s + strings.Repeat(" ", 117-len(s)) + "\n" }
	got, err := NPY([]float32{1, -2.5, 0}, 1, 3)
	want := header("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }") + "\x00\x00\x80?\x00\x00 \xc0\x00\x00\x00\x00"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	got, err = NPY([]int64{3, -1}, 2)
	want = header("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }") + "\x03\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if _, err := NPY([]int64{3, -1}, 3); err == nil {
		t.Error("two numbers have the shape 3")
	}
}
