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
// dir the study that they belong to. With more than one shard it makes a database of each, every n-th run, in dir/shards.
func Fill(ctx context.Context, dir, database string, n, shards int) error {
	path := filepath.Join(dir, scaleFile)
	text := scaleText(n)
	s, err := study.Parse(path, []byte(text), nil)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return err
	}
	f := filling{study: s, random: rand.New(rand.NewPCG(1, 1)), maker: runner.Provenance(), at: time.Now()}
	if err := f.plan(); err != nil {
		return err
	}
	if shards <= 1 {
		return f.write(ctx, database, 0, 1)
	}
	for i := range shards {
		if err := f.write(ctx, shardPath(dir, i), i, shards); err != nil {
			return err
		}
	}
	return nil
}

// shardPath is the file of a shard, of which the first is 0.
func shardPath(dir string, i int) string {
	return filepath.Join(dir, "shards", fmt.Sprintf("%04d.db", i+1))
}

// filling is a study whose results are invented.
type filling struct {
	study   *study.Study
	dataset store.Dataset
	rows    []store.Run
	members []store.StudyRun
	outputs int // numbers that a run says of the test split
	random  *rand.Rand
	maker   store.Provenance
	at      time.Time
}

// plan makes the rows of the runs, which are still to be trained, and of their data.
func (f *filling) plan() error {
	fingerprint := runner.NewSources(nil).Fingerprint
	runs, err := f.study.Runs(fingerprint)
	if err != nil {
		return err
	}
	id, err := fingerprint(runs[0].Data)
	if err != nil {
		return err
	}
	d, err := dataset.NewFiles(nil).Load(runs[0].Data, 0)
	if err != nil {
		return err
	}
	spec, err := json.Marshal(runs[0].Data)
	if err != nil {
		return err
	}
	f.dataset = store.Dataset{ID: id, Spec: spec, In: d.In, Out: d.Out, Classes: d.Classes, TestLabels: d.Test.Labels}
	f.outputs = d.Test.N * d.Out
	for _, r := range runs {
		config, err := json.Marshal(r.Config)
		if err != nil {
			return err
		}
		axes, err := json.Marshal(r.Axes)
		if err != nil {
			return err
		}
		f.rows = append(f.rows, store.Run{
			ID: r.ID, Cell: r.Cell, Label: r.Label, Status: store.Pending, Config: config, Data: id,
			SeedData: r.Seeds.Data, SeedInit: r.Seeds.Init, SeedOrder: r.Seeds.Order,
			Parameters: r.Config.Config.Parameters(d.In, d.Out),
		})
		f.members = append(f.members, store.StudyRun{Study: f.study.Name, RunID: r.ID, CellLabel: r.Label, Axes: axes})
	}
	return nil
}

// write makes a database of every n-th run from run i on, with the study as it was recorded some time after the shards before.
func (f *filling) write(ctx context.Context, path string, i, n int) error {
	db, err := store.Open(path)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.PutDataset(ctx, f.dataset); err != nil {
		return err
	}
	var rows []store.Run
	in := map[string]bool{}
	for k := i; k < len(f.rows); k += n {
		rows = append(rows, f.rows[k])
		in[f.rows[k].ID] = true
	}
	at := f.at.Add(time.Duration(i) * time.Second)
	s := store.Study{Study: f.study.Name, Question: f.study.Question, YAML: f.study.YAML, Select: f.study.Select, At: at}
	s.Set = []string{}
	if err := db.PutWanted(ctx, s, rows, f.members, func(id string) bool { return in[id] }); err != nil {
		return err
	}
	for batch := range slices.Chunk(rows, scaleBatch) {
		var results []store.Result
		for _, row := range batch {
			row.Provenance = f.maker
			results = append(results, invented(row, f.outputs, at, f.random))
		}
		if err := db.Finish(ctx, results...); err != nil {
			return err
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
		e := store.Epoch{Epoch: epoch, Steps: epoch * 4, LR: 0.1, Distance: float64(epoch),
			Seconds: row.Seconds * float64(epoch) / scaleEpochs,
			Train:   metrics(), Valid: metrics(), Test: metrics()}
		result.Epochs = append(result.Epochs, e)
		row.Train, row.Valid, row.Test = e.Train, e.Valid, e.Test
	}
	result.Run = row
	return result
}
