// Package slurm submits a study to a Slurm cluster and reports the status of its tasks. It knows the commands of Slurm and the
// folder that all nodes see. It knows neither studies nor databases: package cli makes tasks of these.
//
//	client.go    the commands of Slurm, and what their errors mean to a user
//	requeue.go   which tasks go back into the queue
//	limit.go     time limits as Slurm writes them, and when a task is warned
//	folder.go    the shared folder: what was submitted, which task has which runs, where everything stands
//	options.go   what a user says of the jobs, and the arguments of sbatch that come of it
//	script.go    the scripts of an array and of the job behind it
//	submit.go    submitting what is in no queue, so that a submission which was cut off goes on
//	merged.go    whether what tasks have copied back is merged
//	arraysize.go how large an array may be
//	cancel.go    taking out of the queue what is in it
//	queue.go     what squeue says
//	progress.go  how far a task is, as it says itself
//	status.go    the status of a submission, from the queue and from what its tasks say
//	nodes.go     what sinfo says of the nodes that jobs may run on
package slurm

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Client calls the commands of Slurm that are in PATH.
type Client struct {
	// hold is a file that commands inherit and keep locked as long as they run; nil for none.
	hold *os.File
	// patience is how long a command may take; 0 for longestAnswer.
	patience time.Duration
}

// longestAnswer is how long a command may take: sbatch asks a busy controller for two minutes by itself.
const longestAnswer = 3 * time.Minute

// ErrNoSlurm says that a command of Slurm is not in PATH.
var ErrNoSlurm = errors.New("no Slurm is installed here, or its module is not loaded")

// NoAnswer is the error of a cluster that does not answer now and may answer later, for example because its controller is being
// restarted. What it was asked for may have been done all the same.
type NoAnswer string

func (s NoAnswer) Error() string { return string(s) }

// IsNoAnswer says whether an error is, or wraps, a NoAnswer.
func IsNoAnswer(err error) bool {
	_, is := errors.AsType[NoAnswer](err)
	return is
}

// ErrUnknownJob says that Slurm does not know a job any more.
var ErrUnknownJob = errors.New("there is no such job in Slurm")

// call runs a command and gives what it prints.
func (c Client) call(ctx context.Context, name string, args ...string) (string, error) {
	patience := cmp.Or(c.patience, longestAnswer)
	limited, stop := context.WithTimeout(ctx, patience)
	defer stop()
	cmd := exec.CommandContext(limited, name, args...)
	cmd.WaitDelay = time.Second // for what it has started, and what holds its output open
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Env = environment()
	if c.hold != nil {
		cmd.ExtraFiles = []*os.File{c.hold}
	}
	err := cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("there is no %s in PATH: %w; type this where jobs are submitted, or let another launcher start "+
			"nightshift run --shard (docs/cluster.md)", name, ErrNoSlurm)
	case ctx.Err() != nil:
		return "", ctx.Err()
	case limited.Err() != nil:
		return "", NoAnswer(fmt.Sprintf("%s has not answered for %v: try again when sinfo does", name, patience))
	case err != nil:
		return "", explained(name, errs.String(), err)
	}
	return out.String(), nil
}

// environment is that of this process without the variables by which sbatch would make the job an array, wait for its end,
// never requeue it, warn it otherwise or write its errors elsewhere, and without those by which squeue and sinfo would show a
// part only. Times are written in Slurm's default format, whatever the user has chosen. A job that is submitted by another one
// is none of its array, and was never started again.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "SBATCH_ARRAY_INX", "SBATCH_NO_REQUEUE", "SBATCH_WAIT", "SBATCH_SIGNAL", "SBATCH_ERROR", "SLURM_TIME_FORMAT",
			"SLURM_RESTART_COUNT", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID":
			continue
		}
		if !strings.HasPrefix(name, "SQUEUE_") && !strings.HasPrefix(name, "SINFO_") {
			env = append(env, v)
		}
	}
	return env
}

// CheckCluster returns an error where the environment has sbatch submit to clusters that squeue and scancel would not ask.
func CheckCluster() error {
	one, submits := os.Getenv("SLURM_CLUSTERS"), os.Getenv("SBATCH_CLUSTERS")
	switch {
	case strings.Contains(one, ",") || one == "all":
		return fmt.Errorf("SLURM_CLUSTERS is %s; set it to the one cluster that the study is trained on", one)
	case submits != "" && submits != one:
		return fmt.Errorf("SBATCH_CLUSTERS is %s, which sbatch alone reads: unset it, and set SLURM_CLUSTERS to the one cluster "+
			"that the study is trained on", submits)
	}
	return nil
}

