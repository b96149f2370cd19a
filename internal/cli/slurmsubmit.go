package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"nightshift/internal/file"
	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
	"nightshift/runner/slurm"
)

// slurm submits what is missing of a study and in no queue.
func (a *app) slurm(ctx context.Context, arg string, f slurmFlags) error {
	o, err := f.options()
	if err != nil {
		return err
	}
	plan, sources, err := a.expand(a.reader(false), []string{arg}, f.set)
	if err != nil {
		return err
	}
	if len(plan) != 1 {
		return usage(fmt.Errorf("%s is %s; submit them one by one", arg, number.Count(len(plan), "study")))
	}
	if err := a.warn(plan, sources); err != nil {
		return err
	}
	h := &handover{app: a, ctx: ctx, flags: f, options: o, plan: plan, study: plan[0], sources: sources}
	if h.file, err = a.studyPath(arg); err != nil {
		return err
	}
	if h.folder, err = a.slurmFolder(h.study.Name, f.dir); err != nil {
		return err
	}
	for _, path := range []string{string(h.folder), o.Program, o.Dir} {
		if err := slurm.CheckPath(path); err != nil {
			return usage(err)
		}
	}
	if f.dryRun {
		return h.dryRun()
	}
	if err := h.submit(); err != nil {
		return err
	}
	if !f.wait {
		return nil
	}
	return h.wait()
}

// handover is a study that is handed over to the cluster.
type handover struct {
	*app
	ctx     context.Context
	flags   slurmFlags
	options slurm.Options
	plan    []runner.Study // study alone
	study   runner.Study
	sources *runner.Sources
	file    string // that the study was read from
	folder  slurm.Folder

	client     slurm.Client
	submission slurm.Submission
	queue      []slurm.Entry
}

// submit submits what is missing, while no other process submits anything of the study.
func (h *handover) submit() error {
	client, unlock, err := h.folder.Lock(h.ctx)
	if err != nil {
		return err
	}
	defer unlock()
	h.client = client
	if err := h.look(); err != nil {
		return err
	}
	if h.flags.dir != "" {
		if err := h.rememberFolder(); err != nil {
			return err
		}
	}
	todo, err := h.divide()
	if err != nil {
		return err
	}
	if err := h.writeTasks(todo); err != nil {
		return err
	}
	return h.hand(todo)
}

// look reads what was submitted before and what is in the queue.
func (h *handover) look() (err error) {
	if h.submission, err = h.folder.LoadOrNew(); err != nil {
		return err
	}
	if h.queue, err = h.client.Queue(h.ctx, h.submission.Token); err != nil {
		return err
	}
	h.submission.Adopt(h.queue)
	return nil
}

func (h *handover) rememberFolder() error {
	path := filepath.Join(h.outDir, "slurm", h.study.Name+".dir")
	if err := file.Replace(path, []byte(string(h.folder)+"\n")); err != nil {
		return fmt.Errorf("where the study is submitted from: %w", err)
	}
	return nil
}

// batch is what the study is submitted as, without its tasks.
func (h *handover) batch() (slurm.Batch, error) {
	db, err1 := filepath.Abs(h.dbPath())
	out, err2 := filepath.Abs(h.outDir)
	path, err3 := filepath.Abs(h.file)
	if err := errors.Join(err1, err2, err3); err != nil {
		return slurm.Batch{}, err
	}
	if strings.HasPrefix(h.file, "experiments/") && !exists(h.file) {
		path = h.file
	}
	data := h.dataDir
	if data != "" {
		var err error
		if data, err = filepath.Abs(data); err != nil {
			return slurm.Batch{}, err
		}
	}
	b := slurm.Batch{Study: h.study.Name, File: path, Set: h.flags.set, Data: data, DB: db, Out: out, Kernel: h.flags.kernel,
		RetryFailed: h.flags.retryFailed}
	text, err := json.Marshal(struct {
		slurm.Batch
		YAML string
	}{b, h.study.YAML})
	sum := sha256.Sum256(text)
	b.Sum = hex.EncodeToString(sum[:])
	return b, err
}

// missing lists the runs that have no result in the database, in the order in which they are trained, and says how many there are in all.
func (h *handover) missing() (list []runner.Member, all int, err error) {
	db, err := h.openIfThere()
	if err != nil {
		return nil, 0, err
	}
	if db != nil {
		defer db.Close()
	}
	known, err := night.Read(h.ctx, db, h.plan, time.Now(), night.Lease)
	if err != nil {
		return nil, 0, err
	}
	known.By = runner.Provenance()
	agenda := known.Agenda(h.flags.retryFailed, h.study)
	members, err := runner.Members(h.plan, h.sources)
	if err != nil {
		return nil, 0, err
	}
	return slices.DeleteFunc(slices.Clone(members), func(m runner.Member) bool { return !agenda.Need(m.ID).Remains() }), len(members), nil
}

