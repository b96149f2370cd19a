package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// scaleWork is a command whose cost on a large database is measured.
type scaleWork struct {
	work string
	args []string
	most int // runs; beyond, the command is not measured
}

var scaleWorks = []scaleWork{
	{"scale-plan", []string{"plan", "STUDY"}, 100_000},
	{"scale-status", []string{"status"}, 100_000},
	{"scale-run", []string{"run", "STUDY", "--no-report"}, 100_000}, // which finds nothing to do
	{"scale-report", []string{"report"}, 10_000},
}

// Scale times commands on databases of more and more finished runs. Each is a
// process of its own, as it is for those who type it.
func (b Bench) Scale(ctx context.Context) error {
	for _, n := range []int{1_000, 10_000, 100_000} {
		if err := b.scaleOf(ctx, n); err != nil {
			return fmt.Errorf("%d runs: %w", n, err)
		}
	}
	return nil
}

func (b Bench) scaleOf(ctx context.Context, n int) error {
	dir, err := os.MkdirTemp("", "nightshift-bench-")
	if err != nil {
		return fmt.Errorf("folder for the database: %w", err)
	}
	defer os.RemoveAll(dir)
	fill, err := self(ctx, "bench", "--fill", fmt.Sprint(n), "--out", dir)
	if err != nil {
		return err
	}
	if out, err := fill.CombinedOutput(); err != nil {
		return fmt.Errorf("filling the database: %w: %s", err, out)
	}
	for _, w := range scaleWorks {
		if n > w.most {
			continue
		}
		args := []string{"--out", dir}
		for _, arg := range w.args {
			if arg == "STUDY" {
				arg = filepath.Join(dir, scaleFile)
			}
			args = append(args, arg)
		}
		c, err := self(ctx, args...)
		if err != nil {
			return err
		}
		start := time.Now()
		out, err := c.CombinedOutput()
		took := time.Since(start)
		if err != nil {
			return fmt.Errorf("%s: %w: %s", w.work, err, out)
		}
		if err := b.print(line{Work: w.work, Runs: n, Seconds: took.Seconds(), PeakMB: peakMB(c.ProcessState)}); err != nil {
			return err
		}
	}
	return nil
}
