package night

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"nightshift/internal/store"
)

// Lease is how long a process whose existence cannot be seen from here is taken
// to be alive after it was last heard of.
const Lease = time.Minute

// Owner is a process that holds runs, or would.
type Owner struct {
	store.Owner
	Alive bool
}

// Owners lists the processes that are registered with a database, and which of
// them are alive: those that are there, where that can be seen from here, and
// otherwise those that were heard of within a lease before now.
func Owners(ctx context.Context, db *store.DB, now time.Time, lease time.Duration) ([]Owner, error) {
	rows, err := db.Owners(ctx)
	host, start := Self()
	owners := make([]Owner, len(rows))
	for i, row := range rows {
		owners[i] = Owner{row, alive(row, host, start, now, lease)}
	}
	return owners, err
}

// alive judges an owner from a process that was started on a host as Self says.
func alive(owner store.Owner, host, start string, now time.Time, lease time.Duration) bool {
	here, there := strings.Fields(start), strings.Fields(owner.Start)
	switch {
	case owner.Host != host || len(here) != 3 || len(there) != 3:
	case here[0] != there[0]:
		return false // the machine was started anew
	case here[1] == there[1]:
		return started(owner.PID) == there[2]
	}
	return now.Sub(owner.Seen) <= lease
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

// started gives when a process was started, in ticks since the boot (proc(5),
// field 22 of stat); "" where it is not there, or only its parent has not
// noticed yet that it has ended.
func started(pid int) string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	// The second field is the program's name in parentheses, with whatever is in it.
	name := strings.LastIndexByte(string(b), ')')
	fields := strings.Fields(string(b[name+1:]))
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return ""
	}
	return fields[19]
}