// openIfThere opens the database for reading; nil where there is none yet.
func (a *app) openIfThere() (*store.DB, error) {
	if _, err := os.Stat(a.dbPath()); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return a.openRead()
}

// division is what a submission adds to the one before.
type division struct {
	batch    int // that the tasks are of
	isNew    bool
	resumed  []int             // tasks of the batch that are submitted again
	added    [][]runner.Member // further tasks
	closed   []slurm.Place     // tasks whose runs stand in others now
	unmerged int               // runs that are trained, but not in the database
	queued   int               // runs of tasks that are in the queue
	missing  int               // runs to be submitted
	all      int               // runs of the study
}

// tasks are the numbers of the batch's tasks that are submitted, given how many it has already.
func (d division) tasks(have int) []int {
	list := slices.Clone(d.resumed)
	for i := range d.added {
		list = append(list, have+i+1)
	}
	return list
}

// divide says which tasks are to be submitted: those that are in no queue and have not come to their end, as they are, and
// further ones for missing runs that stand in none. Where
// --tasks asks for another number than before, what is missing is divided anew.
func (h *handover) divide() (d division, err error) {
	b, err := h.batch()
	if err != nil {
		return d, err
	}
	s := &h.submission
	if n := len(s.Batches); n == 0 || s.Batches[n-1].Sum != b.Sum {
		b.At = now()
		s.Batches = append(s.Batches, b)
		d.isNew = true
	}
	d.batch = len(s.Batches)
	missing, all, err := h.missing()
	if err != nil {
		return d, err
	}
	d.all = all
	left := map[string]bool{}
	for _, m := range missing {
		left[m.ID] = true
	}
	if err := h.subtract(&d, left); err != nil {
		return d, err
	}
	d.missing = len(left)
	var free []runner.Member
	for _, m := range missing {
		if left[m.ID] {
			free = append(free, m)
		}
	}
	// Tasks keep their runs, so that they go on from their checkpoints.
	if last := &s.Batches[d.batch-1]; !d.isNew && (h.flags.tasks == 0 || h.flags.tasks == last.Asked) {
		kept := map[string]bool{}
		for _, p := range h.idle() {
			if p.Batch != d.batch {
				continue
			}
			ids, err := h.folder.ReadTask(p.Batch, p.Task)
			if err != nil {
				return d, err
			}
			if slices.ContainsFunc(ids, func(id string) bool { return left[id] }) {
				d.resumed = append(d.resumed, p.Task)
				for _, id := range ids {
					kept[id] = true
				}
			}
		}
		free = slices.DeleteFunc(free, func(m runner.Member) bool { return kept[m.ID] })
	} else if len(free) > 0 {
		d.closed, last.Asked = h.idle(), h.flags.tasks
	}
	if len(free) > 0 {
		d.added = runner.Shares(free, h.tasksFor(free))
	}
	return d, nil
}

// now is the time to the millisecond, as databases have it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// idle lists the tasks that are in no queue and not closed.
func (h *handover) idle() (list []slurm.Place) {
	queued := h.submission.Queued(h.queue)
	for b, batch := range h.submission.Batches {
		for t, task := range batch.Tasks {
			p := slurm.Place{Batch: b + 1, Task: t + 1}
			if _, is := queued[p]; !is && !task.Closed {
				list = append(list, p)
			}
		}
	}
	return list
}

// subtract takes out of left what tasks in the queue have, and what others have trained.
func (h *handover) subtract(d *division, left map[string]bool) error {
	take := func(ids []string) (n int) {
		for _, id := range ids {
			if left[id] {
				delete(left, id)
				n++
			}
		}
		return n
	}
	queued := h.submission.Queued(h.queue)
	for p := range queued {
		ids, err := h.folder.ReadTask(p.Batch, p.Task)
		if err != nil {
			return err
		}
		d.queued += take(ids)
	}
	for b, batch := range h.submission.Batches {
		for t := range batch.Tasks {
			p := slurm.Place{Batch: b + 1, Task: t + 1}
			if _, is := queued[p]; is {
				continue
			}
			over, err := h.trained(p)
			if err != nil {
				return err
			}
			d.unmerged += take(over)
		}
	}
	return nil
}

