package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
	"nightshift/runner/slurm"
)

func (a *app) slurmTaskCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "task FOLDER JOB INDEX",
		Short:   "What a task of an array does, on its node",
		Example: "  nightshift slurm task results/slurm/my-study 1 7",
		Hidden:  true,
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			job, err1 := strconv.Atoi(args[1])
			index, err2 := strconv.Atoi(args[2])
			if err := errors.Join(err1, err2); err != nil {
				return usage(err)
			}
			return a.slurmTask(cmd.Context(), slurm.Folder(args[0]), job, index)
		},
	}
}

// slurmTask trains the runs of a task in a database on the node, which is copied back, and asks to be requeued where it was
// warned with runs left.
func (a *app) slurmTask(ctx context.Context, folder slurm.Folder, job, index int) error {
	ctx, stopWarnings := requeueable(ctx) // from the first moment on: a warning may come before anything is trained
	defer stopWarnings()
	_, j, b, err := folder.Job(job)
	if err != nil {
		return err
	}
	if index < 1 || index > len(j.Tasks) {
		return usage(fmt.Errorf("%s has no task %d of job %d", folder, index, job))
	}
	at := slurm.Place{Batch: j.Batch, Task: j.Tasks[index-1]}
	if err := withKernel(b.Kernel); err != nil {
		return err
	}
	scratch, err := scratchFolder(b.Study)
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	t, err := newTaskProgress(folder, at, b.Tasks[at.Task-1].Runs)
	if err != nil {
		return err
	}
	stop := t.reportRepeatedly(progressEvery)
	here := *a
	here.outDir, here.dbFile, here.dataDir = scratch, "", b.Data
	here.nearby = nearbyIn(ctx, filepath.Join(filepath.Dir(scratch), fmt.Sprintf("nightshift-data-%d", os.Getuid())))
	f := runFlags{
		set: b.Set, workers: cores(), asMany: true, retries: 1, checkpoint: checkpointEvery, lease: night.Lease,
		retryFailed: b.RetryFailed, journal: string(store.AutoJournal), noReport: true, observe: t.observe, studyAt: b.At,
	}
	f.only = folder.Runs(at.Batch, at.Task)
	f.copyTo, f.kernel, f.round = folder.Database(at.Batch, at.Task), b.Kernel, b.Round
	if b.Round > 1 {
		f.from = b.DB
	}
	err = here.run(ctx, frozen(folder.Study(at.Batch), b.File), nil, f, "nightshift slurm "+b.Study)
	stop()
	code := codeOf(err)
	if told := t.end(code); told != nil {
		err = errors.Join(err, told)
	}
	if code == exitError {
		err = fmt.Errorf("%w\nthe task's database was in %s, which is deleted; what was copied back before is in %s", err, scratch,
			f.copyTo)
	}
	if code == exitRequeue || code == exitInterrupted {
		array, index := os.Getenv("SLURM_ARRAY_JOB_ID"), os.Getenv("SLURM_ARRAY_TASK_ID")
		if array == "" || index == "" {
			return err // nobody has submitted it
		}
		task := slurm.Start{Job: job, ID: array + "_" + index, Warned: code == exitRequeue}
		return errors.Join(err, requeueSelf(context.WithoutCancel(ctx), folder, task))
	}
	return err
}

// controllerPatience is how long a job retries while the controller of Slurm does not answer, for example because it is
// restarted.
const controllerPatience = 10 * time.Minute

// requeueSelf asks Slurm to start this process again: one that was warned, or that was asked to terminate because another job
// goes first, which not every cluster starts again by itself.
func requeueSelf(ctx context.Context, folder slurm.Folder, self slurm.Start) error {
	self.Restarts, _ = strconv.Atoi(os.Getenv("SLURM_RESTART_COUNT")) // it is not there the first time
	err := slurm.Persist(ctx, controllerPatience, func() error { return slurm.Client{}.Requeue(ctx, folder, self) })
	if err != nil {
		return fmt.Errorf("it could not be put back into the queue (the same nightshift slurm command submits it again): %w", err)
	}
	return nil
}

// frozen reads a study as it was when it was submitted, as if it stood where it was read from.
func frozen(path, from string) reader {
	return func(_, set []string, look study.Look) ([]*study.Study, error) {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, unread("study", err)
		}
		s, err := study.LoadOn(beside(from, look), from, text, set, nil)
		if err != nil {
			return nil, err
		}
		for i := range s.Cells {
			s.Cells[i].Config.Data.Dir = filepath.Dir(from)
		}
		return []*study.Study{s}, nil
	}
}

