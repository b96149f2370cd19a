package night

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/store"
)

// Lease is how long a process whose existence cannot be seen from here is taken
// to be alive after it was last heard of.
const Lease = time.Minute

// Reasons of runs whose process was ended because memory ran out: after the first time, and
// after the second, when nothing else was trained.
const (
	OutOfMemoryOnce  = "its process was ended because memory ran out, and it will be trained alone"
	OutOfMemoryTwice = "two processes were ended because memory ran out while it was trained, the second of which trained " +
		"nothing else: make it smaller (width, batch, data), or train it where there is more, with --retry-failed"
)

// Owner is a process that holds runs, or would.
type Owner struct {
	store.Owner
	Alive   bool
	Stopped bool // is there, but stopped, as by Ctrl-Z: others take over when it was not heard of for a lease

	// OutOfMemory says that it is gone, and that since it began memory ran out and processes of its control group were ended,
	// or where that is gone too, of its machine.
	OutOfMemory bool
}

// State says what a process is, or what has become of it.
func (o Owner) State() string {
	switch {
	case o.Alive && !o.Stopped:
		return "is at work"
	case o.Stopped:
		return "is stopped"
	case o.OutOfMemory:
		return "was probably ended because memory ran out"
	}
	return "is gone"
}

// Owners lists the processes that are registered with a database, and which of
// them are alive: those that are there and not stopped for a lease, where that can be
// seen from here, and otherwise those that were heard of within a lease before now.
func Owners(ctx context.Context, db *store.DB, now time.Time, lease time.Duration) ([]Owner, error) {
	rows, err := db.Owners(ctx)
	host, start := Self()
	owners := make([]Owner, len(rows))
	for i, row := range rows {
		owners[i] = judge(row, host, start, now, lease)
		if gone := !owners[i].Alive && !owners[i].Stopped; gone && row.Host == host && boot(row.Start) == boot(start) {
			owners[i].OutOfMemory = outOfMemory(row)
		}
	}
	return owners, err
}

// boot is that of the machine in which a process was started.
func boot(start string) string {
	boot, _, _ := strings.Cut(start, " ")
	return boot
}

// judge judges an owner from a process that was started on a host as Self says.
func judge(owner store.Owner, host, start string, now time.Time, lease time.Duration) Owner {
	o := Owner{Owner: owner}
	here, there := strings.Fields(start), strings.Fields(owner.Start)
	heard := now.Sub(owner.Seen) <= lease
	switch {
	case owner.Host != host || len(here) < 3 || len(there) < 3:
		o.Alive = heard
	case here[0] != there[0]: // the machine was started anew
	case here[1] == there[1]:
		state, since := process(owner.PID)
		is := since == there[2]
		o.Stopped = is && (state == "T" || state == "t")
		o.Alive = is && (heard || !o.Stopped)
	default:
		o.Alive = heard
	}
	return o
}

// Watch takes owners for gone that cannot be seen from here and have not been heard of
// for a lease of this process's own clock, whatever their clocks show.
type Watch struct {
	heard map[string]news
}

// news is when an owner was last heard of: by its clock, and by that of this process.
type news struct{ theirs, ours time.Time }

// Look adds what is known by now to the owners.
func (w *Watch) Look(owners []Owner, now time.Time, lease time.Duration) {
	before := w.heard
	w.heard = map[string]news{}
	for i := range owners {
		o := &owners[i]
		n, ok := before[o.ID]
		if !ok || !n.theirs.Equal(o.Seen) {
			n = news{o.Seen, now}
		}
		w.heard[o.ID] = n
		if o.Seen.After(now) && now.Sub(n.ours) > lease {
			o.Alive = false
		}
	}
}

// Registered is what a process registers of its start, as Self gives it: with the number of processes that had been ended by
// then because memory ran out.
func Registered(start string) string {
	kills, ok := cost.CountOOMKills(os.DirFS("/"))
	if start == "" || !ok {
		return start
	}
	return start + " " + kills.String()
}

// outOfMemory says whether processes of this machine, or of the control group of this one, were ended since an owner registered
// because memory ran out.
func outOfMemory(o store.Owner) bool {
	fields := strings.Fields(o.Start)
	if len(fields) != 4 {
		return false
	}
	before, err := cost.ParseOOMKills(fields[3])
	return err == nil && before.More(os.DirFS("/"))
}

// Self gives this machine's name, and when this process was started: the boot
// of the machine, the namespace that process ids are counted in, and the time
// since the boot; "" where that cannot be found out.
func Self() (host, start string) {
	host, _ = os.Hostname()
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	namespace, err2 := os.Readlink("/proc/self/ns/pid")
	since := started(os.Getpid())
	if err != nil || err2 != nil || since == "" {
		return host, ""
	}
	return host, fmt.Sprintf("%s %s %s", strings.TrimSpace(string(boot)), namespace, since)
}

// started gives when a process was started; "" where it is not there.
func started(pid int) string {
	_, since := process(pid)
	return since
}

// process gives the state of a process, and when it was started in ticks since the boot
// (proc(5), fields 3 and 22 of stat); "" where it is not there, or only its parent has not
// noticed yet that it has ended.
func process(pid int) (state, since string) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", ""
	}
	// The second field is the program's name in parentheses, with whatever is in it.
	name := strings.LastIndexByte(string(b), ')')
	fields := strings.Fields(string(b[name+1:]))
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return "", ""
	}
	return fields[0], fields[19]
}
