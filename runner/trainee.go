package runner

import (
	"time"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// tools are what a worker trains with.
type tools struct {
	n   int // the worker, counted from 0
	db  *store.DB
	lib *library
	obs *observer
	out *writer
	o   Options
}

// trainee is a job being trained.
type trainee struct {
	outcome
	tools
	task
	row          store.Run // before any training
	startedAt    time.Time // of this attempt
	priorSeconds float64   // seconds of training before it
	told         time.Time // when those who watch were told of an epoch
	saved        saved
	oldEpochs    []store.Epoch // of the old result of a backfill, which has to come to the same

	data      *loaded
	training  mlp.Training
	snapshots *snapshots
}

// seconds of training until now.
func (t *trainee) seconds(now time.Time) float64 {
	return t.priorSeconds + now.Sub(t.startedAt).Seconds()
}

// saved counts what of a trainee's result is in the store already.
type saved struct{ epochs, layers int }
