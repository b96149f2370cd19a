package bench

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/dataset"
	"nightshift/internal/panics"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/runner"
)

// gridWork is the name of the workload, and what the study of its runs is; longWork is that with ten times the seeds, by which
// what a night pays once and what it pays for each run are told apart.
const (
	gridWork = "W6-grid"
	longWork = "W6-long"
)

//go:embed grid.yaml
var gridStudy []byte

// gridNight is a way to train the runs of W6.
type gridNight struct {
	work    string
	workers int
	set     []string // overrides of the study
	bare    bool     // nothing planned, stored or shown
}

var gridNights = []gridNight{
	{work: gridWork, workers: 2},
	{work: "W6-bare", workers: 2, bare: true},
	{work: gridWork, workers: 1},
	{work: "W6-logged", workers: 2, set: []string{"base.log.every=1", "base.log.layers=true"}},
}

var (
	tenfold    = []string{"seeds=80"}
	longNights = []gridNight{
		{work: longWork, workers: 2, set: tenfold},
		{work: longWork + "-bare", workers: 2, set: tenfold, bare: true},
		{work: longWork, workers: 1, set: tenfold},
	}
)

func measureGrid(ctx context.Context, b Bench) error { return measureNights(ctx, b, gridNights) }
func measureLong(ctx context.Context, b Bench) error { return measureNights(ctx, b, longNights) }

// measureNights times W6 beside its variants, in turns, so that whatever else the
// machine does falls on all of them.
func measureNights(ctx context.Context, b Bench, nights []gridNight) error {
	dir, err := os.MkdirTemp("", "nightshift-bench-")
	if err != nil {
		return fmt.Errorf("folder for the databases: %w", err)
	}
	defer os.RemoveAll(dir)
	dirs, from, err := digits(b.dirs(), dir)
	if err != nil {
		return err
	}
	best := make([]time.Duration, len(nights))
	runs := 0
	for range b.Repeat {
		for i, n := range nights {
			night := filepath.Join(dir, "night")
			start := time.Now()
			if runs, err = n.train(ctx, b, dirs, night); err != nil {
				return fmt.Errorf("%s: %w", n.work, err)
			}
			if took := time.Since(start); best[i] == 0 || took < best[i] {
				best[i] = took
			}
			if err := os.RemoveAll(night); err != nil {
				return fmt.Errorf("the database that was measured: %w", err)
			}
		}
	}
	for i, n := range nights {
		s := best[i].Seconds()
		if err := b.print(line{
			Work: n.work, Kernel: mlp.Kernel(), Data: from, Workers: n.workers,
			Runs: runs, Seconds: s, RunsPer: float64(runs) / s, PeakMB: peakMB(nil),
		}); err != nil {
			return err
		}
	}
	return nil
}

// train goes all the way from the study's text to a closed database in a folder.
func (n gridNight) train(ctx context.Context, b Bench, dirs []string, out string) (runs int, err error) {
	s, err := study.Parse("grid.yaml", gridStudy, n.set)
	if err != nil {
		return 0, err
	}
	if n.bare {
		return n.trainBare(ctx, s, dataset.NewFiles(dirs))
	}
	sources := runner.NewSources(dirs)
	planned, err := s.Runs(sources.Fingerprint)
	if err != nil {
		return 0, err
	}
	db, err := store.Open(filepath.Join(out, "nightshift.db"))
	if err != nil {
		return 0, err
	}
	defer db.Close()
	defer cost.CollectSeldom(0)() // as the command run does for such small networks
	observe, over := b.Watch()
	summary, err := runner.Night(ctx, db, []runner.Study{{Study: s, Runs: planned}}, runner.Options{
		Workers: n.workers, Sources: sources, Provenance: runner.Provenance(), Observe: observe,
	})
	over()
	if err != nil {
		return 0, err
	}
	if summary.Done != len(planned) {
		return 0, fmt.Errorf("%d of %d runs are done", summary.Done, len(planned))
	}
	return len(planned), db.Close()
}

// trainBare trains the same epochs with nothing around them.
func (n gridNight) trainBare(ctx context.Context, s *study.Study, files *dataset.Files) (int, error) {
	runs, err := s.Runs(func(spec dataset.Spec) (string, error) {
		d, err := files.Describe(spec)
		return d.Fingerprint, err
	})
	if err != nil {
		return 0, err
	}
	d, err := files.Load(runs[0].Data, 0)
	if err != nil {
		return 0, err
	}
	data := mlp.Prepare(mlp.Data{
		In: d.In, Out: d.Out,
		Train: mlp.Examples{N: d.Train.N, X: d.Train.X, Bytes: (*mlp.Bytes)(d.Train.Bytes), Labels: d.Train.Labels},
		Test:  mlp.Examples{N: d.Test.N, X: d.Test.X, Bytes: (*mlp.Bytes)(d.Test.Bytes), Labels: d.Test.Labels},
	})
	queue := make(chan study.Run, len(runs))
	for _, r := range runs {
		queue <- r
	}
	close(queue)
	errs := make([]error, n.workers)
	var workers panics.Group
	for i := range errs {
		workers.Go(func() {
			for r := range queue {
				if errs[i] = trainOne(ctx, r, data); errs[i] != nil {
					return
				}
			}
		})
	}
	workers.Wait()
	return len(runs), errors.Join(errs...)
}

func trainOne(ctx context.Context, r study.Run, data mlp.Data) error {
	t, err := mlp.Start(r.Config.Config, data, mlp.Seeds{Init: r.Seeds.Init, Order: r.Seeds.Order})
	if err != nil {
		return err
	}
	for {
		if _, ok, err := t.Next(ctx); err != nil || !ok {
			return err
		}
	}
}

// digits finds the handwritten digits of W6, or makes a file of the same shape
// in the folder temp. It gives the folders to look in, and where the data are from.
func digits(dirs []string, temp string) ([]string, string, error) {
	const path = "tabular/digits.csv.gz"
	for _, dir := range dirs {
		if _, err := os.Stat(filepath.Join(dir, path)); err == nil {
			return dirs, path, nil
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	var text []byte
	for i := range 1797 {
		for range 64 {
			text = fmt.Appendf(text, "%d,", r.IntN(17))
		}
		text = fmt.Appendf(text, "%d\n", i%10)
	}
	made := filepath.Join(temp, path)
	if err := os.MkdirAll(filepath.Dir(made), 0o755); err != nil {
		return nil, "", err
	}
	return []string{temp}, "random, of the shape of " + path, os.WriteFile(made, text, 0o644)
}
