package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

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

// Fill makes a database of n runs as if they had been trained, and in the folder
// dir the study that they belong to.
func Fill(ctx context.Context, dir, database string, n int) error {
	path := filepath.Join(dir, scaleFile)
	text := scaleText(n)
	s, err := study.Parse(path, []byte(text), nil)
	if err != nil {
		return err
	}
	db, err := store.Open(database)
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
	id, err := fingerprint(runs[0].Data)
	if err != nil {
		return err
	}
	d, err := putDataset(ctx, db, id, runs[0].Data)
	if err != nil {
		return err
	}
	at := time.Now()
	rows, err := putRuns(ctx, db, s, runs, id, d, at)
	if err != nil {
		return err
	}
	if err := finish(ctx, db, rows, d.Test.N*d.Out, at); err != nil {
		return err
	}
	return db.Close()
}

func putDataset(ctx context.Context, db *store.DB, id string, spec dataset.Spec) (*dataset.Data, error) {
	d, err := dataset.NewFiles(nil).Load(spec, 0)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	return d, db.PutDataset(ctx, store.Dataset{
		ID: id, Spec: text, In: d.In, Out: d.Out, Classes: d.Classes, TestLabels: d.Test.Labels,
	})
}

// putRuns stores the study and its runs, which are still to be trained.
func putRuns(
	ctx context.Context, db *store.DB, s *study.Study, runs []study.Run, data string, d *dataset.Data, at time.Time,
) ([]store.Run, error) {
	rows := make([]store.Run, len(runs))
	members := make([]store.StudyRun, len(runs))
	for i, r := range runs {
		config, err := json.Marshal(r.Config)
		if err != nil {
			return nil, err
		}
		axes, err := json.Marshal(r.Axes)
		if err != nil {
			return nil, err
		}
		rows[i] = store.Run{
			ID: r.ID, Cell: r.Cell, Label: r.Label, Status: store.Pending, Config: config, Data: data,
			SeedData: r.Seeds.Data, SeedInit: r.Seeds.Init, SeedOrder: r.Seeds.Order,
			Parameters: r.Config.Config.Parameters(d.In, d.Out),
		}
		members[i] = store.StudyRun{Study: s.Name, RunID: r.ID, CellLabel: r.Label, Axes: axes}
	}
	row := store.Study{Study: s.Name, Question: s.Question, YAML: s.YAML, Select: s.Select, At: at}
	return rows, db.PutStudy(ctx, row, rows, members)
}

// finish gives every run a result.
func finish(ctx context.Context, db *store.DB, rows []store.Run, outputs int, at time.Time) error {
	r := rand.New(rand.NewPCG(1, 1))
	maker := runner.Provenance()
	for batch := range slices.Chunk(rows, scaleBatch) {
		var results []store.Result
		for _, row := range batch {
			row.Provenance = maker
			results = append(results, invented(row, outputs, at, r))
		}
		if err := db.Finish(ctx, results...); err != nil {
			return err
		}
	}
	return nil
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
		e := store.Epoch{Epoch: epoch, Steps: epoch * 4, LR: 0.1, Distance: float64(epoch),
			Seconds: row.Seconds * float64(epoch) / scaleEpochs,
			Train:   metrics(), Valid: metrics(), Test: metrics()}
		result.Epochs = append(result.Epochs, e)
		row.Train, row.Valid, row.Test = e.Train, e.Valid, e.Test
	}
	result.Run = row
	return result
}
