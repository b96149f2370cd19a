package night

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

var ctx = context.Background()

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// recorded is a database with a study of runs a, b, c, ... of one cell, of 10 epochs each.
func recorded(t *testing.T, n int) (*store.DB, Study) {
	t.Helper()
	db, err := store.Open(filepath.Join(t.TempDir(), "nightshift.db"))
	check(t, err)
	t.Cleanup(func() { db.Close() })
	s := Study{Study: &study.Study{Name: "s", Keep: study.Keep{Weights: "none"}}}
	c := study.Config{Config: mlp.Default()}
	c.Epochs = 10
	text, err := json.Marshal(c)
	check(t, err)
	var rows []store.Run
	var members []store.StudyRun
	for i := range n {
		id := string(rune('a' + i))
		s.Runs = append(s.Runs, study.Run{ID: id, Cell: "cell", Config: c})
		rows = append(rows, store.Run{ID: id, Cell: "cell", Label: "cell", Status: store.Pending, Config: text})
		members = append(members, store.StudyRun{Study: "s", RunID: id, CellLabel: "cell", Axes: json.RawMessage("[]")})
	}
	check(t, db.PutStudy(ctx, store.Study{Study: "s", YAML: "no study"}, rows, members))
	return db, s
}

// TestMain is a process to be killed, where a test has started it as one.
func TestMain(m *testing.M) {
	if os.Getenv("NIGHT_TEST_PROCESS") != "" {
		fmt.Println("ready")
		time.Sleep(time.Hour) // without cgo, who waits for nothing is told of a deadlock
	}
	os.Exit(m.Run())
}

// A process that was killed with -9 is dead at once, and what it held is neither
// running nor counted as if somebody were at it.
func TestKilledProcessIsDeadAtOnce(t *testing.T) {
	host, self := Self()
	if self == "" {
		t.Skip("no /proc")
	}
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "NIGHT_TEST_PROCESS=1")
	out, err := c.StdoutPipe()
	check(t, err)
	check(t, c.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the process says %q, %v", line, err)
	}
	fields := strings.Fields(self)
	fields[2] = started(c.Process.Pid)

	db, s := recorded(t, 3)
	now := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	check(t, db.Register(ctx, store.Owner{ID: "o", Host: host, PID: c.Process.Pid, Start: strings.Join(fields, " "), Seen: now}))
	check(t, db.Finish(ctx, store.Result{Run: store.Run{ID: "a", Status: store.Done, Epochs: 10, Seconds: 20}}))
	_, err = db.Hold(ctx, "o", now, "b")
	check(t, err)
	check(t, db.Start(ctx, now, store.Provenance{}, "b"))

	work := func(*study.Run) float64 { return 1 }
	look := func() (alive bool, status store.Status, left time.Duration) {
		t.Helper()
		known, stored, err := ReadStored(ctx, db, Stored.Open, now.Add(time.Second), Lease)
		check(t, err)
		if len(known.Owners) != 1 || len(stored) != 1 || stored[0].Runs != 3 || stored[0].Status[known.Status("b")] != 1 {
			t.Fatalf("%+v, %+v", known.Owners, stored)
		}
		return known.Owners[0].Alive, known.Status("b"), known.Agenda(false, known.Studies...).TimeLeft(work,
			now.Add(time.Second))
	}
	// Two runs of 20 s are left, of which one has been trained for a second.
	if alive, status, left := look(); !alive || status != store.Running || left != 39*time.Second {
		t.Errorf("while it lives: %v, %s, %v left", alive, status, left)
	}
	check(t, c.Process.Kill())
	c.Wait()
	if alive, status, left := look(); alive || status != store.Interrupted || left != 0 {
		t.Errorf("when it is dead: %v, %s, %v left", alive, status, left)
	}
	known, err := Read(ctx, db, []Study{s}, now, Lease)
	check(t, err)
	agenda := known.Agenda(false, s)
	for id, want := range map[string]Need{"a": Present, "b": Missing, "c": Missing} {
		if got := agenda.Need(id); got != want {
			t.Errorf("need of %s: %v, want %v", id, got, want)
		}
	}
}

// What a night has to do with a run, by its status, the study's retention and
// whether failures are tried again.
func TestNeeds(t *testing.T) {
	for name, test := range map[string]struct {
		status  store.Status
		weights string
		stored  []store.Snapshot
		retry   bool
		want    Need
	}{
		"pending":                   {store.Pending, "none", nil, false, Missing},
		"interrupted":               {store.Interrupted, "none", nil, false, Missing},
		"done":                      {store.Done, "none", nil, false, Present},
		"diverged":                  {store.Diverged, "none", nil, false, Present},
		"failed":                    {store.Failed, "none", nil, false, Failed},
		"failed, tried again":       {store.Failed, "none", nil, true, Missing},
		"pruned, wanted in full":    {store.Pruned, "none", nil, false, Reopened},
		"done without weights":      {store.Done, "final", nil, false, Backfill},
		"done with others":          {store.Done, "final", []store.Snapshot{{Epoch: 3, Tensors: []byte{1}}}, false, Backfill},
		"done with its weights":     {store.Done, "final", []store.Snapshot{{Epoch: 10, Tensors: []byte{1}}}, false, Present},
		"diverged has none in end":  {store.Diverged, "final", nil, false, Present},
		"diverged without its init": {store.Diverged, "init+final", nil, false, Backfill},
	} {
		t.Run(name, func(t *testing.T) {
			db, s := recorded(t, 1)
			s.Keep.Weights = test.weights
			if test.status != store.Pending {
				check(t, db.Finish(ctx, store.Result{Run: store.Run{ID: "a", Status: test.status, Epochs: 10, Seconds: 1},
					Weights: test.stored}))
			}
			known, err := Read(ctx, db, []Study{s}, time.Now(), Lease)
			check(t, err)
			agenda := known.Agenda(test.retry, s)
			if got := agenda.Need("a"); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
			if remains := test.want == Missing || test.want == Backfill ||
				test.want == Reopened; agenda.Need("a").Remains() != remains {
				t.Errorf("remains: %v", !remains)
			}
			if failures := agenda.Failures(); (len(failures) == 1) != (test.want == Failed) {
				t.Errorf("failures: %v", failures)
			}
		})
	}
}
