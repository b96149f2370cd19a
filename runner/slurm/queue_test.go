package slurm

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nightshift/internal/file"
)

// squeue is what that command says, with the banner of a site before and the header of a cluster that is named by
// SLURM_CLUSTERS, jobs of other folders, and other jobs of the user.
const squeue = `*** Maintenance on Monday | all day ***

CLUSTER: alpha
9|N/A|RUNNING|1:00|n1|None|(null)
9|N/A|RUNNING|1:00|n1|None|a|b|c
8|3|RUNNING|1:00|n1|None|nightshift other 1
10|1|RUNNING|1-02:03:04|n[1-2]|None|nightshift tok 1
10|2|PENDING|10:00||Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions|nightshift tok 1
10|[4-8:2,11%2]|PENDING|10:00||ReqNodeNotAvail, UnavailableNodes:n[1-3]|nightshift tok 1
67108900|N/A|REVOKED|INVALID||None|nightshift tok 1 merge
`

func TestQueue(t *testing.T) {
	t.Setenv("SQUEUE_PARTITION", "short")
	pretend(t, map[string]string{"squeue": "[ -n \"$SQUEUE_PARTITION\" ] && exit 1; cat <<'E'\n" + squeue + "E"})
	list, err := Client{}.Queue(t.Context(), "tok")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, fmt.Sprintf("%s_%d %s", e.Job, e.Index, e.State))
	}
	want := "10_1 RUNNING, 10_2 PENDING, 10_4 PENDING, 10_6 PENDING, 10_8 PENDING, 10_11 PENDING, 67108900_0 REVOKED"
	if strings.Join(got, ", ") != want {
		t.Errorf("in the queue: %s, want %s", strings.Join(got, ", "), want)
	}
	for _, said := range []string{
		"10_1 main nightshi user R 0:10 1 n1", "10|1,3,5...|PENDING|1:00||None|nightshift tok 1",
		"10|1-|PENDING|1:00||None|nightshift tok 1", "10|1-99999999|PENDING|1:00||None|nightshift tok 1",
	} {
		pretend(t, map[string]string{"squeue": "echo '" + said + "'"})
		if list, err := (Client{}).Queue(t.Context(), "tok"); err == nil {
			t.Errorf("%s is %v without an error", said, list)
		}
	}
}

// States as the manual of squeue 24.05 lists them.
func TestStates(t *testing.T) {
	for want, states := range map[State]string{
		Waiting: "PENDING CONFIGURING POWER_UP_NODE REQUEUED REQUEUE_FED REQUEUE_HOLD SPECIAL_EXIT RESV_DEL_HOLD",
		Active:  "RUNNING COMPLETING RESIZING SIGNALING STAGE_OUT STOPPED SUSPENDED REVOKED SOMETHING_NEW",
		Stopped: "CANCELLED", Idle: "COMPLETED",
		Broken: "FAILED TIMEOUT NODE_FAIL BOOT_FAIL OUT_OF_MEMORY DEADLINE PREEMPTED",
	} {
		for state := range strings.FieldsSeq(states) {
			e := Entry{State: state, Reason: "None"}
			if got := stateOf(e); got != want || e.Queued() != (want == Waiting || want == Active) {
				t.Errorf("%s is %s, in the queue %v, want %s", state, got, e.Queued(), want)
			}
		}
	}
	if got := reasonOf(Entry{State: "NODE_FAIL", Reason: "None"}); got != "NODE_FAIL" {
		t.Errorf("the reason of a job whose node has failed is %s", got)
	}
}

func TestJobNumber(t *testing.T) {
	for said, want := range map[string]string{
		"12\n": "12", "12;alpha\n": "12", "Welcome!\n 2 notices\n\n12;alpha\nBye\n": "12", "Submitted batch job 12\n": "12",
		"Submitted batch job 12 on cluster alpha\n": "12", "12\r\n": "12", "": "", "job 12 is queued\n": "", "-1\n": "", "12 13\n": "",
	} {
		if got := jobNumber(said); got != want {
			t.Errorf("%q has the number %q, want %q", said, got, want)
		}
	}
}

func TestLargestArray(t *testing.T) {
	for said, want := range map[string]int{
		"MaxArraySize            = 1001\n": 1000, "": 1000, "Welcome = to us\nMaxArraySize=2\n": 1, "MaxArraySize = 0\n": 0,
		"MaxArraySize = 1\n": 0,
		"MaxArraySize = 1001\nSchedulerParameters     = bf_interval=2,max_array_tasks=50,x\n": 50,
	} {
		pretend(t, map[string]string{"scontrol": "cat <<'E'\n" + said + "E"})
		if got, err := (Client{}).LargestArray(t.Context()); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: arrays of %d, %v, want %d", said, got, err, want)
		}
	}
}

// submitting is a submission of five tasks, in three arrays of two at most, by a cluster that answers by a shell's lines.
func submitting(t *testing.T, commands map[string]string) (Folder, Submission, error) {
	t.Helper()
	f := Folder(filepath.Join(t.TempDir(), "s"))
	s := Submission{Token: "tok", Batches: []Batch{{Study: "s", Tasks: make([]Task, 5)}}}
	jobs := s.Append(1, []int{1, 2, 3, 4, 5}, 2, time.Time{})
	pretend(t, commands)
	err := Client{}.Submit(t.Context(), f, &s, Options{CPUs: 1, Program: "/bin/true", Dir: "/"}, jobs)
	return f, s, err
}

