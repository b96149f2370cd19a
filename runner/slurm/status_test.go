package slurm

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// handed is a submission of five tasks in two jobs.
func handed(t *testing.T) (Folder, Submission) {
	t.Helper()
	f := Folder(filepath.Join(t.TempDir(), "s"))
	s := Submission{Token: "tok", Batches: []Batch{{Study: "s"}}}
	for n := range 5 {
		s.Batches[0].Tasks = append(s.Batches[0].Tasks, Task{Runs: 2, Cost: 100})
		ids := []string{strings.Repeat(string(rune('a'+n)), 64), strings.Repeat(string(rune('0'+n)), 64)}
		if err := f.WriteTask(1, n+1, ids); err != nil {
			t.Fatal(err)
		}
	}
	s.Append(1, []int{1, 2, 3, 4}, 3, time.Time{})
	s.Append(1, []int{5, 2}, 3, time.Time{})
	return f, s
}

func TestPicture(t *testing.T) {
	f, s := handed(t)
	if len(s.Jobs) != 3 || len(s.Jobs[0].Tasks) != 3 || s.Jobs[1].Tasks[0] != 4 {
		t.Fatalf("arrays of at most three tasks: %+v", s.Jobs)
	}
	entry := func(job string, index int, state, reason, comment string) Entry {
		return Entry{
			Job: job, Index: index, State: state, Reason: reason, Comment: "nightshift tok " + comment, Node: "n1", Left: "5:00",
		}
	}
	queue := []Entry{
		entry("10", 1, "RUNNING", "None", "1"), entry("10", 2, "FAILED", "NonZeroExitCode", "1"),
		entry("10", 3, "COMPLETED", "None", "1"), entry("11", 1, "CANCELLED", "None", "2"),
		entry("12", 1, "PENDING", "Priority", "3"), entry("12", 2, "PENDING", "BeginTime", "3"),
		entry("13", 0, "PENDING", "Dependency", "3 merge"),
		{Job: "99", Index: 1, State: "RUNNING", Comment: "nightshift tokens 1"}, // of another folder
	}
	for task, p := range map[int]Progress{
		1: {Done: 1, Starts: 1, Left: 60, Node: "n1"}, 2: {Done: 1, Starts: 1, Ended: true, Exit: 1},
		3: {Done: 1, Diverged: 1, Starts: 2, Ended: true},
	} {
		p.Runs = 2
		if err := f.PutProgress(Place{1, task}, p); err != nil {
			t.Fatal(err)
		}
	}
	p, err := f.Status(s, queue)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []State{Active, Requeued, Complete, Stopped, Waiting} {
		if got := p.Tasks[i]; got.State != want {
			t.Errorf("task %d is %s (%s), want %s", i+1, got.State, got.Reason, want)
		}
	}
	log := filepath.Join("1", "logs", "3-2.log")
	if p.Tasks[1].Job != "12_2" || p.Merging.Job != "13" || !strings.HasSuffix(p.Tasks[1].Log, log) {
		t.Errorf("task 2 is %s with the log %s, behind is %s", p.Tasks[1].Job, p.Tasks[1].Log, p.Merging.Job)
	}
	// One run a minute, one run is left of the task that runs, one of the requeued, two of the one that waits.
	if left := p.TimeLeft(s); left != 4*time.Minute {
		t.Errorf("%v left, want 4 min", left)
	}
	for array, want := range map[string]bool{"12": true, "10": false} { // the task was stopped in this job, or in one before
		said := Progress{Runs: 2, Done: 1, Starts: 1, Ended: true, Exit: exitInterrupted, Array: array}
		if err := f.PutProgress(Place{1, 2}, said); err != nil {
			t.Fatal(err)
		}
		if p, err = f.Status(s, queue); err != nil || p.Tasks[1].State != Requeued || p.Tasks[1].Preempted != want {
			t.Errorf("task 2 is %s, preempted %v, want %v; %v", p.Tasks[1].State, p.Tasks[1].Preempted, want, err)
		}
	}
	if err := f.PutProgress(Place{1, 2}, Progress{Runs: 2, Done: 1, Starts: 1, Ended: true, Exit: 1}); err != nil {
		t.Fatal(err)
	}
	queue[5].State = "FAILED"
	if p, err = f.Status(s, queue); err != nil || p.Tasks[1].State != Broken || p.Tasks[1].Reason != "exit code 1" {
		t.Errorf("task 2 is %s (%s), %v", p.Tasks[1].State, p.Tasks[1].Reason, err)
	}
	queue[5].State = "PREEMPTED"
	if p, err = f.Status(s, queue); err != nil || p.Tasks[1].State != Broken || p.Tasks[1].Reason != "Preempted" {
		t.Errorf("task 2 is %s (%s), %v", p.Tasks[1].State, p.Tasks[1].Reason, err)
	}
	s.Batches[0].Tasks[2].Closed = true
	if p, err = f.Status(s, queue); err != nil || len(p.Tasks) != 4 || p.Before != 2 {
		t.Errorf("without the third task, which is done: %d tasks, %d runs before, %v", len(p.Tasks), p.Before, err)
	}
	if said := (Progress{Runs: 2, Done: 2, Ended: true, Exit: 1}); said.Complete() { // its last copy could not be written
		t.Error("a task that has ended with an error is complete")
	}
}

