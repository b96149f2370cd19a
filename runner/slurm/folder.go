package slurm

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"nightshift/internal/file"
)

// Folder is what is known of one study on the cluster: a folder that all nodes see.
//
//	submission.json    the Submission
//	1/study.yaml       the study as it was when its tasks were made
//	1/tasks/7.runs     the runs of task 7, one a line
//	1/tasks/7.db       what the task has copied back: its database
//	1/tasks/7.json     how far it is: Progress
//	1/array-1.sh, 1/merge-1.sh, 1/logs
type Folder string

// Submission is everything that was submitted of one study.
type Submission struct {
	Token   string  `json:"token"` // tells the jobs of this folder from others in the queue
	Batches []Batch `json:"batches"`
	Jobs    []Job   `json:"jobs"`
	Options Options `json:"options"` // the newest ones of the user, for the rounds that follow
}

// Batch is one version of a study with its runs divided into tasks. Submitting an edited study makes a new batch.
type Batch struct {
	Study       string    `json:"study"` // its name
	File        string    `json:"file"`  // that it was read from, beside which its data are
	Set         []string  `json:"set"`
	Sum         string    `json:"sum"`     // of all that decides on what is trained, and how
	Version     string    `json:"version"` // of the study's text and what was set, by their sum
	Data        string    `json:"data"`    // --data
	DB          string    `json:"db"`      // that the results are merged into
	Out         string    `json:"out"`     // for the report
	Kernel      string    `json:"kernel,omitempty"`
	Round       int       `json:"round,omitempty"` // of a study whose cells are compared while it is trained; 0 for others
	RetryFailed bool      `json:"retry_failed,omitempty"`
	Asked       int       `json:"asked,omitempty"` // number of tasks that the user asked for; 0 for none
	At          time.Time `json:"at"`              // when it was made
	Tasks       []Task    `json:"tasks"`
}

// Task is a share of a batch's runs, which one job at a time trains. It keeps its number, and with it its database, however
// often it is submitted.
type Task struct {
	Runs   int   `json:"runs"`
	Cost   int64 `json:"cost"`             // as runner.Member has it
	Closed bool  `json:"closed,omitempty"` // the runs that it has not trained belong to other tasks now
}

// Job is an array of tasks, and the job after it that merges their databases.
type Job struct {
	Batch int       `json:"batch"`           // counted from 1
	Tasks []int     `json:"tasks"`           // by the index in the array, which is counted from 1 as tasks are
	ID    string    `json:"id,omitempty"`    // that Slurm has given the array; "" as long as that is not known
	Merge string    `json:"merge,omitempty"` // that it has given the job behind; "" as long as there is none
	At    time.Time `json:"at"`

	// What Client.Cancel has cancelled is not put back into the queue: none of its tasks, and no job that merges with such an id.
	Cancelled       bool     `json:"cancelled,omitempty"`
	CancelledMerges []string `json:"cancelled_merges,omitempty"`
}

// ErrNothing says that nothing of a study was submitted.
var ErrNothing = errors.New("the study was not submitted to Slurm")

// Load reads the submission of the folder. The error is ErrNothing where nothing was submitted.
func (f Folder) Load() (Submission, error) {
	var s Submission
	text, err := os.ReadFile(f.submission())
	if errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("%w: there is no %s", ErrNothing, f.submission())
	}
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err == nil && !s.whole() {
		err = errors.New("it names batches or tasks that it does not have; move the folder away, and nightshift slurm begins anew")
	}
	if err != nil {
		return s, fmt.Errorf("what was submitted: %s: %w", f.submission(), err)
	}
	return s, nil
}

// whole says whether all that a submission names is there.
func (s Submission) whole() bool {
	for _, j := range s.Jobs {
		if j.Batch < 1 || j.Batch > len(s.Batches) {
			return false
		}
		for _, t := range j.Tasks {
			if t < 1 || t > len(s.Batches[j.Batch-1].Tasks) {
				return false
			}
		}
	}
	return s.Token != ""
}

// Job finds a job of what was submitted, and the batch that its tasks are of.
func (f Folder) Job(n int) (Submission, Job, Batch, error) {
	s, err := f.Load()
	if err != nil {
		return s, Job{}, Batch{}, err
	}
	if n < 1 || n > len(s.Jobs) {
		return s, Job{}, Batch{}, fmt.Errorf("%s has no job %d", f, n)
	}
	j := s.Jobs[n-1]
	return s, j, s.Batches[j.Batch-1], nil
}

// cancelled says whether what has begun was cancelled by Client.Cancel, as far as that can be read.
func (f Folder) cancelled(t Start) bool {
	_, j, _, err := f.Job(t.Job)
	return err == nil && (j.Cancelled && !t.Merge || slices.Contains(j.CancelledMerges, t.ID))
}

