package bench

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"nightshift/internal/dataset"
)

// The files that are read are what the workloads say, and none of their
// examples is left out.
func TestReadWorkloads(t *testing.T) {
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		t.Skip("set NIGHTSHIFT_LONG=1: it writes 90 MB of files")
	}
	for name, want := range map[string]struct {
		bytes               float64
		in, out, train, all int
	}{
		"read-csv": {32e6, 100, 10, 84_800, 106_000}, // a fifth is the test split
		"read-idx": {70_000*785 + 2*(16+8), 784, 10, 60_000, 70_000},
	} {
		for _, w := range readWorkloads {
			if w.name != name {
				continue
			}
			dir := t.TempDir()
			if err := w.write(dir, rand.New(rand.NewPCG(1, 1))); err != nil {
				t.Fatal(err)
			}
			files, _ := filepath.Glob(filepath.Join(dir, "*"))
			size := 0.0
			for _, f := range files {
				info, err := os.Stat(f)
				if err != nil {
					t.Fatal(err)
				}
				size += float64(info.Size())
			}
			if math.Abs(size/want.bytes-1) > 0.01 {
				t.Errorf("%s: %g bytes, want %g", name, size, want.bytes)
			}
			d, err := dataset.NewFiles([]string{dir}).Load(w.spec, 0)
			if err != nil {
				t.Fatal(err)
			}
			if d.In != want.in || d.Out != want.out || d.Train.N != want.train || d.Train.N+d.Test.N != want.all {
				t.Errorf("%s: %d inputs, %d classes, %d of %d examples", name, d.In, d.Out, d.Train.N, d.Train.N+d.Test.N)
			}
		}
	}
}