// trained lists the runs of a task that need nothing more, by the database that it has copied back.
func (h *handover) trained(p slurm.Place) ([]string, error) {
	path := h.folder.Database(p.Batch, p.Task)
	if !exists(path) {
		return nil, nil
	}
	db, err := store.OpenReadOnly(path)
	if err != nil {
		return nil, fmt.Errorf("what task %d has copied back: %w", p.Task, err)
	}
	defer db.Close()
	states, err := db.States(h.ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for id, s := range states {
		switch s.Status {
		case store.Done, store.Diverged, store.Pruned:
			ids = append(ids, id)
		case store.Failed:
			if !h.flags.retryFailed {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// hour is the cost of an hour of one core at the reference speed, in the units of runner.Member.
const hour = 3600 * 1e6

// tasksFor is how many tasks runs are divided into: as many as were asked for, else tasks of an hour, 100 at most; never more
// than would leave a core without a run.
func (h *handover) tasksFor(runs []runner.Member) int {
	n := h.flags.tasks
	if n == 0 {
		var cost int64
		for _, m := range runs {
			cost += m.Cost
		}
		n = min(100, int(float64(cost)/hour/float64(h.options.CPUs))+1)
	}
	return max(1, min(n, (len(runs)+h.options.CPUs-1)/h.options.CPUs))
}

// writeTasks writes what tasks read. Nobody knows of it before the submission says so.
func (h *handover) writeTasks(d division) error {
	s := &h.submission
	b := &s.Batches[d.batch-1]
	if d.isNew {
		if err := file.Replace(h.folder.Study(d.batch), []byte(h.study.YAML)); err != nil {
			return fmt.Errorf("the study's file: %w", err)
		}
		if err := os.MkdirAll(filepath.Join(h.folder.Batch(d.batch), "logs"), 0o777); err != nil {
			return fmt.Errorf("folder of logs: %w", err)
		}
	}
	h.addTasks(d)
	for i, share := range d.added {
		ids := make([]string, len(share))
		for k, m := range share {
			ids[k] = m.ID
		}
		if err := h.folder.WriteTask(d.batch, len(b.Tasks)-len(d.added)+i+1, ids); err != nil {
			return err
		}
	}
	return nil
}

// addTasks adds the division's tasks to the submission.
func (h *handover) addTasks(d division) {
	for _, p := range d.closed {
		h.submission.Batches[p.Batch-1].Tasks[p.Task-1].Closed = true
	}
	b := &h.submission.Batches[d.batch-1]
	for _, share := range d.added {
		t := slurm.Task{Runs: len(share)}
		for _, m := range share {
			t.Cost += m.Cost
		}
		b.Tasks = append(b.Tasks, t)
	}
}

// hand submits the division's tasks, and what is behind them.
func (h *handover) hand(d division) error {
	s := &h.submission
	for _, job := range s.Unmerged(h.queue) {
		if err := h.client.SubmitMerge(h.ctx, h.folder, s, h.options, job); err != nil {
			return err
		}
		fmt.Fprintf(h.out, "%s: job %s is behind array %s now, which had none\n", h.study.Name, s.Jobs[job-1].Merge, s.Jobs[job-1].ID)
	}
	have := len(s.Batches[d.batch-1].Tasks) - len(d.added)
	tasks := d.tasks(have)
	h.say(d, len(tasks))
	switch {
	case len(tasks) > 0:
		return h.submitTasks(d, tasks)
	case d.unmerged > 0 && d.queued == 0 && s.Merging(h.queue) == "" && len(s.Jobs) > 0:
		if err := h.client.SubmitMerge(h.ctx, h.folder, s, h.options, len(s.Jobs)); err != nil {
			return err
		}
		fmt.Fprintf(h.out, "submitted: job %s, which merges them and writes the report\n", s.Jobs[len(s.Jobs)-1].Merge)
	case d.queued == 0 && s.Merging(h.queue) == "":
		fmt.Fprintf(h.out, "nothing to submit; nightshift report %s writes the report anew\n", h.study.Name)
	}
	return nil
}

func (h *handover) submitTasks(d division, tasks []int) error {
	s := &h.submission
	most, err := h.client.LargestArray(h.ctx)
	if err != nil {
		return err
	}
	if err := h.suggestConstraint(); err != nil {
		return err
	}
	jobs := s.Append(d.batch, tasks, most, now())
	if err := h.client.Submit(h.ctx, h.folder, s, h.options, jobs); err != nil {
		return err
	}
	for _, n := range jobs {
		j := s.Jobs[n-1]
		fmt.Fprintf(h.out, "submitted: %s as job %s, and job %s behind it, which merges and writes the report\n",
			number.Count(len(j.Tasks), "task"), j.ID, j.Merge)
	}
	fmt.Fprintf(h.out, "nightshift status %s shows how far they are\n", h.study.Name)
	return nil
}

// say says where the study's runs are.
func (h *handover) say(d division, tasks int) {
	parts := []string{number.Count(d.all, "run")}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(d.all-d.missing-d.queued-d.unmerged, "done")
	add(d.unmerged, "done by tasks and not merged yet")
	add(d.queued, "in the queue or running")
	if d.missing > 0 {
		add(d.missing, "to be submitted, in "+number.Count(tasks, "task"))
	}
	fmt.Fprintf(h.out, "%s: %s\n", h.study.Name, strings.Join(parts, ", "))
}

// dryRun prints what submit would do.
func (h *handover) dryRun() error {
	if err := h.look(); err != nil && !errors.Is(err, slurm.ErrNoSlurm) {
		return err
	}
	d, err := h.divide()
	if err != nil {
		return err
	}
	have := len(h.submission.Batches[d.batch-1].Tasks)
	h.addTasks(d)
	tasks := d.tasks(have)
	h.say(d, len(tasks))
	most, err := h.client.LargestArray(h.ctx)
	if err != nil && !errors.Is(err, slurm.ErrNoSlurm) {
		return err
	} else if err != nil {
		most = len(tasks)
	}
	if len(tasks) == 0 {
		return nil
	}
	for i, share := range d.added {
		fmt.Fprintf(h.out, "%s: %s\n", h.folder.Runs(d.batch, have+i+1), number.Count(len(share), "run"))
	}
	jobs := h.submission.Append(d.batch, tasks, most, time.Now())
	for _, n := range jobs {
		h.submission.Jobs[n-1].ID = "JOB" // what sbatch will answer
		for _, script := range h.options.Share(len(jobs)).Scripts(h.folder, h.submission, n) {
			fmt.Fprintf(h.out, "\n%s\n%s\n%s\n", script.Path, script.Text, script.Command)
		}
	}
	return nil
}

// wait stays until the report is written.
func (h *handover) wait() error {
	err := h.client.Wait(h.ctx, h.submission.Token, pollEvery, func([]slurm.Entry) {})
	if h.ctx.Err() != nil {
		return exit{exitInterrupted, fmt.Errorf("not waited for any longer; the jobs go on, and nightshift status %s shows them", h.study.Name)}
	}
	if err != nil {
		return err
	}
	s, err := h.folder.Load()
	if err != nil {
		return err
	}
	left, all, err := h.missing()
	if err != nil {
		return err
	}
	if len(s.Jobs) > 0 {
		fmt.Fprintln(h.out, slurm.Tail(h.folder.MergeLog(s, len(s.Jobs)), 20))
	}
	if len(left) > 0 {
		return exit{exitFailed, fmt.Errorf("%d of %s are missing; nightshift status %s says why", len(left), number.Count(all, "run"), h.study.Name)}
	}
	return nil
}

// suggestConstraint says where jobs may run on nodes whose processors differ.
func (h *handover) suggestConstraint() error {
	if h.flags.kernel != "" || slices.ContainsFunc(h.options.Extra, func(w string) bool {
		return strings.HasPrefix(w, "--constraint") || strings.HasPrefix(w, "-C") || strings.HasPrefix(w, "--nodelist") || strings.HasPrefix(w, "-w")
	}) {
		return nil
	}
	kinds, err := h.client.Kinds(h.ctx, h.flags.partition)
	if err != nil || len(kinds) < 2 {
		return nil // what sinfo cannot say is no reason not to submit
	}
	fmt.Fprintln(h.err, "the nodes that tasks may run on differ, and results of different processors may differ in their last bits:")
	for _, k := range kinds {
		fmt.Fprintf(h.err, "  %s: %s\n", k.Nodes, k.Features)
	}
	fmt.Fprintln(h.err, "one kind of nodes is chosen by --sbatch --constraint=FEATURE, one kernel for all by --kernel (docs/cluster.md)")
	return nil
}

// studyPath is the file that an argument names a study by.
func (a *app) studyPath(arg string) (string, error) {
	files, err := a.studyFiles(arg)
	if err != nil {
		return "", usage(err)
	}
	return files[0].name, nil
}

// studyName is the name of the study that an argument names: by its file, or as it stands in the database.
func (a *app) studyName(arg string) string {
	files, err := a.studyFiles(arg)
	if err != nil || len(files) != 1 {
		return arg
	}
	s, err := study.LoadOn(nil, files[0].name, files[0].text, nil, files[0].read)
	if err != nil {
		return arg
	}
	return s.Name
}
