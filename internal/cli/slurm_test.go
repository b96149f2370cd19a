//go:build linux

package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"nightshift/runner/slurm"
)

// Submitting 100,000 runs in 1,000 tasks takes less than 10 s and 1 GB, and saying how they stand less than 3 s.
func TestSlurmOfVeryMany(t *testing.T) {
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		t.Skip("set NIGHTSHIFT_LONG=1: it takes ten seconds")
	}
	dir := t.TempDir()
	queue := filepath.Join(dir, "queue")
	for name, text := range map[string]string{
		"sbatch": "echo 7", "squeue": "cat " + queue + " 2>/dev/null || true", "sinfo": "true", "scontrol": "echo MaxArraySize = 1001",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	study := filepath.Join(dir, "many.yaml")
	text := "study: many\ndata: {set: moons, train: 100, valid: 20, test: 20}\nbase: {epochs: 1, batch: 50}\n" +
		"grid: {width: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11], lr: {from: 0.001, to: 1, n: 100, scale: log}}\n" +
		"seeds: 100\nbudget: {max_runs: 100000}\n"
	if err := os.WriteFile(study, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "results")
	said := quickly(t, 10*time.Second, "slurm", study, "--tasks", "1000", "--out", out)
	if !strings.Contains(said, "submitted: 1000 tasks as job 7") {
		t.Errorf("submitted:\n%s", said)
	}
	folder := slurm.Folder(filepath.Join(out, "slurm", "many"))
	s, err := folder.Load()
	if err != nil {
		t.Fatal(err)
	}
	var entries strings.Builder
	for i := range s.Jobs[0].Tasks {
		fmt.Fprintf(&entries, "7|%d|RUNNING|1:00:00|n%d|None|nightshift %s 1\n", i+1, i%50, s.Token)
		trained := slurm.Running{ID: strings.Repeat("a", 64), Label: "width=2"}
		p := slurm.Progress{Runs: 100, Done: i % 100, Starts: 1, Left: 60, Running: []slurm.Running{trained}}
		if err := folder.PutProgress(slurm.Place{Batch: 1, Task: i + 1}, p); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(queue, []byte(entries.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	said = quickly(t, 3*time.Second, "status", "many", "--out", out)
	if !strings.Contains(said, "many on Slurm: 49500 of 100000 runs done, 1000 tasks running") {
		t.Errorf("status:\n%.300s", said)
	}
}

// quickly runs a command, which may take so long and 1 GB.
func quickly(t *testing.T, most time.Duration, args ...string) string {
	t.Helper()
	c := exec.Command("nightshift", args...)
	began := time.Now()
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	took := time.Since(began)
	t.Logf("%s took %v and %v of a processor", args[0], took, c.ProcessState.UserTime()+c.ProcessState.SystemTime())
	if took > most {
		t.Errorf("%v took %v, and may take %v", args, took, most)
	}
	if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok && usage.Maxrss > 1<<20 { // kB
		t.Errorf("%v took %d MB", args, usage.Maxrss>>10)
	}
	return string(out)
}
