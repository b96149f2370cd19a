package slurm

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What Slurm 22.05 and later say, as they say it.
func TestErrorsSayWhatToDo(t *testing.T) {
	for _, c := range []struct{ said, want string }{
		{
			"sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid " +
				"partition name specified\n",
			"sbatch: invalid partition specified: nope; Batch job submission failed: Invalid partition name specified: " +
				"sinfo lists the partitions; choose one with --partition",
		},
		{
			"sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)\n",
			"choose another with --time",
		},
		{"sbatch: error: Invalid --time specification\n", "a limit is written as 90 (minutes)"},
		{"sbatch: error: Batch job submission failed: Invalid job array specification\n", "fewer tasks with --tasks"},
		{"sbatch: error: Batch job submission failed: Invalid feature specification\n", "sinfo -o '%N %f'"},
		{
			"sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified\n",
			"--sbatch --account=...",
		},
		{
			"sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's " +
				"size and/or time limits)\n",
			"fewer with --tasks",
		},
		{
			"sbatch: error: Batch job submission failed: Requested node configuration is not available\n",
			"fewer cores with --cpus",
		},
		{"squeue: error: Unable to contact slurm controller (connect failure)\n", "try again when sinfo does"},
		{"sbatch: unrecognized option '--nonsense'\nTry \"sbatch --help\" for more information\n", "see sbatch --help"},
		{
			"sbatch: error: If munged is up, restart with --num-threads=10\nsbatch: error: Munge encode failed: Failed " +
				"to access",
			"authentication",
		},
		{"sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n", "takes too long to answer"},
		{"Unexpected message received for job 1_1\n", "try again when sinfo does"},
		{"sbatch: error: something new\n", "sbatch: something new"},
		{
			"sbatch: Slurm job queue full, sleeping and retrying\nsbatch: Slurm job queue full, sleeping and retrying\n" +
				"sbatch: error: Batch job submission failed: Resource temporarily unavailable\n",
			"sbatch: Slurm job queue full, sleeping and retrying; Batch job submission failed: Resource temporarily unavailable: " +
				"the queue of the cluster is full: try again later",
		},
		{"slurm_load_jobs error: Zero Bytes were transmitted or received\n", "try again when sinfo does"},
		{"sbatch: error: Unable to open file account=abc\n", "options in --sbatch begin with --"},
		{"squeue: fatal: Could not establish a configuration source\n", "type it where jobs are submitted"},
	} {
		got := explained("sbatch", c.said, errors.New("exit status 1")).Error()
		if !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%q\nis explained as %q, want %q", c.said, got, c.want)
		}
	}
	unknown := "scancel: error: Kill job error on job id 5: Invalid job id specified\n"
	if err := explained("scancel", unknown, nil); !errors.Is(err, ErrUnknownJob) {
		t.Errorf("an unknown job: %v", err)
	}
}

// pretend puts commands before those of Slurm, each by what a shell does for it.
func pretend(t *testing.T, commands map[string]string) {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	dir := t.TempDir()
	for name, does := range commands {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+does+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

// A command that does not answer is given up, with what it has started; that a cluster does not answer is told from a refusal.
func TestSilence(t *testing.T) {
	pretend(t, map[string]string{
		"squeue": "exec sleep 60", "scancel": "echo scancel: error: Unable to contact slurm controller >&2; exit 1",
		"scontrol": "echo slurm_requeue error: Access/permission denied >&2; exit 1",
	})
	_, err := Client{patience: 50 * time.Millisecond}.Queue(t.Context(), "token")
	if !IsNoAnswer(err) || !strings.Contains(err.Error(), "squeue has not answered for 50ms") {
		t.Errorf("a command that hangs: %v", err)
	}
	if err := (Client{}).scancel(t.Context(), "1"); !IsNoAnswer(err) {
		t.Errorf("no controller: %v", err)
	}
	if err := (Client{}).requeue(t.Context(), "1"); err == nil || IsNoAnswer(err) {
		t.Errorf("a refusal: %v", err)
	}
}

func TestPersist(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, calls := time.Now(), 0
		err := Persist(t.Context(), time.Minute, func() error {
			if calls++; calls < 4 {
				return fmt.Errorf("again: %w", NoAnswer("nothing"))
			}
			return errors.New("refused")
		})
		if took := time.Since(began); err == nil || err.Error() != "refused" || took != 7*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		began = time.Now()
		err = Persist(t.Context(), time.Minute, func() error { return NoAnswer("nothing") })
		if took := time.Since(began); !IsNoAnswer(err) || took != time.Minute {
			t.Errorf("%v after %v", err, took)
		}
	})
}

func TestNoSlurm(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Client{}.Queue(t.Context(), "token")
	if !errors.Is(err, ErrNoSlurm) || !strings.Contains(err.Error(), "there is no squeue in PATH") {
		t.Errorf("without Slurm: %v", err)
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		``: ``, `  a  b `: `a|b`, `--account=x --constraint="a&b"`: `--account=x|--constraint=a&b`,
		`'a b' "c 'd'" e\ f`: `a b|c 'd'|e f`,
		`x""y`:               `xy`, `""`: ``, `"a\b" "\\\""`: `a\b|\"`, "a\\\nb \"c\\\nd\"": "ab|cd",
	} {
		if got, err := Words(text); err != nil || strings.Join(got, "|") != want {
			t.Errorf("%s is %q, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{`'a`, `"a`, `a\`} {
		if got, err := Words(text); err == nil {
			t.Errorf("%s is %q without an error", text, got)
		}
	}
}
