package runner

import (
	"context"
	"encoding/json"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// job is a run as the night sees it. There may be a hundred thousand, so what
// runs share is pointed to.
type job struct {
	run             *study.Run
	cell            *cellInfo
	retention       night.Retention
	round           int     // how many runs of its cell its study has before it
	position        int     // in the order of the plan
	hasCheckpoint   bool    // whether there is a checkpoint to go on from, known once the job is held
	checkpointEpoch int     // epoch of the checkpoint
	priorSeconds    float64 // of training until it
	// stopAt is the rung at which the run stops and others go first, with a
	// checkpoint to go on from; 0 for none.
	stopAt  int
	reason  string // why the process was ended that trained it last; "" for no reason of note
	extends string // the run with fewer epochs whose end this one goes on from, if it has no checkpoint; "" for none
	reopens bool   // whether the run was pruned, and is wanted further now
	// oldResult is the result in the store, where the run is backfilled: trained again for its
	// weights only; nil otherwise.
	oldResult *store.Run
}

// cellInfo is what the runs of a cell have in common.
type cellInfo struct {
	config     json.RawMessage
	data       string // fingerprint
	parameters int
	work       float64 // of a run of it
	bytes      int64   // of memory that a run of it needs if nothing else is trained
}

// work is what a job costs from its start to its last epoch, in seconds at the
// reference speed.
func (j job) work() float64 { return j.cell.work }

// part is that of the work which epochs are.
func (j job) part(epochs float64) float64 { return night.Part(j.work(), j.run, epochs) }

// rest is the part of the work from the checkpoint to where the job stops at a rung or ends.
func (j job) rest() float64 { return j.part(float64(j.to() - j.checkpointEpoch)) }

// to is the epoch where the job stops at a rung or ends.
func (j job) to() int {
	if j.stopAt > 0 {
		return j.stopAt
	}
	return j.run.Epochs
}

// reached sets the epoch that the job goes on from, given the checkpoints that there are.
func (j *job) reached(checkpoints map[string]int) {
	epoch, ok := checkpoints[j.run.ID]
	switch {
	case !ok && j.extends != "":
		return
	case ok && j.oldResult != nil && epoch == j.oldResult.Epochs && !j.retention.FinalOnly():
		epoch = 0
	}
	j.checkpointEpoch, j.hasCheckpoint = epoch, ok
}

// outOfMemory says whether the process that trained the job last was killed because memory ran out.
func (j job) outOfMemory() bool { return j.reason == night.OutOfMemoryOnce }

// row is what the store knows of a run before it is trained.
func (j job) row() store.Run {
	r := j.run
	return store.Run{
		ID: r.ID, Cell: r.Cell, Label: r.Label, Status: store.Pending, Reason: j.reason,
		SeedData: r.Seeds.Data, SeedInit: r.Seeds.Init, SeedOrder: r.Seeds.Order,
		Config: j.cell.config, Data: j.cell.data, Parameters: j.cell.parameters,
	}
}

// task is a job that this process holds.
type task struct {
	job
	owner string
	ctx   context.Context // ends with the night or the hold
	late  bool            // will not be over at the deadline
	first bool            // of the night, which gets on with it however short it is
	alone bool            // whether nothing else is trained meanwhile
	// refused is why it is not trained; nil where it is.
	refused error
}

// Study is a study with the runs that it consists of.
type Study = night.Study
