package store

import (
	"database/sql"
	"encoding/json"
	"time"

	"nightshift/internal/metric"
)

// Status of a run.
type Status string

// The states of a run. Done and Diverged are results and are never trained again.
const (
	Pending     Status = "pending"
	Running     Status = "running"
	Done        Status = "done"
	Diverged    Status = "diverged"
	Pruned      Status = "pruned"
	Failed      Status = "failed"
	Interrupted Status = "interrupted"
)

// statuses are the words that the schema knows.
var statuses = []Status{Pending, Running, Done, Diverged, Pruned, Failed, Interrupted}

// Number is a metric's value, which may be NaN or infinite, or not there at all
// (the error of a regression, a split that is empty): then it is not Valid and
// stands as NULL in the database.
type Number = sql.Null[float64]

// Metrics of one split.
type Metrics = metric.Metrics[Number]

// Epoch is what was measured after one epoch; epoch 0 is the untrained network.
type Epoch struct {
	Epoch              int
	Steps              int     // taken since the start
	LR                 float64 // of the epoch's last step
	Distance           float64 // norm of the difference from the initial parameters
	Seconds            float64 // since the start of the training
	Train, Valid, Test Metrics
}

// Layer is what was measured of one layer of weights after one epoch.
type Layer struct {
	Epoch, Layer int
	metric.Measures
}

// UnknownCommit stands for the commit of a program that was built without the stamp of a version control
// system: of it nobody can say that it had no changes.
const UnknownCommit = "unknown"

// Provenance says what made a result.
type Provenance struct {
	Version string `json:"version"`
	Commit  string `json:"commit"` // or UnknownCommit
	Dirty   bool   `json:"dirty"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	CPU     string `json:"cpu"`
	Host    string `json:"host"`
	Kernel  string `json:"kernel"`

	Repository Repository `json:"repository,omitzero"`
}

// Repository is the Git repository that a study's file, or else who ran it, was in; the zero value stands for one that is not
// known.
type Repository struct {
	Remote string `json:"remote,omitempty"` // where it is kept, without user and password; "" where that is nowhere else
	Commit string `json:"commit"`
	Dirty  bool   `json:"dirty"` // files that it has were not as the commit has them
}

// String is the commit, whether there were changes, and where it is kept, or UnknownCommit.
func (r Repository) String() string {
	if r.Commit == "" {
		return UnknownCommit
	}
	text := r.Commit
	if r.Dirty {
		text += " with changes that are not committed"
	}
	if r.Remote != "" {
		text += ", " + r.Remote
	}
	return text
}

// Run is one row of the view runs.
type Run struct {
	ID, Cell, Label               string
	Status                        Status
	Reason                        string // one line: why it failed or diverged
	Stack                         string // of a panic
	SeedData, SeedInit, SeedOrder uint64
	Config                        json.RawMessage
	Data                          string // identity of the data set: key of Dataset
	Parameters                    int    // weights and biases of the network
	Epochs                        int    // epochs finished
	Train, Valid, Test            Metrics
	Seconds                       float64
	Started, Finished             time.Time
	Digest                        string // SHA-256 of the final parameters, hex; "" where it was not taken
	Provenance
}

// Dataset is what a report needs to know of the data a run was tested on; the
// test split is the same for all data seeds of a spec.
type Dataset struct {
	ID            string // fingerprint of the examples
	Spec          json.RawMessage
	Regression    bool
	In, Out       int
	Classes       []string
	Warnings      []string // what was doubtful about its files
	NoiseVariance float64
	TestLabels    []int32
	TestTargets   []float32 // [n, out], regression
	TestTruth     []float32 // [n, out], where the noise-free value is known
}

// Result is everything that one finished run leaves behind; it is written in one transaction.
type Result struct {
	Run     Run
	Epochs  []Epoch
	Layers  []Layer
	Outputs []float32 // logits on the test split [n, out]
	Weights []Snapshot
	Final   *Checkpoint // what a run with more epochs goes on from; nil for nothing
}

// Snapshot holds a network's weights after an epoch, encoded as a safetensors file.
type Snapshot struct {
	Epoch   int
	Tensors []byte
}

// StudyRun says that a run belongs to a study.
type StudyRun struct {
	Study, RunID, CellLabel string
	Axes                    json.RawMessage
	Former                  bool // it is not of the newest version of the study, but of one before
}

// Study is one row of the view studies.
type Study struct {
	Study, Question, YAML string
	Select                string
	Set                   []string
	At                    time.Time
}