// LoadOrNew reads the submission of the folder, or returns a new one where nothing was submitted.
func (f Folder) LoadOrNew() (Submission, error) {
	s, err := f.Load()
	if errors.Is(err, ErrNothing) {
		return Submission{Token: strings.ToLower(rand.Text()[:10])}, nil
	}
	return s, err
}

// Save replaces the stored submission in one step.
func (f Folder) Save(s Submission) error {
	text, err := json.MarshalIndent(s, "", " ")
	if err == nil {
		err = file.Replace(f.submission(), append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("writing what is submitted: %w", err)
	}
	return nil
}

func (f Folder) submission() string { return filepath.Join(string(f), "submission.json") }

// Batch is the folder of a batch, counted from 1.
func (f Folder) Batch(n int) string { return filepath.Join(string(f), strconv.Itoa(n)) }

// Study is the file of a batch's study.
func (f Folder) Study(batch int) string { return filepath.Join(f.Batch(batch), "study.yaml") }

// Runs is the file with the runs of a task.
func (f Folder) Runs(batch, task int) string { return f.task(batch, task, ".runs") }

// Database is the copy of a task's database.
func (f Folder) Database(batch, task int) string { return f.task(batch, task, ".db") }

func (f Folder) progress(batch, task int) string { return f.task(batch, task, ".json") }

func (f Folder) task(batch, task int, kind string) string {
	return filepath.Join(f.Batch(batch), "tasks", strconv.Itoa(task)+kind)
}

// Log is the path of the file with the output of a task of a job.
func (f Folder) Log(s Submission, job, index int) string {
	return filepath.Join(f.Batch(s.Jobs[job-1].Batch), "logs", fmt.Sprintf("%d-%d.log", job, index))
}

// MergeLog is the path of the file with the output of the job that merges an array.
func (f Folder) MergeLog(s Submission, job int) string {
	return filepath.Join(f.Batch(s.Jobs[job-1].Batch), "logs", fmt.Sprintf("merge-%d.log", job))
}

// LastMergeLog is the path of the newest file with the output of a job that merges; "" where none has begun.
func (f Folder) LastMergeLog(s Submission) (last string) {
	var at time.Time
	for n := range s.Jobs {
		path := f.MergeLog(s, n+1)
		if info, err := os.Stat(path); err == nil && info.ModTime().After(at) {
			last, at = path, info.ModTime()
		}
	}
	return last
}

// WriteTask adds a task to a batch by writing the identities of its runs. It has to be called before the task is submitted.
func (f Folder) WriteTask(batch, task int, ids []string) error {
	if err := file.Replace(f.Runs(batch, task), []byte(strings.Join(ids, "\n")+"\n")); err != nil {
		return fmt.Errorf("list of runs: %w", err)
	}
	return nil
}

// ReadTask lists the identities of the runs of a task.
func (f Folder) ReadTask(batch, task int) ([]string, error) {
	text, err := os.ReadFile(f.Runs(batch, task))
	if err != nil {
		return nil, fmt.Errorf("list of runs: %w", err)
	}
	return strings.Fields(string(text)), nil
}

// Lock waits until no other process submits from this folder, and gives a client whose commands hold the lock as long as they
// run: where the process that has called sbatch is killed, the next one waits until sbatch has answered.
func (f Folder) Lock(ctx context.Context) (Client, func(), error) {
	if err := os.MkdirAll(string(f), 0o777); err != nil {
		return Client{}, nil, fmt.Errorf("folder for what is submitted: %w", err)
	}
	lock, err := LockFile(ctx, filepath.Join(string(f), "lock"))
	if err != nil {
		return Client{}, nil, err
	}
	return Client{hold: lock}, func() { lock.Close() }, nil
}

// LockFile waits until no other process has locked a file, and locks it until the returned file is closed.
func LockFile(ctx context.Context, path string) (*os.File, error) {
	lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		var readOnly error // jobs can be cancelled where nothing can be written
		if lock, readOnly = os.Open(path); readOnly != nil {
			return nil, fmt.Errorf("locking: %w", err)
		}
	}
	for {
		busy, err := tryLock(lock)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("locking %s: %w", path, err), lock.Close())
		}
		if !busy {
			return lock, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), lock.Close())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// FindLogs finds the runs whose identities begin with a prefix. It sets found[id] to the log of the last job whose task has the
// run.
func (f Folder) FindLogs(s Submission, prefix string, found map[string]string) error {
	logs := f.logs(s)
	for b, batch := range s.Batches {
		for t := range batch.Tasks {
			ids, err := f.ReadTask(b+1, t+1)
			if err != nil {
				return err
			}
			log, submitted := logs[Place{b + 1, t + 1}]
			for _, id := range ids {
				if submitted && strings.HasPrefix(id, prefix) {
					found[id] = log
				}
			}
		}
	}
	return nil
}
