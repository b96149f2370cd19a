package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/runner/slurm"
)

type slurmFlags struct {
	set         []string
	tasks       int
	cpus        int
	limit       string
	partition   string
	arrayMax    int
	sbatch      []string
	mergeSbatch []string
	dir         string
	wait        bool
	dryRun      bool
	retryFailed bool
	kernel      string
}

func (a *app) slurmCommand() *cobra.Command {
	var f slurmFlags
	c := &cobra.Command{
		Use:   "slurm STUDY",
		Short: "Train a study on a Slurm cluster, and merge what comes of it",
		Long: `Divides the runs that the database does not hold yet into tasks of about equal cost,
submits them as a job array, and behind it a job that merges what they have trained
into the database and writes the report. Each task trains in a database of its own on
its node and copies it back; one that is warned of its time limit, or preempted,
goes on where it was. docs/cluster.md says what is guaranteed.

Typed again at any time it submits what is missing and in no queue. The program, --out and
--dir have to be where the nodes see them.`,
		Example: `  nightshift slurm my-study.yaml --tasks 20 --cpus 4 --time 2h
  nightshift slurm my-study.yaml --partition short --array-max 10 --sbatch '--account=abc --constraint=skylake'
  nightshift slurm my-study.yaml --dry-run`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.slurm(cmd.Context(), args[0], f)
		},
	}
	c.Flags().StringArrayVar(&f.set, "set", nil, "override a key of the study (repeatable)")
	c.Flags().IntVar(&f.tasks, "tasks", 0, "tasks that the missing runs are divided into (default: of about an hour, 100 at most)")
	c.Flags().IntVar(&f.cpus, "cpus", 1, "cores of a task, each of which trains a run")
	c.Flags().StringVar(&f.limit, "time", "",
		"time limit of a task: 90 (minutes), 1:30:00, 2-12 (days-hours), 8h (default: the partition's)")
	c.Flags().StringVar(&f.partition, "partition", "", "partition of the cluster (default: the cluster's)")
	c.Flags().IntVar(&f.arrayMax, "array-max", 0, "tasks that run at the same time at most")
	c.Flags().StringArrayVar(&f.sbatch, "sbatch", nil, "further arguments of sbatch, quoted as for a shell (repeatable)")
	c.Flags().StringArrayVar(&f.mergeSbatch, "merge-sbatch", nil,
		"arguments of sbatch for the job that merges, such as --time=2:00:00 --mem=8G (repeatable)")
	c.Flags().StringVar(&f.dir, "dir", "", "folder that all nodes see, for what tasks read and copy back (default OUT/slurm)")
	c.Flags().BoolVar(&f.wait, "wait", false, "stay until the report is written")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the scripts and submit nothing")
	c.Flags().BoolVar(&f.retryFailed, "retry-failed", false, "train runs that have failed, too")
	c.Flags().StringVar(&f.kernel, "kernel", "", "kernel that all nodes compute with, so that they give the same bits: avx2, go")
	c.MarkFlagDirname("dir")
	a.add(c, a.slurmCancelCommand(), a.slurmLogsCommand(), a.slurmTaskCommand(), a.slurmMergeCommand())
	return c
}

// options are what the flags say of the jobs.
func (f slurmFlags) options() (slurm.Options, error) {
	o := slurm.Options{CPUs: f.cpus, Partition: f.partition, ArrayMax: f.arrayMax}
	if f.tasks < 0 {
		return o, usage(fmt.Errorf("--tasks is %d; at least one is needed", f.tasks))
	}
	var err error
	if f.limit != "" {
		if o.Limit, err = slurm.Limit(f.limit); err != nil {
			return o, usage(fmt.Errorf("--time: %w", err))
		}
	}
	if o.Extra, err = sbatchWords("--sbatch", f.sbatch); err != nil {
		return o, err
	}
	if o.MergeExtra, err = sbatchWords("--merge-sbatch", f.mergeSbatch); err != nil {
		return o, err
	}
	if err := errors.Join(o.Check(), slurm.CheckCluster()); err != nil {
		return o, usage(err)
	}
	if o.Program, err = os.Executable(); err != nil {
		return o, fmt.Errorf("where this program is: %w", err)
	}
	if strings.Contains(o.Program, string(filepath.Separator)+"go-build") {
		return o, usage(errors.New("go run deletes the program when it ends, and the nodes would not find it: " +
			"go build -o nightshift . and start that"))
	}
	o.Dir, err = os.Getwd()
	return o, err
}

// sbatchWords are the arguments of sbatch that a flag has, each time that it is given.
func sbatchWords(flag string, texts []string) (list []string, err error) {
	for _, text := range texts {
		words, err := slurm.Words(text)
		if err != nil {
			return nil, usage(fmt.Errorf("%s %s: %w", flag, text, err))
		}
		list = append(list, words...)
	}
	return list, nil
}