// count is a line of a shell that sets n to how often it was called in a folder.
func count(dir string) string {
	counted := file.ShellWord(filepath.Join(dir, "n"))
	return "echo >>" + counted + "; n=$(grep -c '' <" + counted + ")\n"
}

// A limit that is reached in the middle leaves in the queue what has a job behind it, and nothing else.
func TestLimitWhileSubmitting(t *testing.T) {
	dir := t.TempDir()
	const refusal = "echo 'sbatch: error: AssocMaxSubmitJobLimit' >&2\necho 'sbatch: error: Batch job submission failed: Job " +
		"violates accounting/QOS policy (job submit limit, size and/or time limits)' >&2; exit 1"
	for after, cancelled := range map[int]string{2: "", 3: "103"} {
		check(t, os.WriteFile(filepath.Join(dir, "n"), nil, 0o600))
		check(t, os.WriteFile(filepath.Join(dir, "cancelled"), nil, 0o600))
		f, s, err := submitting(t, map[string]string{
			"sbatch": count(dir) + fmt.Sprintf("[ $n -le %d ] && echo 'Good morning' && echo $((100+n)) && exit\n", after) + refusal,
			"squeue": "true", "scancel": "printf $1 >>" + file.ShellWord(filepath.Join(dir, "cancelled")),
		})
		text, read := os.ReadFile(filepath.Join(dir, "cancelled"))
		check(t, read)
		if err == nil || !strings.Contains(err.Error(), "fewer tasks with --tasks") {
			t.Errorf("refused after %d jobs: %v", after, err)
		}
		if string(text) != cancelled || len(s.Jobs) != after-1 || s.Jobs[0].Merge != "102" {
			t.Errorf("refused after %d jobs: cancelled is %q, want %q\n%+v", after, text, cancelled, s.Jobs)
		}
		if stored, err := f.Load(); err != nil || len(stored.Jobs) != after-1 {
			t.Errorf("written down: %+v, %v", stored.Jobs, err)
		}
	}
}

// An answer without a number may be that of a job that is submitted, which is found by its comment the next time.
func TestAnswerWithoutNumber(t *testing.T) {
	_, s, err := submitting(t, map[string]string{"sbatch": "echo your job is queued"})
	if !IsNoAnswer(err) || len(s.Jobs) != 1 || s.Jobs[0].ID != "" {
		t.Errorf("%v, %+v", err, s.Jobs)
	}
	s.Adopt([]Entry{{Job: "7", Index: 1, State: "PENDING", Comment: "nightshift tok 1"}})
	if s.Jobs[0].ID != "7" {
		t.Errorf("it is not found: %+v", s.Jobs)
	}
}

func TestCommentOfTheCluster(t *testing.T) {
	dir := t.TempDir()
	_, s, err := submitting(t, map[string]string{
		"sbatch": "echo 7", "squeue": "echo '7|1|PENDING|1:00||None|project=x'", "scancel": "echo $1 >" + file.ShellWord(filepath.Join(dir, "cancelled")),
	})
	if err == nil || !strings.Contains(err.Error(), `has replaced the comment of job 7 by "project=x"`) || len(s.Jobs) != 0 {
		t.Errorf("%v, %+v", err, s.Jobs)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "cancelled")); err != nil || string(text) != "7\n" {
		t.Errorf("cancelled: %s, %v", text, err)
	}
}

func check(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// Variables that are meant for what a user types do not change what the program asks for.
func TestEnvironment(t *testing.T) {
	for _, name := range []string{"SBATCH_WAIT", "SBATCH_ERROR", "SQUEUE_STATES", "SINFO_PARTITION", "SLURM_RESTART_COUNT"} {
		t.Setenv(name, "1")
		if slices.Contains(environment(), name+"=1") {
			t.Errorf("%s stays", name)
		}
	}
	for _, c := range []struct {
		one, submits string
		fine         bool
	}{
		{"", "", true}, {"alpha", "", true}, {"alpha", "alpha", true}, {"alpha,beta", "", false}, {"all", "", false},
		{"", "alpha", false},
	} {
		t.Setenv("SLURM_CLUSTERS", c.one)
		t.Setenv("SBATCH_CLUSTERS", c.submits)
		if err := CheckCluster(); (err == nil) != c.fine {
			t.Errorf("clusters %q and %q: %v", c.one, c.submits, err)
		}
	}
}

// What is damaged, or by another program, is an error and no crash.
func TestDamagedSubmission(t *testing.T) {
	f := Folder(t.TempDir())
	for _, text := range []string{
		``, `{}`, `[]`, `{"token":"t","jobs":[{"batch":0,"tasks":[1]}]}`, `{"token":"t","jobs":[{"batch":1,"tasks":[1]}]}`,
		`{"token":"t","batches":[{"tasks":[{}]}],"jobs":[{"batch":1,"tasks":[0]}]}`,
	} {
		check(t, os.WriteFile(f.submission(), []byte(text), 0o600))
		if _, err := f.Load(); err == nil {
			t.Errorf("%s is read without an error", text)
		}
	}
	at := Place{1, 1}
	check(t, f.PutProgress(at, Progress{Runs: 1}))
	check(t, os.Truncate(f.progress(1, 1), 0))
	if p, err := f.Progress(at); err != nil || p.Runs != 0 {
		t.Errorf("an empty file of progress: %+v, %v", p, err)
	}
}
