// Package records reads what nightshift has stored, as Go values: studies, runs, learning curves, layers, predictions and
// weights of a database, for programs of your own. It only reads; a night may go on meanwhile.
//
//	db, err := records.Open("results/nightshift.db")
//	if err != nil { ... }
//	defer db.Close()
//	runs, err := db.Runs(ctx, "quickstart")
//
// The module's path has no dot, so that a module of yours needs a replace line with the folder of the source:
//
//	require nightshift v0.0.0
//	replace nightshift => ../nightshift
package records

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// DB is an open database. Many goroutines may use it.
type DB struct{ db *store.DB }

// Open opens a database for reading. Its error is fs.ErrNotExist where there is none; one of an older version of the program has
// to be written to by this version once.
func Open(path string) (*DB, error) {
	db, err := store.OpenReadOnly(path)
	if err != nil {
		return nil, err
	}
	return &DB{db}, nil
}

// Close closes the database.
func (d *DB) Close() error { return d.db.Close() }

// Study is a study that the database holds, with its newest file.
type Study struct {
	Name, Question, YAML string
	Set                  []string // what the command line set
	At                   time.Time
}

// Studies lists the studies, the newest first.
func (d *DB) Studies(ctx context.Context) ([]Study, error) {
	all, err := d.db.Studies(ctx)
	list := make([]Study, len(all))
	for i, s := range all {
		list[i] = Study{s.Study, s.Question, s.YAML, s.Set, s.At}
	}
	return list, err
}

// Number is a value that may not be there (not Valid), or be NaN or infinite.
type Number = sql.Null[float64]

// Metrics of one split. Error is a share from 0 to 1; Loss is the objective that was minimised, the others mean the same for
// every loss.
type Metrics struct{ Loss, Error, MSE, NLL, Brier, ECE Number }

// Run is one training.
type Run struct {
	ID, Cell                      string         // SHA-256 in hex, of the run and of its configuration without seeds
	Label                         string         // of the cell, in words
	Axes                          map[string]any // the cell's place: a number, a string, a list, or the label of a paired axis's row
	Status                        string         // pending, running, done, diverged, pruned, failed or interrupted
	Reason                        string         // why it diverged, was pruned or failed
	Data, Init, Order             uint64         // seeds
	Config                        json.RawMessage
	Parameters                    int // weights and biases
	Epochs                        int // that are finished
	Seconds                       float64
	Started, Finished             time.Time // zero where it has not
	Train, Valid, Test            Metrics   // at the end
	Kernel, Host, Version, Commit string
	Digest                        string // SHA-256 of the final parameters

	data string
}

// Runs gives the runs of a study in the order in which they were planned, as far as they have come.
func (d *DB) Runs(ctx context.Context, study string) ([]Run, error) {
	members, err := d.db.StudyRuns(ctx, study)
	if err != nil {
		return nil, err
	}
	if len(members) == 0 {
		return nil, fmt.Errorf("the database holds no runs of a study %q", study)
	}
	of := map[string]store.StudyRun{}
	for _, m := range members {
		of[m.RunID] = m
	}
	stored, err := d.db.Runs(ctx, study)
	if err != nil {
		return nil, err
	}
	runs := make([]Run, len(stored))
	for i, r := range stored {
		if runs[i], err = runOf(r, of[r.ID]); err != nil {
			return nil, err
		}
	}
	return runs, nil
}

func runOf(r store.Run, m store.StudyRun) (Run, error) {
	one := Run{
		ID: r.ID, Cell: r.Cell, Label: m.CellLabel, Axes: map[string]any{}, Status: string(r.Status), Reason: r.Reason,
		Data: r.SeedData, Init: r.SeedInit, Order: r.SeedOrder, Config: r.Config, Parameters: r.Parameters, Epochs: r.Epochs,
		Seconds: r.Seconds, Started: r.Started, Finished: r.Finished, Kernel: r.Kernel, Host: r.Host, Version: r.Version,
		Commit: r.Commit, Digest: r.Digest, Train: Metrics(r.Train), Valid: Metrics(r.Valid), Test: Metrics(r.Test), data: r.Data,
	}
	var axes []study.AxisValue
	if len(m.Axes) > 0 {
		if err := json.Unmarshal(m.Axes, &axes); err != nil {
			return one, fmt.Errorf("axes of run %.12s: %w", r.ID, err)
		}
	}
	for _, a := range axes {
		if one.Axes[a.Axis] = a.Value; a.Value == nil {
			one.Axes[a.Axis] = a.Label
		}
	}
	return one, nil
}