// scratchFolder makes a folder on the node for the database of a task: where Slurm offers scratch space, else where temporary
// files are, and in memory where that is on a network file system.
func scratchFolder(study string) (string, error) {
	var tried []error
	for _, dir := range []string{os.Getenv("SLURM_TMPDIR"), os.TempDir(), "/tmp", "/dev/shm"} {
		if dir == "" {
			continue
		}
		if network := store.Network(dir); network != "" {
			tried = append(tried, fmt.Errorf("%s is on %s", dir, network))
			continue
		}
		path, err := os.MkdirTemp(dir, "nightshift-"+study+"-")
		if err == nil {
			return path, nil
		}
		tried = append(tried, err)
	}
	return "", fmt.Errorf("this node has no room of its own for a database: %w", errors.Join(tried...))
}

// cores are those that Slurm has given the task.
func cores() int {
	if n, err := strconv.Atoi(os.Getenv("SLURM_CPUS_PER_TASK")); err == nil && n > 0 {
		return n
	}
	return 1
}

// progressEvery is the interval in which a task writes its progress.
const progressEvery = 10 * time.Second

// taskProgress writes the progress of a task into the shared folder.
type taskProgress struct {
	folder slurm.Folder
	at     slurm.Place
	watch  *progress // of the night

	mu   sync.Mutex
	said slurm.Progress
}

// newTaskProgress writes that a task has begun, and counts its starts.
func newTaskProgress(folder slurm.Folder, at slurm.Place, runs int) (*taskProgress, error) {
	before, err := folder.Progress(at)
	if err != nil {
		return nil, err
	}
	t := &taskProgress{folder: folder, at: at, said: before}
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	if node := os.Getenv("SLURMD_NODENAME"); node != "" {
		host = node
	}
	t.watch = newProgress(nil, true, time.Now)
	t.said.Runs, t.said.Starts, t.said.Node, t.said.Kernel = runs, before.Starts+1, host, runner.Provenance().Kernel
	t.said.Array = os.Getenv("SLURM_ARRAY_JOB_ID")
	t.said.Running, t.said.Left, t.said.Ended, t.said.Exit, t.said.At = nil, 0, false, 0, time.Now().UTC()
	return t, folder.PutProgress(at, t.said)
}

// observe takes note of an event of the night.
func (t *taskProgress) observe(e runner.Event) {
	t.watch.observe(e)
	t.mu.Lock()
	defer t.mu.Unlock()
	p := e.Progress
	t.said.Diverged, t.said.Pruned, t.said.Failed = p.Diverged, p.Pruned, p.Failed
	t.said.Done = p.Total - p.Remaining - p.Diverged - p.Pruned - p.Failed
}

// now is how far the task is.
func (t *taskProgress) now() slurm.Progress {
	total, running := t.watch.snapshot()
	t.mu.Lock()
	defer t.mu.Unlock()
	said := t.said
	said.At, said.Left, said.Running = time.Now().UTC(), total.timeLeft.Seconds(), nil
	for _, w := range running {
		if w.id != "" {
			said.Running = append(said.Running, slurm.Running{
				ID: w.id, Label: w.label, Seed: seed(w.seeds), Epoch: w.epoch, Of: w.of, Loss: w.loss,
			})
		}
	}
	return said
}

// reportRepeatedly writes the progress now and then, the first time soon, until it is stopped. Errors are ignored, since the
// next attempt may succeed.
func (t *taskProgress) reportRepeatedly(every time.Duration) (stop func()) {
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for pause := every / 8; ; pause = min(every, 2*pause) {
			select {
			case <-over:
				return
			case <-time.After(pause):
				t.folder.PutProgress(t.at, t.now())
			}
		}
	}()
	return func() { close(over); <-ended }
}

// end writes how the task has ended.
func (t *taskProgress) end(code int) error {
	said := t.now()
	said.Running, said.Left, said.Ended, said.Exit = nil, 0, true, code
	if code == exitOK { // nothing was left, and nothing was to be told if nothing was to be trained
		said.Done += said.Runs - said.Over()
	}
	return t.folder.PutProgress(t.at, said)
}