// hints say what to do about what the commands say, by a part of it.
var hints = []struct{ says, do string }{
	{"nvalid partition", "sinfo lists the partitions; choose one with --partition"},
	{"No partition specified", "sinfo lists the partitions; choose one with --partition"},
	{"nvalid --time", "a limit is written as 90 (minutes), 1:30:00, 2-12 (days and hours) or 8h"},
	{"time limit is invalid", "the partition allows less (sinfo shows TIMELIMIT), or wants a limit: choose another with --time"},
	{"nvalid job array", "the cluster takes no array of this size: fewer tasks with --tasks"},
	{"nvalid feature", "sinfo -o '%N %f' lists the features of the nodes that --sbatch --constraint=... may name"},
	{"nvalid account", "name your account: --sbatch --account=..."},
	{"nvalid qos", "name a quality of service that you may use: --sbatch --qos=..."},
	{"AssocMaxSubmitJobLimit", "you may have no more jobs in the queue: fewer tasks with --tasks"},
	{"violates accounting/QOS policy", "you may have no more jobs, or none of this size: fewer with --tasks, smaller " +
		"with --cpus and --time, another account with --sbatch --account=..."},
	{"node configuration is not available", "no node of the partition has that much: fewer cores with --cpus"},
	{"CPU count", "no node of the partition has that many: fewer cores with --cpus"},
	{"ermission denied", "the job belongs to somebody else"},
	{"queue is full", "the queue of the cluster is full: try again later, with fewer tasks (--tasks)"},
	{"queue full", "the queue of the cluster is full: try again later, with fewer tasks (--tasks)"},
	{"Resource temporarily unavailable", "the queue of the cluster is full: try again later, with fewer tasks (--tasks)"},
	{"emory specification", "no node of the partition has that much: less with --sbatch --mem=..."},
	{"not permitted to use this partition", "choose another one with --partition"},
	{"parameter too long", "name a folder with a shorter path with --dir"},
	{"nable to open file", "options in --sbatch begin with --, as in --sbatch --account=abc"},
	{"stablish a configuration source", "this machine has the commands of Slurm and no cluster: type it where jobs are submitted"},
	{"unrecognized option", "see sbatch --help for what --sbatch may hand on"},
	{"nvalid option", "see sbatch --help for what --sbatch may hand on"},
}

// noAnswers say what it means when nothing was answered, by a part of what the commands say then. The last is what scontrol says
// when a requeue is not answered.
var noAnswers = []struct{ says, means string }{
	{"Munge ", noMunge},
	{"authentication error", noMunge},
	{"ontact slurm controller", noController},
	{"ontact controller", noController},
	{"timed out", "Slurm's controller takes too long to answer: try again when sinfo does"},
	{"Zero Bytes were transmitted", noController},
	{"standby mode", noController},
	{"Connection refused", noController},
	{"Unexpected message received", noController},
}

const (
	noController = "Slurm's controller does not answer: try again when sinfo does"
	noMunge      = "Slurm's authentication (munge) does not work on this machine: try again, or on another one, or ask who runs " +
		"the cluster"
)

// explained is the error of a command, in one line, with what to do about it.
func explained(name, said string, err error) error {
	var lines []string
	for line := range strings.Lines(said) {
		line = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line), name+": "), "error: ")
		if line != "" && !strings.HasPrefix(line, "Try ") && !slices.Contains(lines, line) { // some are said at each attempt
			lines = append(lines, line)
		}
	}
	if strings.Contains(said, "nvalid job id") {
		return ErrUnknownJob
	}
	what := strings.Join(lines, "; ")
	if what == "" {
		return fmt.Errorf("%s failed: %w", name, err)
	}
	for _, n := range noAnswers {
		if strings.Contains(said, n.says) {
			return NoAnswer(name + ": " + n.means)
		}
	}
	for _, h := range hints {
		if strings.Contains(said, h.says) {
			return fmt.Errorf("%s: %s: %s", name, what, h.do)
		}
	}
	return fmt.Errorf("%s: %s", name, what)
}
