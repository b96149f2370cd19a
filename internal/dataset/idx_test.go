package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func idxBytes(values []byte, sizes ...int) []byte {
	b := []byte{0, 0, 8, byte(len(sizes))}
	for _, n := range sizes {
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	return append(b, values...)
}

func gzipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// writeIDX writes a data set whose images tell which example they are.
func writeIDX(t *testing.T, dir string, rows, columns, classes, train, test int) {
	t.Helper()
	for k, n := range []int{train, test} {
		images := make([]byte, n*rows*columns)
		labels := make([]byte, n)
		for i := range n {
			images[i*rows*columns] = byte(i)
			images[i*rows*columns+1] = byte(100 + 100*k)
			labels[i] = byte(i % classes)
		}
		write(t, filepath.Join(dir, idxNames[k][idxImages]), idxBytes(images, n, rows, columns))
		write(t, filepath.Join(dir, idxNames[k][idxLabels]), idxBytes(labels, n))
	}
}

func TestIDXPlainAndGzipAreTheSame(t *testing.T) {
	dir := t.TempDir()
	writeIDX(t, filepath.Join(dir, "a"), 2, 2, 2, 8, 4)
	writeIDX(t, filepath.Join(dir, "b"), 2, 2, 2, 8, 4)
	for _, name := range idxNames {
		for _, file := range name {
			path := filepath.Join(dir, "b", file)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path+".gz", gzipped(t, b))
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	s := Spec{Set: "idx", Scale: "unit"}
	var prints []string
	for _, s.Path = range []string{"a", "b", filepath.Join(dir, "a")} {
		f, err := fingerprint(s, []string{dir})
		if err != nil {
			t.Fatal(err)
		}
		prints = append(prints, f)
	}
	if prints[0] != prints[1] || prints[0] != prints[2] {
		t.Errorf("fingerprints differ: %q", prints)
	}
	s.Path = "b"
	d := mustLoad(t, s, 0, []string{dir})
	if d.In != 4 || d.Out != 2 || d.Train.N != 8 || d.Test.N != 4 {
		t.Errorf("loaded %d in, %d out, %d and %d examples", d.In, d.Out, d.Train.N, d.Test.N)
	}
	for i := range d.Test.N { // whole test file, in its order, divided by 255
		if got, want := d.Test.X[i*4], float32(i)/255; got != want || int(d.Test.Labels[i]) != i%2 {
			t.Errorf("test example %d is %g of class %d", i, got, d.Test.Labels[i])
		}
	}
}

func TestIDXRefusesBadFiles(t *testing.T) {
	images, labels := idxNames[0][idxImages], idxNames[0][idxLabels]
	good := idxBytes([]byte("thirty-two pixels of all colours"), 8, 2, 2)
	zip := gzipped(t, good)
	flipped := bytes.Clone(zip)
	flipped[len(zip)-8]++ // the checksum
	for _, c := range []struct {
		name, file string
		content    []byte // nil removes the file
		want       []string
	}{
		{"missing", labels, nil, []string{"neither train-labels-idx1-ubyte nor train-labels-idx1-ubyte.gz is there"}},
		{"empty", images, []byte{}, []string{images, "ends in its header, after 0 bytes", "get it again"}},
		{"short header", images, good[:9], []string{images, "ends in its header, after 9 bytes"}},
		{"wrong magic", images, []byte("PNG and other bytes"), []string{images, "starts with 50 4e 47", "is it the right file?"}},
		{"labels for images", images, idxBytes(make([]byte, 20), 20), []string{images, "it is IDX of bytes in 1 dimensions"}},
		{"cut short", images, good[:len(good)-1], []string{images, "cut short: sizes [8 2 2] need 32 bytes, it has 31"}},
		{"too long", images, append(bytes.Clone(good), 0), []string{images, "more bytes than the 32"}},
		{"absurd header", images, idxBytes(nil, 1<<31-1, 1, 1), []string{images, "cut short: sizes [2147483647 1 1] need " +
			"2147483647 bytes, it has 0"}},
		{"overflowing header", images, idxBytes(nil, 1<<31, 1<<31, 1<<31), []string{images, "over the limit"}},
		{"no images", images, idxBytes(nil, 0, 2, 2), []string{images, "holds no images"}},
		{"no pixels", images, idxBytes(nil, 8, 0, 2), []string{images, "no pixels (0 by 2)"}},
		{"count mismatch", labels, idxBytes(make([]byte, 7), 7), []string{labels, "has 7 labels for the 8 images",
			"do not belong together"}},
		{"one class", labels, idxBytes(make([]byte, 8), 8), []string{"every training label is 0; there is nothing to tell apart"}},
		{"test label", idxNames[1][idxLabels], idxBytes([]byte{0, 1, 9, 0}, 4), []string{"label 3 of the test examples is 9, " +
			"which no training label is"}},
		{"test size", idxNames[1][idxImages], idxBytes(make([]byte, 4*9), 4, 3, 3), []string{"training images have 4 pixels, " +
			"test images 9"}},
		{"cut gzip", images, zip[:len(zip)-12], []string{images, "damaged or cut short; get it again"}},
		{"broken gzip", images, flipped, []string{images, "damaged or cut short; get it again"}},
		{"unknown gzip", images, append([]byte{0x1f, 0x8b, 9}, good...), []string{images, "damaged or cut short"}},
		{"gzip of nothing", images, []byte{0x1f, 0x8b, 1}, []string{images, "damaged or cut short"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			writeIDX(t, dir, 2, 2, 2, 8, 4)
			if c.content == nil {
				if err := os.Remove(filepath.Join(dir, c.file)); err != nil {
					t.Fatal(err)
				}
			} else {
				write(t, filepath.Join(dir, c.file), c.content)
			}
			s := Spec{Set: "idx", Path: dir, Scale: "unit"}
			_, err := NewFiles(nil).Load(s, 0)
			wantError(t, err, append(c.want, dir)...)
			_, err = fingerprint(s, nil)
			wantError(t, err, c.want...)
		})
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %q", parts)
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error of more than one line: %q", err)
	}
}

func TestMissingFilesSayWhereTheyWereLookedFor(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	_, err := NewFiles([]string{a, b}).Load(Spec{Set: "mnist", Scale: "unit"}, 0)
	wantError(t, err, "looked for "+filepath.Join(a, "mnist")+", "+a+", ", filepath.Join(b, "mnist")+", "+b+", ",
		" with train-images-idx3-ubyte or train-images-idx3-ubyte.gz", a+" holds nothing", "--data DIR", "NIGHTSHIFT_DATA")
	_, err = NewFiles([]string{a}).Load(Spec{Set: "csv", Path: "no.csv", Scale: "none"}, 0)
	wantError(t, err, filepath.Join(a, "no.csv"), "--data DIR")
	_, err = NewFiles(nil).Load(Spec{Set: "csv", Path: "no.csv", Scale: "none"}, 0)
	wantError(t, err, "there is no data folder")
}

func TestMNISTIsFoundInTheFolderItself(t *testing.T) {
	dir := t.TempDir()
	writeIDX(t, dir, 28, 28, 10, 20, 10)
	if d := mustLoad(t, Spec{Set: "mnist", Scale: "unit"}, 0, []string{t.TempDir(), dir}); d.Train.N != 20 {
		t.Errorf("%d training examples", d.Train.N)
	}
	writeIDX(t, dir, 28, 28, 26, 52, 26)
	_, err := NewFiles([]string{dir}).Load(Spec{Set: "mnist", Scale: "unit"}, 0)
	wantError(t, err, "784 pixels and 26 classes are not MNIST's", "set: idx")
}

func TestDirs(t *testing.T) {
	t.Setenv("NIGHTSHIFT_DATA", "/from/env")
	t.Setenv("XDG_CACHE_HOME", "/cache")
	t.Setenv("HOME", "/home/me")
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(Dirs("/flag"), " ")
	if want := "/flag /from/env " + filepath.Join(cache, "nightshift") + " ."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	t.Setenv("NIGHTSHIFT_DATA", "")
	if dirs := Dirs(""); len(dirs) != 2 {
		t.Errorf("without flag and environment: %q", dirs)
	}
}

// No file makes the parser panic or hold more than the file has.
func FuzzIDX(f *testing.F) {
	good := idxBytes(make([]byte, 8), 2, 2, 2)
	for _, seed := range [][]byte{nil, good, good[:11], idxBytes(nil, 1<<31, 1<<31, 1<<31), gzipped(f, good),
		gzipped(f, good)[:15], {0x1f, 0x8b}} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := uncompressed(bytes.NewReader(content))
		if err != nil {
			return
		}
		values := 0
		size, err := parseIDX(r, 3, io.Discard, func(row []byte, _ int) { values += len(row) })
		if err == nil && values != size[0]*size[1]*size[2] {
			t.Errorf("sizes %d with %d values", size, values)
		}
	})
}