// slurmFolder is the folder of a study on the cluster: in OUT/slurm, unless --dir says, or has said, where else.
func (a *app) slurmFolder(name, dir string) (slurm.Folder, error) {
	elsewhere := filepath.Join(a.outDir, "slurm", name+".dir")
	if dir == "" {
		if text, err := os.ReadFile(elsewhere); err == nil {
			return slurm.Folder(strings.TrimSuffix(string(text), "\n")), nil
		}
		dir = filepath.Join(a.outDir, "slurm")
	}
	abs, err := filepath.Abs(filepath.Join(dir, name))
	if err != nil {
		return "", fmt.Errorf("folder for what is submitted: %w", err)
	}
	return slurm.Folder(abs), nil
}

// submitted finds what was submitted of a study, by its name or what has it.
func (a *app) submitted(arg string) (string, slurm.Folder, slurm.Submission, error) {
	name := a.studyName(arg)
	folder, err := a.slurmFolder(name, "")
	if err != nil {
		return name, "", slurm.Submission{}, err
	}
	s, err := folder.Load()
	if errors.Is(err, slurm.ErrNothing) {
		err = usage(fmt.Errorf("study %s: %w (another --out?)", name, err))
	}
	return name, folder, s, err
}

func (a *app) slurmCancelCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "cancel STUDY",
		Short: "Take a study's jobs out of the queue, running ones included",
		Long: `Cancels all jobs of the study that wait or run. Tasks that run write their checkpoints
and copy them back; nightshift slurm STUDY goes on from there.`,
		Example: "  nightshift slurm cancel my-study",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.slurmCancel(cmd.Context(), args[0]) },
	}
}

// slurmCancel cancels the jobs of a study.
func (a *app) slurmCancel(ctx context.Context, arg string) error {
	name, folder, _, err := a.submitted(arg)
	if err != nil {
		return err
	}
	client, unlock, err := folder.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	s, err := folder.Load()
	if err != nil {
		return err
	}
	queue, err := client.Queue(ctx, s.Token)
	if err != nil {
		return err
	}
	live := s.Live(queue)
	if err := client.Cancel(ctx, folder, &s, live); err != nil {
		return err
	}
	what := number.Count(live.Tasks, "task")
	switch {
	case len(live.Merges)+len(live.Arrays) == 0:
		fmt.Fprintf(a.out, "%s has no job in the queue\n", name)
		return nil
	case live.Tasks == 0:
		what = "the job that merges is"
	}
	fmt.Fprintf(a.out, "%s: %s cancelled; the same nightshift slurm command goes on from there, "+
		"and nightshift merge --db %s %s brings what there is into the database\n", name, what,
		file.ShellWord(a.dbPath()), file.ShellWord(string(folder))+"/*/tasks/*.db")
	return nil
}

func (a *app) slurmLogsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "logs RUN",
		Short: "Print what the task has said that trains a run",
		Long: `Prints the log of the last job whose task has the run, with what Slurm has added to
it. RUN may be any beginning of a run's identity that is no other's.`,
		Example: "  nightshift slurm logs 3f9a12",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.slurmLogs(args[0]) },
	}
}

func (a *app) slurmLogs(prefix string) error {
	names, err := a.submittedNames()
	if err != nil {
		return err
	}
	found := map[string]string{} // run -> log of the last task that has it
	for _, name := range names {
		folder, err := a.slurmFolder(name, "")
		if err != nil {
			return err
		}
		s, err := folder.Load()
		if errors.Is(err, slurm.ErrNothing) {
			continue // it could not be submitted
		}
		if err != nil {
			return err
		}
		if err := folder.FindLogs(s, prefix, found); err != nil {
			return err
		}
	}
	switch len(found) {
	case 0:
		return usage(fmt.Errorf("no task of %s has a run that begins with %q", filepath.Join(a.outDir, "slurm"), prefix))
	case 1:
	default:
		return usage(fmt.Errorf("%d runs begin with %q; write more of the one that is meant", len(found), prefix))
	}
	for run, path := range found {
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("the task of run %.12s has said nothing yet: there is no %s", run, path)
		}
		if err != nil {
			return fmt.Errorf("log of run %.12s: %w", run, err)
		}
		if len(text) == 0 {
			text = []byte("(it has said nothing yet)\n")
		}
		fmt.Fprintf(a.out, "%s\n%s", path, text)
	}
	return nil
}

// submittedNames lists the studies of which something was submitted.
func (a *app) submittedNames() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(a.outDir, "slurm"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if name, elsewhere := strings.CutSuffix(e.Name(), ".dir"); elsewhere && !e.IsDir() {
			names = append(names, name)
		} else if e.IsDir() && !exists(filepath.Join(a.outDir, "slurm", e.Name()+".dir")) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// pollEvery is how often --wait asks squeue.
const pollEvery = 10 * time.Second