// Epoch is what was measured after an epoch; epoch 0 is the untrained network.
type Epoch struct {
	Epoch, Steps       int
	LR                 float64 // of the epoch's last step
	Distance           float64 // of the parameters from their start, 2-norm
	Seconds            float64 // since the start
	Train, Valid, Test Metrics
}

// Epochs gives the learning curve of a run.
func (d *DB) Epochs(ctx context.Context, r Run) ([]Epoch, error) {
	all, err := d.db.Epochs(ctx, r.ID)
	list := make([]Epoch, len(all))
	for i, e := range all {
		list[i] = Epoch{e.Epoch, e.Steps, e.LR, e.Distance, e.Seconds, Metrics(e.Train), Metrics(e.Valid), Metrics(e.Test)}
	}
	return list, err
}

// Layer is what was measured of a layer of weights, and of the activations behind it, after an epoch. Layers count from 0, on the
// side of the inputs.
type Layer struct {
	Epoch, Layer             int
	Weight, Gradient, Update float64 // 2-norms; gradient and update are those of the epoch's last step
	Distance                 float64 // of the weights from their start, 2-norm
	Mean, SD                 float64 // of the activations
	Saturated, Dead          float64 // shares, 0 to 1, of the activations and of the units
	Alpha                    float64 // slope of a PReLU, 0 elsewhere
}

// Layers gives what was measured of the layers of a run, by epoch and layer; none where the study did not log them.
func (d *DB) Layers(ctx context.Context, r Run) ([]Layer, error) {
	all, err := d.db.Layers(ctx, r.ID)
	list := make([]Layer, len(all))
	for i, l := range all {
		list[i] = Layer{l.Epoch, l.Layer, l.Weight, l.Gradient, l.Update, l.Distance, l.Mean, l.SD, l.Saturated, l.Dead, l.Alpha}
	}
	return list, err
}

// Predictions are what a network says of the test examples, which are the same for all runs of a cell.
type Predictions struct {
	Classes       []string    // their names; nil for a regression
	Labels        []int32     // the right class of each example
	Answers       []int32     // the class that is predicted
	Probabilities [][]float64 // of each class, for each example
	Targets       [][]float64 // of a regression
	Values        [][]float64 // what is predicted of them
}

// ErrNoOutputs is that a run has left none: it has not finished, or the study did not keep them.
var ErrNoOutputs = errors.New("the run has left no outputs")

// Predictions gives what the network of a finished run says of the test examples.
func (d *DB) Predictions(ctx context.Context, r Run) (Predictions, error) {
	var p Predictions
	data, err := d.db.Dataset(ctx, r.data)
	if errors.Is(err, store.ErrNotFound) {
		return p, ErrNoOutputs
	}
	if err != nil {
		return p, err
	}
	logits, err := d.db.Outputs(ctx, r.ID)
	if err != nil {
		return p, err
	}
	if len(logits) == 0 || data.Out == 0 {
		return p, ErrNoOutputs
	}
	c, err := study.ReadConfig(r.Config)
	if err != nil {
		return p, err
	}
	n := len(logits) / data.Out
	if data.Regression {
		targets := make([]float64, len(data.TestTargets))
		for i, v := range data.TestTargets {
			targets[i] = float64(v)
		}
		p.Targets, p.Values = rows(targets, data.Out), rows(mlp.OutputValues(c.Output, logits, n, data.Out), data.Out)
		return p, nil
	}
	p.Classes, p.Labels, p.Answers = data.Classes, data.TestLabels, mlp.Predictions(logits, n, data.Out)
	p.Probabilities = rows(mlp.Probabilities(c.Output, logits, n, data.Out), data.Out)
	return p, nil
}

func rows(v []float64, width int) [][]float64 {
	var list [][]float64
	for ; len(v) >= width; v = v[width:] {
		list = append(list, v[:width:width])
	}
	return list
}

// Weights gives the weights that were kept of a run: by epoch, a safetensors file each.
func (d *DB) Weights(ctx context.Context, r Run) (map[int][]byte, error) {
	all, err := d.db.Weights(ctx, r.ID)
	kept := map[int][]byte{}
	for _, s := range all {
		kept[s.Epoch] = s.Tensors
	}
	return kept, err
}
