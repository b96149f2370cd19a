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
	"regexp"
	"slices"
	"strings"
	"time"

	"nightshift/internal/file"
	"nightshift/internal/night"
	"nightshift/internal/number"
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
	round   int // that is not over, of a study whose cells compete; 0 for others, and where all are over

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
	h.limitMerge()
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
		Round: h.round, RetryFailed: h.flags.retryFailed}
	text, err := json.Marshal(struct {
		slurm.Batch
		YAML string
	}{b, h.study.YAML})
	sum := sha256.Sum256(text)
	b.Sum = hex.EncodeToString(sum[:])
	version := sha256.Sum256([]byte(h.study.YAML + "\x00" + strings.Join(h.flags.set, "\x00")))
	b.Version = hex.EncodeToString(version[:])
	return b, err
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
	s.Options = h.options
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
	if h.round > 0 {
		parts[0] = fmt.Sprintf("round %d of at most %d, %s", h.round, night.Rounds(h.study.Study), parts[0])
	} else if competes(h.study) {
		parts[0] = "all rounds are over"
	}
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

// limitMerge gives the job that merges the time that merging and the report take by a wide margin, ten times what they took where
// it was measured (docs/cluster.md) and half an hour, but no more than the partition lets jobs have. It neither ends with tasks that
// are short nor waits for a place as long as they may be.
func (h *handover) limitMerge() {
	const perRun, perEpoch = 7 * time.Millisecond, 300 * time.Microsecond
	limit := 30 * time.Minute
	for _, r := range h.study.Whole() {
		limit += perRun + time.Duration(r.Epochs)*perEpoch
	}
	elsewhere := regexp.MustCompile("^(--partition|-p)")
	if !slices.ContainsFunc(h.options.MergeExtra, elsewhere.MatchString) {
		// What sinfo cannot say is no reason not to submit.
		if most, err := h.client.LongestLimit(h.ctx, h.options.Partition); err == nil && most > 0 {
			limit = min(limit, most)
		}
	}
	h.options.MergeLimit = limit.Truncate(time.Minute)
}

// suggestConstraint says where jobs may run on nodes whose processors differ.
func (h *handover) suggestConstraint() error {
	chooses := regexp.MustCompile("^(--constraint|-C|--nodelist|-w)")
	if h.flags.kernel != "" || slices.ContainsFunc(h.options.Extra, chooses.MatchString) {
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
	fmt.Fprintln(h.err, "one kind is chosen by --sbatch --constraint=FEATURE, one kernel for all by --kernel (docs/cluster.md)")
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
