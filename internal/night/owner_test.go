package night

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"nightshift/internal/store"
)

func TestAlive(t *testing.T) {
	host, start := Self()
	if start == "" {
		t.Skip("no /proc")
	}
	fields := strings.Fields(start)
	now := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	fresh, old := now.Add(-time.Minute), now.Add(-time.Minute-time.Second)
	for _, test := range []struct {
		what  string
		owner store.Owner
		want  bool
	}{
		{"this process", store.Owner{Host: host, PID: os.Getpid(), Start: start, Seen: old}, true},
		{"its pid, another start", store.Owner{Host: host, PID: os.Getpid(), Start: start + "1", Seen: fresh}, false},
		{"no such pid", store.Owner{Host: host, PID: 1 << 30, Start: start, Seen: fresh}, false},
		{"before the machine was booted", store.Owner{Host: host, PID: os.Getpid(), Start: "boot" + start, Seen: fresh}, false},
		{"another namespace, seen", store.Owner{Host: host, PID: 1 << 30, Start: fields[0] + " pid:[1] " + fields[2],
			Seen: fresh}, true},
		{"another namespace, not seen", store.Owner{Host: host, PID: 1 << 30, Start: fields[0] + " pid:[1] " + fields[2],
			Seen: old}, false},
		{"another host, seen", store.Owner{Host: host + "2", PID: 1 << 30, Start: start, Seen: fresh}, true},
		{"another host, not seen", store.Owner{Host: host + "2", PID: 1 << 30, Start: start, Seen: old}, false},
		{"nothing known, seen", store.Owner{Host: host, PID: os.Getpid(), Seen: fresh}, true},
	} {
		if got := judge(test.owner, host, start, now, time.Minute); got.Alive != test.want {
			t.Errorf("%s: %+v", test.what, got)
		}
	}
}

// An owner whose clock is ahead is gone when it was not heard of for a lease of this clock.
func TestClockAhead(t *testing.T) {
	now := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	seen := now.Add(10 * time.Hour) // by its own clock
	var w Watch
	for _, step := range []struct {
		after time.Duration
		beats bool
		want  bool
	}{{0, false, true}, {40 * time.Second, true, true}, {99 * time.Second, false, true}, {101 * time.Second, false, false}} {
		if step.beats {
			seen = seen.Add(step.after)
		}
		owners := []Owner{judge(store.Owner{ID: "far", Host: "far", Seen: seen}, "here", "", now.Add(step.after), time.Minute)}
		w.Look(owners, now.Add(step.after), time.Minute)
		if owners[0].Alive != step.want {
			t.Errorf("after %v it is alive: %v", step.after, owners[0].Alive)
		}
	}
}

// A process that is stopped is taken for gone when it was not heard of for a lease, and
// lives again when it goes on.
func TestStoppedProcess(t *testing.T) {
	host, start := Self()
	if start == "" {
		t.Skip("no /proc")
	}
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "NIGHT_TEST_PROCESS=1")
	check(t, c.Start())
	defer c.Wait()
	defer c.Process.Kill()
	fields := strings.Fields(start)
	_, fields[2] = process(c.Process.Pid)
	now := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	look := func(ago time.Duration) Owner {
		return judge(store.Owner{Host: host, PID: c.Process.Pid, Start: strings.Join(fields, " "), Seen: now.Add(-ago)}, host, start,
			now, time.Minute)
	}
	becomes := func(stopped bool) {
		for {
			if state, _ := process(c.Process.Pid); (state == "T") == stopped {
				return
			}
			runtime.Gosched()
		}
	}
	check(t, c.Process.Signal(syscall.SIGSTOP))
	becomes(true)
	if o := look(time.Minute); !o.Alive || o.State() != "is stopped" {
		t.Errorf("within the lease: %+v", o)
	}
	if o := look(time.Minute + time.Second); o.Alive || !o.Stopped || o.State() != "is stopped" {
		t.Errorf("after the lease: %+v", o)
	}
	check(t, c.Process.Signal(syscall.SIGCONT))
	becomes(false)
	if o := look(time.Hour); !o.Alive || o.State() != "is at work" {
		t.Errorf("going on: %+v", o)
	}
}
