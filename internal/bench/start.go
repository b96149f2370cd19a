package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// startWork is what is measured of how a night begins.
const startWork = "start-mnist"

// startNights are a night of a single step, all of whose time is that of its start, and one in which two networks are
// trained on all of the data at the same time, for the memory.
var startNights = []struct {
	runs int
	keys string
}{
	{1, "data: {%s, train: 100, test: 100}\nbase: {width: 1, batch: 100, epochs: 1}\nseeds: 1\n"},
	{2, "data: {%s}\nbase: {width: 100, batch: 100, epochs: 1}\nseeds: 2\n"},
}

// measureStart times this program from its start to the end of nights on MNIST, or on files of its shape.
func measureStart(ctx context.Context, b Bench) error {
	dir, err := os.MkdirTemp("", "nightshift-bench-")
	if err != nil {
		return fmt.Errorf("folder for the nights: %w", err)
	}
	defer os.RemoveAll(dir)
	from, data := "mnist", "set: mnist"
	if !hasMNIST(b.dirs()) {
		if err := writeImages(dir, rand.New(rand.NewPCG(1, 1))); err != nil {
			return err
		}
		from, data = "random, of the shape of mnist", fmt.Sprintf("set: idx, path: %q", dir)
	}
	for i, night := range startNights {
		file := filepath.Join(dir, fmt.Sprintf("start%d.yaml", i))
		text := "study: start\nquestion: How long until the first step?\n" + fmt.Sprintf(night.keys, data)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
		peak := 0.0
		best, err := least(b.Repeat, func() error {
			out := filepath.Join(dir, "out")
			defer os.RemoveAll(out)
			c, err := self(ctx, b.withData("run", file, "--no-report", "--quiet", "--workers", fmt.Sprint(night.runs), "--out", out)...)
			if err != nil {
				return err
			}
			if text, err := c.CombinedOutput(); err != nil {
				return fmt.Errorf("%s: %w: %s", startWork, err, text)
			}
			peak = max(peak, peakMB(c.ProcessState))
			return nil
		})
		if err != nil {
			return err
		}
		if err := b.print(line{Work: startWork, Data: from, Workers: night.runs, Runs: night.runs, Seconds: best.Seconds(),
			PeakMB: peak}); err != nil {
			return err
		}
	}
	return nil
}

// hasMNIST says whether a folder has the files, without reading them: the memory of this process would count as that of
// the processes which it starts.
func hasMNIST(dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool {
		files, _ := filepath.Glob(filepath.Join(dir, "mnist", "train-images*"))
		return len(files) > 0
	})
}
