package slurm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"nightshift/internal/file"
)

// Progress is how far a task is, written by the process that trains it: repeatedly while it trains, and when it ends.
type Progress struct {
	Runs     int       `json:"runs"`
	Done     int       `json:"done"`
	Diverged int       `json:"diverged"`
	Pruned   int       `json:"pruned"`
	Failed   int       `json:"failed"`
	Starts   int       `json:"starts"` // how often the task was started
	Array    string    `json:"array"`  // whose task was started last, as Slurm numbers it
	Node     string    `json:"node"`
	Kernel   string    `json:"kernel"`
	At       time.Time `json:"at"`
	Running  []Running `json:"running"`
	Left     float64   `json:"seconds_left"` // 0 where that is not known
	Ended    bool      `json:"ended"`        // whether the process has
	Exit     int       `json:"exit"`         // its code, once it has
}

// Running is a run that is being trained.
type Running struct {
	ID    string  `json:"id"`
	Label string  `json:"label"`
	Seed  string  `json:"seed"`
	Epoch int     `json:"epoch"`
	Of    int     `json:"of"`
	Loss  float64 `json:"loss"`
}

// Over counts the runs that need no more training.
func (p Progress) Over() int { return p.Done + p.Diverged + p.Pruned + p.Failed }

// Complete says whether all runs of the task are over and their results were copied back.
func (p Progress) Complete() bool {
	return p.Runs > 0 && p.Over() == p.Runs && !(p.Ended && p.Exit == exitError)
}

// exitError is the exit code of a process that could not do what it should, such as writing its last copy.
const exitError = 1

// Progress reads how far a task is. It is the zero value for a task that has never begun, and where a file server that has
// crashed has left an empty file.
func (f Folder) Progress(at Place) (Progress, error) {
	var p Progress
	text, err := os.ReadFile(f.progress(at.Batch, at.Task))
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(text) == 0 {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		return p, fmt.Errorf("progress of task %d: %w", at.Task, err)
	}
	return p, nil
}

// PutProgress replaces the progress file of a task in one step.
func (f Folder) PutProgress(at Place, p Progress) error {
	text, err := json.Marshal(p)
	if err == nil {
		err = file.Replace(f.progress(at.Batch, at.Task), append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("progress of task %d: %w", at.Task, err)
	}
	return nil
}
