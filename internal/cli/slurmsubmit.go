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
	"strings"

	"nightshift/internal/file"
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
	sub := &submitter{app: a, ctx: ctx, flags: f, options: o, plan: plan, study: plan[0], sources: sources}
	if sub.file, err = a.studyPath(arg); err != nil {
		return err
	}
	if sub.folder, err = a.slurmFolder(sub.study.Name, f.dir); err != nil {
		return err
	}
	for _, path := range []string{string(sub.folder), o.Program, o.Dir} {
		if err := slurm.CheckPath(path); err != nil {
			return usage(err)
		}
	}
	for _, path := range []string{sub.file, a.outDir, a.dbPath(), a.dataDir} {
		if err := slurm.CheckText(path); err != nil {
			return usage(err)
		}
	}
	if f.dryRun {
		return sub.dryRun()
	}
	if err := sub.submit(); err != nil {
		return err
	}
	if !f.wait {
		return nil
	}
	return sub.wait()
}

// submitter prepares the submission of one study to the cluster, and submits it.
type submitter struct {
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
func (sub *submitter) submit() error {
	client, unlock, err := sub.folder.Lock(sub.ctx)
	if err != nil {
		return err
	}
	defer unlock()
	sub.client = client
	if err := sub.look(); err != nil {
		return err
	}
	if sub.flags.dir != "" {
		if err := sub.rememberFolder(); err != nil {
			return err
		}
	}
	todo, err := sub.divide()
	if err != nil {
		return err
	}
	sub.limits()
	if err := sub.writeTasks(todo); err != nil {
		return err
	}
	return sub.submitDivision(todo)
}

// look reads the previous submission and the queue.
func (sub *submitter) look() (err error) {
	if sub.submission, err = sub.folder.LoadOrNew(); err != nil {
		return err
	}
	if sub.queue, err = sub.client.Queue(sub.ctx, sub.submission.Token); err != nil {
		return err
	}
	sub.submission.Adopt(sub.queue)
	return nil
}

func (sub *submitter) rememberFolder() error {
	path := filepath.Join(sub.outDir, "slurm", sub.study.Name+".dir")
	if err := file.Replace(path, []byte(string(sub.folder)+"\n")); err != nil {
		return fmt.Errorf("where the study is submitted from: %w", err)
	}
	return nil
}

// batch is what the study is submitted as, without its tasks.
func (sub *submitter) batch() (slurm.Batch, error) {
	db, err1 := filepath.Abs(sub.dbPath())
	out, err2 := filepath.Abs(sub.outDir)
	path, err3 := filepath.Abs(sub.file)
	if err := errors.Join(err1, err2, err3); err != nil {
		return slurm.Batch{}, err
	}
	if strings.HasPrefix(sub.file, "experiments/") && !exists(sub.file) {
		path = sub.file
	}
	data := sub.dataDir
	if data != "" {
		var err error
		if data, err = filepath.Abs(data); err != nil {
			return slurm.Batch{}, err
		}
	}
	b := slurm.Batch{Study: sub.study.Name, File: path, Set: sub.flags.set, Data: data, DB: db, Out: out, Kernel: sub.flags.kernel,
		Round: sub.round, RetryFailed: sub.flags.retryFailed}
	text, err := json.Marshal(struct {
		slurm.Batch
		YAML string
	}{b, sub.study.YAML})
	sum := sha256.Sum256(text)
	b.Sum = hex.EncodeToString(sum[:])
	version := sha256.Sum256([]byte(sub.study.YAML + "\x00" + strings.Join(sub.flags.set, "\x00")))
	b.Version = hex.EncodeToString(version[:])
	return b, err
}

// writeTasks writes the files that the tasks read. They have no effect before the submission is saved.
func (sub *submitter) writeTasks(d division) error {
	s := &sub.submission
	b := &s.Batches[d.batch-1]
	if d.isNew {
		if err := file.Replace(sub.folder.Study(d.batch), []byte(sub.study.YAML)); err != nil {
			return fmt.Errorf("the study's file: %w", err)
		}
		if err := os.MkdirAll(filepath.Join(sub.folder.Batch(d.batch), "logs"), 0o777); err != nil {
			return fmt.Errorf("folder of logs: %w", err)
		}
	}
	sub.addTasks(d)
	for i, share := range d.added {
		ids := make([]string, len(share))
		for k, m := range share {
			ids[k] = m.ID
		}
		if err := sub.folder.WriteTask(d.batch, len(b.Tasks)-len(d.added)+i+1, ids); err != nil {
			return err
		}
	}
	return nil
}

// addTasks adds the division's tasks to the submission.
func (sub *submitter) addTasks(d division) {
	for _, p := range d.closed {
		sub.submission.Batches[p.Batch-1].Tasks[p.Task-1].Closed = true
	}
	b := &sub.submission.Batches[d.batch-1]
	for _, share := range d.added {
		t := slurm.Task{Runs: len(share)}
		for _, m := range share {
			t.Cost += m.Cost
		}
		b.Tasks = append(b.Tasks, t)
	}
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
