package bench

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"nightshift/internal/dataset"
)

// readWorkload is a data set in files, read, split and scaled.
type readWorkload struct {
	name, what string
	spec       dataset.Spec
	write      func(dir string, r *rand.Rand) error
}

var readWorkloads = []readWorkload{
	{"read-csv", "32 MB of two-digit cells", dataset.Spec{Set: "csv", Path: "table.csv", Scale: "standard"}, writeTable},
	{"read-idx", "60,000 + 10,000 images of 28 x 28", dataset.Spec{Set: "idx", Path: ".", Scale: "unit"}, writeImages},
}

// measure times loading the whole set; the peak of memory is that of the first time.
func (w readWorkload) measure(_ context.Context, b Bench) error {
	dir, err := os.MkdirTemp("", "nightshift-bench-")
	if err != nil {
		return fmt.Errorf("folder for the files: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := w.write(dir, rand.New(rand.NewPCG(1, 1))); err != nil {
		return err
	}
	best, peak, examples := time.Duration(0), 0.0, 0
	for i := range b.Repeat {
		start := time.Now()
		d, err := dataset.NewFiles([]string{dir}).Load(w.spec, 0)
		if err != nil {
			return err
		}
		if took := time.Since(start); i == 0 || took < best {
			best = took
		}
		examples = d.Train.N + d.Valid.N + d.Test.N
		if i == 0 {
			peak = peakMB(nil)
		}
		debug.FreeOSMemory()
	}
	s := best.Seconds()
	return b.print(line{Work: w.name, Data: w.what, Seconds: s, ExamplesPer: float64(examples) / s, PeakMB: peak})
}

// create writes a file piece by piece, so that it takes no memory.
func create(path string, write func(to *bufio.Writer)) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	to := bufio.NewWriter(f)
	write(to)
	if err := to.Flush(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return f.Close()
}

// writeTable writes 106,000 rows of 100 cells and a label: 32 MB.
func writeTable(dir string, r *rand.Rand) error {
	return create(filepath.Join(dir, "table.csv"), func(to *bufio.Writer) {
		for i := range 106_000 {
			for range 100 {
				fmt.Fprintf(to, "%d,", 10+r.IntN(90))
			}
			fmt.Fprintf(to, "%d\n", i%10)
		}
	})
}

// writeImages writes the four files of MNIST's shape.
func writeImages(dir string, r *rand.Rand) error {
	for _, part := range []struct {
		name string
		n    int
	}{{"train", 60_000}, {"t10k", 10_000}} {
		images := func(to *bufio.Writer) {
			for _, n := range []uint32{0x803, uint32(part.n), 28, 28} {
				to.Write(binary.BigEndian.AppendUint32(nil, n))
			}
			for range part.n * 28 * 28 {
				to.WriteByte(byte(r.Uint32()))
			}
		}
		labels := func(to *bufio.Writer) {
			for _, n := range []uint32{0x801, uint32(part.n)} {
				to.Write(binary.BigEndian.AppendUint32(nil, n))
			}
			for i := range part.n {
				to.WriteByte(byte(i % 10))
			}
		}
		if err := create(filepath.Join(dir, part.name+"-images-idx3-ubyte"), images); err != nil {
			return err
		}
		if err := create(filepath.Join(dir, part.name+"-labels-idx1-ubyte"), labels); err != nil {
			return err
		}
	}
	return nil
}
