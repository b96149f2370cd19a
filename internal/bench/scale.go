package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// scaleWork is a command whose cost on a large database is measured.
type scaleWork struct {
	work string
	args []string
}

var scaleWorks = []scaleWork{
	{"scale-plan", []string{"plan", "STUDY"}},
	{"scale-status", []string{"status"}},
	{"scale-run", []string{"run", "STUDY", "--no-report"}}, // which finds nothing to do
	{"scale-report", []string{"report"}},
}

// scaleMergedWorks are measured on a database of very many shards, each of which has recorded a version of the study.
var scaleMergedWorks = []scaleWork{
	{work: "scale-merged-status", args: []string{"status"}},
	{work: "scale-merged-list", args: []string{"list"}},
	{work: "scale-merged-leaderboard", args: []string{"leaderboard", "scale"}},
}

// Scale times commands on databases of more and more finished runs. Each is a
// process of its own, as it is for those who type it.
func (b Bench) Scale(ctx context.Context) error {
	for _, n := range []int{1_000, 10_000, 100_000} {
		if err := b.scaleOf(ctx, n); err != nil {
			return fmt.Errorf("%d runs: %w", n, err)
		}
	}
	if err := b.scaleMerge(ctx, 100_000, 1000); err != nil {
		return fmt.Errorf("merging shards: %w", err)
	}
	return nil
}

// scaleMerge measures what merging the shards of n runs costs, and commands on what it makes.
func (b Bench) scaleMerge(ctx context.Context, n, shards int) error {
	dir, err := os.MkdirTemp("", "nightshift-bench-")
	if err != nil {
		return fmt.Errorf("folder for the databases: %w", err)
	}
	defer os.RemoveAll(dir)
	fill, err := self(ctx, "bench", "--fill", fmt.Sprint(n), "--shards", fmt.Sprint(shards), "--out", dir)
	if err != nil {
		return err
	}
	if out, err := fill.CombinedOutput(); err != nil {
		return fmt.Errorf("filling the databases: %w: %s", err, out)
	}
	args := []string{"merge", "--out", dir}
	for i := range shards {
		args = append(args, shardPath(dir, i))
	}
	if err := b.scaleOne(ctx, "scale-merge", n, args); err != nil {
		return err
	}
	for _, w := range scaleMergedWorks {
		if err := b.scaleOne(ctx, w.work, n, slices.Concat(w.args, []string{"--out", dir})); err != nil {
			return err
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
		args := []string{"--out", dir}
		for _, arg := range w.args {
			if arg == "STUDY" {
				arg = filepath.Join(dir, scaleFile)
			}
			args = append(args, arg)
		}
		if err := b.scaleOne(ctx, w.work, n, args); err != nil {
			return err
		}
	}
	return nil
}

// scaleOne measures one command on n runs.
func (b Bench) scaleOne(ctx context.Context, work string, n int, args []string) error {
	c, err := self(ctx, args...)
	if err != nil {
		return err
	}
	start := time.Now()
	out, err := c.CombinedOutput()
	took := time.Since(start)
	if err != nil {
		return fmt.Errorf("%s: %w: %s", work, err, out)
	}
	return b.print(line{Work: work, Runs: n, Seconds: took.Seconds(), PeakMB: peakMB(c.ProcessState)})
}
