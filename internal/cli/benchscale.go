package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
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

// measureScale times commands on databases of more and more finished runs. Each
// is a process of its own, as it is for those who type it.
func (a *app) measureScale(ctx context.Context) error {
	for _, n := range []int{1_000, 10_000, 100_000} {
		if err := a.measureScaleOf(ctx, n); err != nil {
			return fmt.Errorf("%d runs: %w", n, err)
		}
	}
	return nil
}

func (a *app) measureScaleOf(ctx context.Context, n int) error {
	dir, err := os.MkdirTemp("", "nightshift-bench-")
	if err != nil {
		return fmt.Errorf("folder for the database: %w", err)
	}
	defer os.RemoveAll(dir)
	fill, err := a.self(ctx, "bench", "--fill", fmt.Sprint(n), "--out", dir)
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
		c, err := a.self(ctx, args...)
		if err != nil {
			return err
		}
		began := time.Now()
		out, err := c.CombinedOutput()
		took := time.Since(began)
		if err != nil {
			return fmt.Errorf("%s: %w: %s", w.work, err, out)
		}
		if err := a.printLine(benchLine{Work: w.work, Runs: n, Seconds: took.Seconds(), PeakMB: peakMB(c.ProcessState)}); err != nil {
			return err
		}
	}
	return nil
}

const (
	scaleFile   = "scale.yaml"
	scaleEpochs = 20
	scaleBatch  = 500 // results in one transaction
)

// scaleText is a study of n runs, n a power of ten from 1000: ten seeds of n/10 cells.
func scaleText(n int) string {
	text := fmt.Sprintf(`study: scale
question: What do many runs cost?
data: {set: blobs, train: 100, valid: 50, test: 50}
base: {epochs: %d, log: {layers: false}}
seeds: 10
grid:
`, scaleEpochs)
	axes := []string{
		"lr: {from: 0.001, to: 1, n: 10, scale: log}", "width: {from: 10, to: 100, step: 10}",
		"batch: {from: 10, to: 100, step: 10}", "l2: {from: 0.001, to: 0.01, step: 0.001}",
	}
	for i := range int(math.Round(math.Log10(float64(n)))) - 1 {
		text += "  " + axes[i] + "\n"
	}
	return text
}

// fill makes a database of n runs as if they had been trained, and their study.
func (a *app) fill(ctx context.Context, n int) error {
	path := filepath.Join(a.outDir, scaleFile)
	text := scaleText(n)
	s, err := study.Parse(path, []byte(text), nil)
	if err != nil {
		return err
	}
	db, err := store.Open(a.dbPath())
	if err != nil {
		return err
	}
	defer db.Close()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return err
	}
	fingerprint := runner.NewSources(nil).Fingerprint
	runs, err := s.Runs(fingerprint)
	if err != nil {
		return err
	}
	spec := runs[0].Data
	id, err := fingerprint(spec)
	if err != nil {
		return err
	}
	d, err := dataset.NewFiles(nil).Load(spec, 0)
	if err != nil {
		return err
	}
	data, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	if err := db.PutDataset(ctx, store.Dataset{ID: id, Spec: data, In: d.In, Out: d.Out, Classes: d.Classes, TestLabels: d.Test.Labels}); err != nil {
		return err
	}
	rows := make([]store.Run, len(runs))
	members := make([]store.StudyRun, len(runs))
	for i, r := range runs {
		config, err := json.Marshal(r.Config)
		if err != nil {
			return err
		}
		axes, err := json.Marshal(r.Axes)
		if err != nil {
			return err
		}
		rows[i] = store.Run{
			ID: r.ID, Cell: r.Cell, Label: r.Label, Status: store.Pending, Config: config, Data: id,
			SeedData: r.Seeds.Data, SeedInit: r.Seeds.Init, SeedOrder: r.Seeds.Order, Parameters: r.Config.Config.Parameters(d.In, d.Out),
		}
		members[i] = store.StudyRun{Study: s.Name, RunID: r.ID, CellLabel: r.Label, Axes: axes}
	}
	at := time.Now()
	if err := db.PutStudy(ctx, store.Study{Study: s.Name, Question: s.Question, YAML: s.YAML, Select: s.Select, At: at}, rows, members); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 1))
	maker := runner.Provenance()
	var batch []store.Result
	for i, row := range rows {
		row.Provenance = maker
		batch = append(batch, invented(row, d.Test.N*d.Out, at, r))
		if len(batch) == scaleBatch || i == len(rows)-1 {
			if err := db.Finish(ctx, batch...); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return db.Close()
}

// invented is what a run might leave behind.
func invented(row store.Run, outputs int, at time.Time, r *rand.Rand) store.Result {
	row.Status, row.Epochs, row.Seconds = store.Done, scaleEpochs, r.Float64()
	row.Started, row.Finished = at, at.Add(time.Duration(row.Seconds*float64(time.Second)))
	result := store.Result{Outputs: make([]float32, outputs)}
	for i := range result.Outputs {
		result.Outputs[i] = r.Float32()
	}
	level := 0.05 + 0.1*r.Float64()
	for epoch := range scaleEpochs + 1 {
		metrics := func() store.Metrics {
			v := level + 1/float64(epoch+2) + 0.01*r.Float64()
			is := func(v float64) store.Number { return store.Number{V: v, Valid: true} }
			return store.Metrics{Loss: is(v), Error: is(min(1, v)), MSE: is(v * v), NLL: is(v), Brier: is(v), ECE: is(v / 10)}
		}
		e := store.Epoch{Epoch: epoch, Steps: epoch * 4, LR: 0.1, Distance: float64(epoch), Seconds: row.Seconds * float64(epoch) / scaleEpochs,
			Train: metrics(), Valid: metrics(), Test: metrics()}
		result.Epochs = append(result.Epochs, e)
		row.Train, row.Valid, row.Test = e.Train, e.Valid, e.Test
	}
	result.Run = row
	return result
}