// What is copied back while a merge runs, or after it, is not merged; nor is anything before a first merge, or by one that was
// killed.
func TestMerged(t *testing.T) {
	f, s := handed(t)
	database := f.Database(1, 2)
	if !f.Merged(s) {
		t.Error("nothing is not merged")
	}
	if err := os.WriteFile(database, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f.BeginMerge(1)
	if f.Merged(s) {
		t.Error("a merge that was killed has merged")
	}
	first, twin := f.BeginMerge(1), f.BeginMerge(1)
	for _, done := range []func() error{first, twin} {
		if err := done(); err != nil || !f.Merged(s) {
			t.Errorf("merged: %v, %v", f.Merged(s), err)
		}
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(database, later, later); err != nil {
		t.Fatal(err)
	}
	if f.Merged(s) {
		t.Error("what was copied back later is merged")
	}
}

func TestAdoptAndUnmerged(t *testing.T) {
	_, s := handed(t)
	queue := []Entry{
		{Job: "10", Index: 1, State: "RUNNING", Comment: "nightshift tok 1"},
		{Job: "11", State: "PENDING", Comment: "nightshift tok 1 merge"},
		{Job: "12", Index: 1, State: "PENDING", Comment: "nightshift tok 2"},
	}
	s.Adopt(queue)
	if s.Jobs[0].ID != "10" || s.Jobs[0].Merge != "11" || s.Jobs[1].ID != "12" || s.Jobs[2].ID != "" {
		t.Errorf("adopted: %+v", s.Jobs)
	}
	if got := s.Unmerged(queue); len(got) != 1 || got[0] != 2 {
		t.Errorf("jobs without one behind them: %v", got)
	}
	queued := s.Queued(queue)
	if len(queued) != 2 || queued[Place{1, 1}].Job != "10" || queued[Place{1, 4}].Job != "12" {
		t.Errorf("in the queue: %v", queued)
	}
}

// What is locked is nobody else's.
func TestLock(t *testing.T) {
	f := Folder(t.TempDir())
	_, unlock, err := f.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := os.OpenFile(filepath.Join(string(f), "lock"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if busy, err := tryLock(again); err != nil || !busy && runtime.GOOS != "windows" {
		t.Errorf("the lock of another is free: %v, %v", busy, err)
	}
	unlock()
	if busy, err := tryLock(again); err != nil || busy {
		t.Errorf("what was unlocked is busy: %v, %v", busy, err)
	}
}

func TestTail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if got := Tail(path, 2); got != "" {
		t.Errorf("of no file: %q", got)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("line\n", 10000)+"last but one\nlast\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := Tail(path, 2); got != "last but one\nlast" {
		t.Errorf("%q", got)
	}
}
