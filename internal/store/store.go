// Package store keeps everything that runs leave behind in one SQLite file.
package store

import (
	"context"
	"database/sql"
	"errors"
)

var errTodo = errors.New("under construction")

// DB is an open database.
type DB struct{ sql *sql.DB }

// Open opens the database for writing, creating or migrating it where needed.
func Open(path string) (*DB, error) { return nil, errTodo }

// OpenReadOnly opens an existing database for reading only.
func OpenReadOnly(path string) (*DB, error) { return nil, errTodo }

// Close closes the database.
func (db *DB) Close() error { return errTodo }

// PutStudy records a study, which runs belong to it, and a pending row for
// every run that has none yet; runs that exist keep their state and results.
func (db *DB) PutStudy(ctx context.Context, s Study, runs []Run, members []StudyRun) error {
	return errTodo
}

// PutDataset records what a report needs of a data set; a second time changes nothing.
func (db *DB) PutDataset(ctx context.Context, d Dataset) error { return errTodo }

// Start marks runs as running.
func (db *DB) Start(ctx context.Context, ids ...string) error { return errTodo }

// Finish writes the results of runs, replacing whatever an earlier attempt left, in one transaction.
func (db *DB) Finish(ctx context.Context, results ...Result) error { return errTodo }

// Statuses gives the state of every run that the database knows.
func (db *DB) Statuses(ctx context.Context) (map[string]Status, error) { return nil, errTodo }

// Studies lists the studies, the one trained last first.
func (db *DB) Studies(ctx context.Context) ([]Study, error) { return nil, errTodo }

// StudyRuns lists the members of a study in the order in which they were planned.
func (db *DB) StudyRuns(ctx context.Context, study string) ([]StudyRun, error) { return nil, errTodo }

// Runs lists the runs of a study in the order in which they were planned, or of all studies if study is "".
func (db *DB) Runs(ctx context.Context, study string) ([]Run, error) { return nil, errTodo }

// Run finds a run by an unambiguous prefix of its identity.
func (db *DB) Run(ctx context.Context, prefix string) (Run, error) { return Run{}, errTodo }

// Epochs gives the epochs of one run in order.
func (db *DB) Epochs(ctx context.Context, id string) ([]Epoch, error) { return nil, errTodo }

// StudyEpochs gives the epochs of all the runs of a study by run.
func (db *DB) StudyEpochs(ctx context.Context, study string) (map[string][]Epoch, error) {
	return nil, errTodo
}

// Layers gives what was measured of a run's layers, by epoch and layer.
func (db *DB) Layers(ctx context.Context, id string) ([]Layer, error) { return nil, errTodo }

// Outputs gives the logits of a finished run on the test split, [n, out].
func (db *DB) Outputs(ctx context.Context, id string) ([]float32, error) { return nil, errTodo }

// Dataset gives what is known of a data set.
func (db *DB) Dataset(ctx context.Context, id string) (Dataset, error) { return Dataset{}, errTodo }
