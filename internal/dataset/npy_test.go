package dataset

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// npyBytes is an .npy file of the first version of the format, as its
// specification (NEP 1) has it.
func npyBytes(descr, shape string, fortran bool, data []byte) []byte {
	order := "False"
	if fortran {
		order = "True"
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, order, shape)
	header += strings.Repeat(" ", 63-(10+len(header))%64) + "\n"
	b := append([]byte("\x93NUMPY\x01\x00"), binary.LittleEndian.AppendUint16(nil, uint16(len(header)))...)
	return append(append(b, header...), data...)
}

func floats(values ...float32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

func zipBytes(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// writeNpz writes examples of four classes that tell which they are.
func writeNpz(t *testing.T, path string, train, test int) {
	t.Helper()
	files := map[string][]byte{}
	for k, n := range []int{train, test} {
		var x []float32
		y := make([]byte, n)
		for i := range n {
			x = append(x, float32(i), float32(k)+0.5)
			y[i] = byte(i % 4)
		}
		part := []string{"train", "test"}[k]
		files["x_"+part+".npy"] = npyBytes("<f4", fmt.Sprintf("(%d, 2)", n), false, floats(x...))
		files["y_"+part+".npy"] = npyBytes("|u1", fmt.Sprintf("(%d,)", n), false, y)
	}
	write(t, path, zipBytes(t, files))
}

func TestNpy(t *testing.T) {
	for _, c := range []struct {
		name, descr, shape string
		fortran            bool
		data               []byte
		want               []float64
	}{
		{"float32", "<f4", "(2, 1)", false, floats(0.5, -2), []float64{0.5, -2}},
		{"float64, big-endian", ">f8", "(1,)", false, []byte{0x3f, 0xf8, 0, 0, 0, 0, 0, 0}, []float64{1.5}},
		{"bytes", "|u1", "(3,)", false, []byte{0, 128, 255}, []float64{0, 128, 255}},
		{"int16", "<i2", "(2,)", false, []byte{0xff, 0xff, 1, 1}, []float64{-1, 257}},
		{"int64, big-endian", ">i8", "(1,)", false, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}, []float64{-2}},
		{"bool", "|b1", "(2,)", false, []byte{1, 0}, []float64{1, 0}},
		{"columns first", "|u1", "(2, 3)", true, []byte{1, 4, 2, 5, 3, 6}, []float64{1, 2, 3, 4, 5, 6}},
	} {
		a, err := parseNpy(bytes.NewReader(npyBytes(c.descr, c.shape, c.fortran, c.data)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []float64
		for i := range c.want {
			got = append(got, a.value(i))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	a, err := parseNpy(bytes.NewReader(npyBytes("<U2", "(2,)", false,
		[]byte("a\x00\x00\x00\xe9\x00\x00\x00b\x00\x00\x00\x00\x00\x00\x00"))))
	if err != nil || a.word(0) != "aé" || a.word(1) != "b" {
		t.Errorf("text: %v", err)
	}
}

// Labels of whole numbers are those numbers, also where float64 is too coarse for them.
func TestLabelsOfLongNumbers(t *testing.T) {
	for descr, c := range map[string]struct {
		data []byte
		want string
	}{
		"<i8": {[]byte{1, 0, 0, 0, 0, 0, 0x20, 0}, "9007199254740993"},
		">i8": {[]byte{0xff, 0xdf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, "-9007199254740993"},
		"<u8": {[]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, "18446744073709551615"},
		"|i1": {[]byte{0xff}, "-1"},
	} {
		a, err := parseNpy(bytes.NewReader(npyBytes(descr, "(1,)", false, c.data)))
		if err != nil || a.word(0) != c.want {
			t.Errorf("%s: %s, %v, want %s", descr, a.word(0), err, c.want)
		}
	}
}

func TestNpyRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"objects":  {npyBytes("|O8", "(2,)", false, nil), "type O8"},
		"pickled":  {npyBytes("|O", "(2,)", false, nil), "or as text, with .astype(str)"},
		"complex":  {npyBytes("<c8", "(2,)", false, nil), "its numbers are complex"},
		"one":      {npyBytes("<f4", "()", false, floats(1)), "one value"},
		"short":    {npyBytes("<f4", "(2,)", false, floats(1)), "needs 8 bytes"},
		"absurd":   {npyBytes("<f4", "(99999999, 99999999)", false, nil), "over the limit"},
		"cut":      {npyBytes("<f4", "(2,)", false, nil)[:40], "ends in its header"},
		"no array": {[]byte("hello, world"), "no .npy array"},
		"a zip":    {[]byte("PK\x03\x04...."), "zip archive"},
	} {
		_, err := parseNpy(bytes.NewReader(c.content))
		wantError(t, err, c.want)
		if err == nil {
			t.Error(name)
		}
	}
}

func TestArrays(t *testing.T) {
	dir := t.TempDir()
	bitmap := func(n int, v byte) []byte {
		return npyBytes("|u1", fmt.Sprintf("(%d, 4)", n), false, bytes.Repeat([]byte{v}, 4*n))
	}
	write(t, filepath.Join(dir, "draw/full_numpy_bitmap_cat.npy"), bitmap(6, 255))
	write(t, filepath.Join(dir, "draw/full_numpy_bitmap_ice cream.npy"), bitmap(4, 51))
	d := mustLoad(t, Spec{Set: "npy", Path: "draw", Test: 2, Scale: "unit"}, 0, []string{dir})
	if d.In != 4 || strings.Join(d.Classes, "|") != "cat|ice cream" || d.Train.N != 8 {
		t.Errorf("%d inputs, classes %q, %d examples", d.In, d.Classes, d.Train.N)
	}
	for i, label := range d.Train.Labels { // bytes are pixels: 255 is 1
		if want := []float32{1, 0.2}[label]; d.Train.X[4*i] != want {
			t.Errorf("class %d is %g", label, d.Train.X[4*i])
		}
	}
	write(t, filepath.Join(dir, "x.npy"), npyBytes("<f4", "(4, 1)", false, floats(1, 2, 3, 4)))
	write(t, filepath.Join(dir, "y.npy"), npyBytes("<i8", "(4,)", false,
		[]byte("\x05\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00"+
			"\x07\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00")))
	s := Spec{Set: "npy", Path: "x.npy", Test: 1, Scale: "none"}
	_, err := NewFiles([]string{dir}).Load(s, 0)
	wantError(t, err, "say labels: with the .npy file")
	s.Labels = "y.npy"
	if d := mustLoad(t, s, 0, []string{dir}); strings.Join(d.Classes, " ") != "5 7" || d.Train.N != 3 {
		t.Errorf("classes %q, %d examples", d.Classes, d.Train.N)
	}
	write(t, filepath.Join(dir, "bomb.npz"), zipBytes(t, map[string][]byte{"x.npy": make([]byte, maxInflated+1), "y.npy": nil}))
	_, err = NewFiles([]string{dir}).Load(Spec{Set: "npy", Path: "bomb.npz", Scale: "none"}, 0)
	wantError(t, err, "unpacks to more than")
}

func FuzzNpy(f *testing.F) {
	f.Add(npyBytes("<f4", "(2, 1)", false, floats(1, 2)))
	f.Add(npyBytes("<U2", "(1,)", true, []byte("a\x00\x00\x00b\x00\x00\x00")))
	f.Add(npyBytes("|u1", "(2, 3)", true, []byte{1, 2, 3, 4, 5, 6}))
	f.Fuzz(func(t *testing.T, content []byte) {
		a, err := parseNpy(bytes.NewReader(content))
		if err != nil || len(a.data) == 0 {
			return
		}
		n := len(a.data) / a.width
		if n != a.shape[0]*a.inner() {
			t.Fatalf("shape %v with %d values", a.shape, n)
		}
		a.word(n - 1)
		if a.kind != 'U' && a.kind != 'S' {
			a.value(n - 1)
		}
	})
}

func FuzzNpz(f *testing.F) {
	f.Add(zipBytes(f, map[string][]byte{"x.npy": npyBytes("|u1", "(2, 1)", false, []byte{1, 2}),
		"y.npy": npyBytes("|u1", "(2,)", false, []byte{0, 1})}))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, content []byte) {
		z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return
		}
		parts, err := namedArrays(zipStore(z))
		c, err := arrayCorpus("a.npz", parts, err)
		if err == nil && (len(c.classes) < 2 || c.train.n != len(c.train.labels)) {
			t.Errorf("%d classes, %d examples with %d labels", len(c.classes), c.train.n, len(c.train.labels))
		}
	})
}

// Half floats are what they stand for: the table of values in the article on
// half-precision floating point that follows IEEE 754.
func TestHalfFloats(t *testing.T) {
	for bits, want := range map[uint16]float64{
		0x0000: 0, 0x0001: math.Ldexp(1, -24), 0x03ff: 1023 * math.Ldexp(1, -24), 0x0400: math.Ldexp(1, -14),
		0x3555: 0.333251953125, 0x3bff: 0.99951171875, 0x3c00: 1, 0x3c01: 1.0009765625, 0x7bff: 65504,
		0x7c00: math.Inf(1), 0xfc00: math.Inf(-1), 0xc000: -2,
	} {
		if got := half(bits); got != want {
			t.Errorf("%04x is %v, want %v", bits, got, want)
		}
	}
	if !math.IsNaN(half(0x7e00)) {
		t.Error("7e00 is a number")
	}
	a, err := parseNpy(bytes.NewReader(npyBytes("<f2", "(2, 1)", false, []byte{0x00, 0x3c, 0x55, 0x35})))
	if err != nil || a.value(0) != 1 || a.value(1) != 0.333251953125 {
		t.Errorf("%+v: %v", a, err)
	}
}
