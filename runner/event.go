package runner

import (
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Kind says what an Event is about.
type Kind int

// What happens to a run, in this order. A run that the night's end leaves
// unrecorded has no Finished; one that waited from an earlier night on and is
// pruned has nothing else.
const (
	Started   Kind = iota // a worker has taken it
	Trained               // an epoch is over; not sent for every epoch where these take less than a millisecond
	Waits                 // it has come to a rung, and goes on, with another Started, if it does well enough
	Finished              // its outcome is in the store; with the status running another process trains it now
	Elsewhere             // another process has finished it: this run has no other event
	Expected              // of no run: results of studies that prune have changed Progress.Work
	Looked                // of no run: claims were looked at, and more runs may be wanted
	TakenOver             // of no run: this process takes over the runs of a dead or stopped one, which Reason names
)

// Event tells what happened to a run, and how far the night is with it.
type Event struct {
	Kind   Kind
	Run    study.Run
	Worker int // who trains it, counted from 0

	Epoch, Of int     // Trained: the epoch and the last one, unless the training stops early
	Loss      float64 // Trained: of the training split, where it was measured

	Status   store.Status    // Finished
	Reason   string          // Finished: why it failed or diverged
	Seconds  float64         // Finished: of the training
	From     int             // Finished: the epoch of the checkpoint that it went on from, 0 for none
	Epochs   int             // Finished: of the training
	Errors   [3]store.Number // Finished: on the training, validation and test split
	Examples int             // Finished: examples trained on, each time they were

	reopens bool    // Started: of a run that was pruned
	work    float64 // of the whole run; Expected: the change
	opened  opened  // Looked

	Progress
}

// opened is what a look at claims has changed.
type opened struct {
	claims       night.Claims
	runs         int // that are wanted now
	reused       int // that have a result, less those that are trained again
	failures     []Failure
	train        int     // to be trained
	backfilled   int     // of them, for weights only
	unpruned     int     // were pruned by this night, and go on
	work, worked float64 // of all to be trained
}

// Progress counts the runs of a night by what has become of them.
type Progress struct {
	Total       int // that the studies want, by now
	Reused      int // had a result before the night, or got it from another process
	Running     int
	Done        int
	Diverged    int
	Pruned      int // given up at a rung
	Failed      int // those of earlier nights included, unless they are retried
	Waiting     int // at the end of their round, in a night that trains one round
	Interrupted int // stopped with the night; they remain to be trained
	Remaining   int // to be trained: waiting, running or interrupted
	ToTrain     int // that were to be trained when the night began, or have come to be wanted since
	Trained     int // of which this night recorded anything, a failure or a part of the epochs included
	Backfilled  int // had a result before the night, but lacked weights that a study keeps; not among Reused
	Reopened    int // were pruned before the night, and trained again because they are wanted further; not among Reused

	Examples int     // trained on, each time they were
	Seconds  float64 // of training, summed over runs

	// Work is that of the runs that the night trains, in seconds at the reference
	// speed. Worked is the part of it that is over, including the epochs of running
	// runs and of checkpoints. Of runs that may be pruned the expected part counts.
	Work, Worked float64
	TimeLeft     time.Duration // that the rest is expected to take; 0 where nothing is known yet

	Claims night.Claims // of the studies that go on until they are decided
}

// Summary is the result of a night: the last Progress, the time that it took, and its failures.
type Summary struct {
	Progress
	Elapsed  time.Duration
	Deadline bool      // whether it ended at Options.Deadline with runs left
	Failures []Failure // those of earlier nights first, then in the order in which they happened
}

// Failure is a run that has no result, with the reason.
type Failure struct{ ID, Label, Reason string }
