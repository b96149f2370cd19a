package faults

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"nightshift/internal/race"
)

// twice does something with nights of so many epochs, and then with those that
// train the same runs once more for weights, given what sets the studies apart.
func (p program) twice(t *testing.T, epochs int, do func(t *testing.T, set []string)) {
	if race.Enabled {
		epochs /= 20
	}
	set := []string{fmt.Sprintf("--set=base.epochs=%d", epochs)}
	t.Run("at first", func(t *testing.T) { do(t, set) })
	set = append(set, fmt.Sprintf("--set=keep.weights={every: %d}", epochs/15+1))
	t.Run("for weights", func(t *testing.T) { do(t, set) })
}

// tonight are the arguments of a night of the studies in testdata/killed, with a
// checkpoint every few milliseconds.
func tonight(out string, more ...string) []string {
	return append([]string{"run", "testdata/killed", "--out", out, "--no-report", "--checkpoint", "10ms"}, more...)
}

// killed shows the promise: studies whose process is killed at random instants,
// while it starts, within runs, while it writes, leave what an undisturbed night
// leaves, row for row. So do those that are trained once more for weights.
func (p program) killed(t *testing.T) {
	kills, epochs := 6, 1000
	if os.Getenv("NIGHTSHIFT_LONG") != "" {
		kills, epochs = 100, 6000
	}
	out, whole := t.TempDir(), t.TempDir()
	p.twice(t, epochs, func(t *testing.T, args []string) {
		starting, training := p.time(t, whole, args)
		for n := range kills {
			// While it starts; as soon as a run can be gone on with; and while it trains, in all for about half of the time that
			// it needs.
			switch {
			case n%4 == 0:
				p.kill(t, out, args, atOnce, rand.N(starting/2))
			case n == 1:
				p.kill(t, out, args, resumable(t, out), 0)
			default:
				p.kill(t, out, args, begun(t, out), rand.N(10*time.Millisecond+training/time.Duration(kills)))
			}
			if !exists(database(out)) {
				continue // killed before there was one
			}
			intact(t, database(out))
			if n%4 == 0 {
				// The database may have been killed in the making.
			} else if said := p.do(t, 0, "status", "--json", "--out", out); strings.Contains(said, `"gone": false`) ||
				!strings.Contains(said, `"running": []`) {
				t.Errorf("the process is dead, but status says:\n%s", said)
			}
			for id := range finished(t, out) {
				if got := rows(t, database(out), `SELECT status FROM runs WHERE id LIKE '`+id+
					`%' AND status IN ('done', 'diverged', 'pruned')`); len(got) != 1 {
					t.Errorf("run %s, of which the log says that it was over, has no result: %v", id, got)
				}
			}
		}
		if said := p.do(t, 0, tonight(out, args...)...); strings.Contains(said, "nothing to train") {
			t.Log("the studies were over before they had been killed so often: the machine has become much faster")
		}
		resumed := 0
		for _, lines := range finished(t, out) {
			if strings.Contains(lines[len(lines)-1], " from=") {
				resumed++
			}
		}
		t.Logf("%d kills in %v of training; %d runs went on from a checkpoint", kills, training, resumed)
		if resumed == 0 {
			t.Error("no run went on from a checkpoint: the test shows little")
		}
		intact(t, database(out))
		sameRows(t, database(out), database(whole))
		check(t, os.Remove(filepath.Join(out, "nightshift.log")))
	})
}

// four processes have one database, and each of them is killed and comes again:
// every run has one result, and nobody is told of locks.
func (p program) four(t *testing.T) {
	out, whole := t.TempDir(), t.TempDir()
	p.twice(t, 300, func(t *testing.T, args []string) {
		_, training := p.time(t, whole, args)
		said := make([]string, 4)
		var processes sync.WaitGroup
		for i := range said {
			processes.Go(func() {
				mine := append(slices.Clone(args), "--workers=1")
				for range 2 {
					said[i] += p.kill(t, out, mine, begun(t, out), rand.N(training/4))
				}
				said[i] += p.do(t, 0, tonight(out, mine...)...)
			})
		}
		processes.Wait()
		if all := strings.Join(said, ""); strings.Contains(all, "lock") || strings.Contains(all, "busy") {
			t.Errorf("they said:\n%s", all)
		}
		for id, lines := range finished(t, out) {
			if len(lines) > 1 {
				t.Errorf("run %s was trained %d times:\n%s", id, len(lines), strings.Join(lines, "\n"))
			}
		}
		intact(t, database(out))
		sameRows(t, database(out), database(whole))
		check(t, os.Remove(filepath.Join(out, "nightshift.log")))
	})
}

// time gives how long a night takes to start, and how long it trains.
func (p program) time(t *testing.T, out string, args []string) (starting, training time.Duration) {
	t.Helper()
	began := time.Now()
	p.do(t, 0, tonight(out, args...)...)
	all := time.Since(began)
	over := regexp.MustCompile(`msg=over .* seconds=([0-9.]+)`).FindAllStringSubmatch(log(t, out), -1)
	seconds, err := strconv.ParseFloat(over[len(over)-1][1], 64)
	check(t, err)
	training = time.Duration(seconds * float64(time.Second))
	return all - training, training
}

// atOnce, begun and resumable are what the process of a night is waited for: for nothing, until it trains, and until a run
// would go on from a checkpoint.
func atOnce(int) bool { return true }

func begun(t *testing.T, out string) func(pid int) bool {
	return func(pid int) bool { return strings.Contains(log(t, out), fmt.Sprintf("msg=night pid=%d ", pid)) }
}

func resumable(t *testing.T, out string) func(pid int) bool {
	trains := begun(t, out)
	return func(pid int) bool {
		return trains(pid) && len(rows(t, database(out), `SELECT 1 FROM checkpoint JOIN run ON run.key = checkpoint.run
			WHERE run.status = 'running' OR checkpoint.epoch < run.epochs`)) > 0
	}
}

// kill starts a night, kills it some time after it has come so far, unless it is over by then, and gives what it said.
func (p program) kill(t *testing.T, out string, args []string, far func(pid int) bool, after time.Duration) string {
	var said strings.Builder
	c := exec.Command(p.path, tonight(out, args...)...)
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Error(err)
		return ""
	}
	over := make(chan struct{})
	go func() {
		c.Wait()
		close(over)
	}()
	for wait := true; wait && !far(c.Process.Pid); {
		select {
		case <-time.After(time.Millisecond):
		case <-over:
			wait = false
		}
	}
	select {
	case <-time.After(after):
	case <-over:
	}
	c.Process.Kill()
	<-over
	if code := c.ProcessState.ExitCode(); code > 0 {
		t.Errorf("exit code %d: %s", code, said.String())
	}
	return said.String()
}

// log gives the text of a night's log, "" before there is one.
func log(t *testing.T, out string) string {
	text, err := os.ReadFile(filepath.Join(out, "nightshift.log"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	return string(text)
}

// finished gives the lines of the log about runs that came to a result.
func finished(t *testing.T, out string) map[string][]string {
	t.Helper()
	lines := map[string][]string{}
	for _, line := range regexp.MustCompile(`msg=run .*run=(\w+) .*status=(?:done|diverged|pruned).*`).FindAllStringSubmatch(log(t,
		out), -1) {
		lines[line[1]] = append(lines[line[1]], line[0])
	}
	return lines
}

func database(out string) string { return filepath.Join(out, "nightshift.db") }
