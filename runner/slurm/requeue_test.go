package slurm

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"nightshift/internal/file"
)

// What scontrol of Slurm 22.05 says of a task: one that runs, runs in the time that it has been given to end for another job, is
// killed for that job at once, is killed for it and put back by Slurm itself, and one that somebody has cancelled while it ran,
// while it was given time, and after Slurm had put it back.
const (
	runs            = "JobState=RUNNING Reason=None Restarts=0 EndTime=2026-11-27T18:29:41 PreemptTime=None Command=/a PreemptTime=x"
	givenTime       = "JobState=RUNNING Reason=None Restarts=0 EndTime=2026-11-27T16:29:41 PreemptTime=2026-11-27T16:28:41"
	killed          = "JobState=COMPLETING Reason=None Restarts=0 EndTime=2026-11-27T16:32:34 PreemptTime=2026-11-27T16:32:34"
	putBack         = "JobState=COMPLETING Reason=None Restarts=1 EndTime=Unknown"
	cancelled       = "JobState=COMPLETING Reason=None Restarts=0 EndTime=2026-11-27T16:30:10 PreemptTime=None"
	cancelledInTime = "JobState=COMPLETING Reason=None Restarts=0 EndTime=2026-11-27T16:28:44 PreemptTime=2026-11-27T16:28:41"
	cancelledBack   = "JobState=COMPLETING Reason=None Restarts=1 EndTime=2026-11-27T16:33:56 PreemptTime=2026-11-27T16:33:56"
)

// Incomplete stands for what Slurm does only to a job that has not ended; it says nothing where the job has.
func TestPutBack(t *testing.T) {
	const always, ifRunning = "requeue 7_1\n", "requeue Incomplete 7_1\n"
	for _, c := range []struct {
		name, said, want string
		warned           bool
		again            int  // times that it was started again before
		merge            bool // whether it is the job that merges
		marked           bool // cancelled by Cancel before, or
		meanwhile        bool
	}{
		{name: "warned", said: runs, warned: true, want: ifRunning},
		{name: "asked to terminate by somebody", said: runs},
		{name: "given time", said: givenTime, want: ifRunning},
		{name: "warned, with time", said: givenTime, warned: true, want: ifRunning},
		{name: "killed for another", said: killed, want: always},
		{name: "killed for another a second time", said: "Restarts=1 " + killed, again: 1, want: always},
		{name: "put back by Slurm", said: putBack},
		{name: "cancelled", said: cancelled},
		{name: "cancelled after its warning", said: cancelled, warned: true, want: ifRunning},
		{name: "cancelled while it was given time", said: cancelledInTime, want: ifRunning},
		{name: "cancelled after Slurm had put it back", said: cancelledBack, want: ifRunning},
		{name: "cancelled by us", said: killed, marked: true},
		{name: "merging", said: killed, merge: true, want: always},
		{name: "merging, cancelled by us", said: killed, merge: true, marked: true},
		{name: "cancelled by us meanwhile", said: killed, meanwhile: true, want: always + "scancel 7_1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			f, after := Folder(filepath.Join(dir, "s")), Folder(filepath.Join(dir, "after"))
			for folder, is := range map[Folder]bool{f: c.marked, after: true} {
				j := Job{Batch: 1, Cancelled: is && !c.merge}
				if is && c.merge {
					j.CancelledMerges = []string{"7_1"}
				}
				s := Submission{Token: "tok", Batches: []Batch{{}}, Jobs: []Job{j}}
				if err := folder.Save(s); err != nil {
					t.Fatal(err)
				}
			}
			called := filepath.Join(dir, "called")
			scontrol := "[ $1 = show ] && echo '" + c.said + "' && exit\necho \"$*\" >>" + file.ShellWord(called)
			if c.meanwhile {
				scontrol += "\nexec cp " + file.ShellWord(after.submission()) + " " + file.ShellWord(f.submission())
			}
			pretend(t, map[string]string{"scontrol": scontrol, "scancel": "echo scancel \"$*\" >>" + file.ShellWord(called)})
			self := Start{Job: 1, Merge: c.merge, ID: "7_1", Restarts: c.again, Warned: c.warned}
			if err := (Client{}).Requeue(t.Context(), f, self); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(called)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("called %q, want %q", got, c.want)
			}
		})
	}
}