// writeFour writes four IDX files of these names, whose labels take turns.
func writeFour(t *testing.T, dir string, names [4]string, labels ...byte) {
	t.Helper()
	for k, n := range []int{12, 6} {
		of := make([]byte, n)
		for i := range of {
			of[i] = labels[i%len(labels)]
		}
		write(t, filepath.Join(dir, names[2*k]), idxBytes(make([]byte, n*4), n, 2, 2))
		write(t, filepath.Join(dir, names[2*k+1]), idxBytes(of, n))
	}
}

func TestMissingIDXFilesSayWhatTheFolderHolds(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "d/train-images.npy"), nil)
	write(t, filepath.Join(dir, "d/notes.txt"), nil)
	_, err := NewFiles([]string{dir}).Load(Spec{Set: "idx", Path: "d", Scale: "unit"}, 0)
	wantError(t, err, "holds notes.txt, train-images.npy")
}

func TestPathsOfHomeAndEnvironment(t *testing.T) {
	dir := t.TempDir()
	writeIDX(t, filepath.Join(dir, "mine"), 2, 2, 2, 8, 4)
	t.Setenv("HOME", dir)
	t.Setenv("PICTURES", filepath.Join(dir, "mine"))
	for _, path := range []string{"~/mine", "${PICTURES}"} {
		mustLoad(t, Spec{Set: "idx", Path: path, Scale: "unit"}, 0, nil)
	}
	_, err := NewFiles(nil).Load(Spec{Set: "idx", Path: "${PICTURE}/a", Scale: "unit"}, 0)
	wantError(t, err, "the environment has no ${PICTURE}")
}
