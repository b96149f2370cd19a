package runner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"nightshift/internal/store"
)

// errLost is why runs stop whose holds another process has taken over.
var errLost = errors.New("another process has taken over the runs of this one")

// ownership is a time in which the store knows this process as an owner of runs.
type ownership struct {
	owner string
	ctx   context.Context // ends with the night, or with errLost as its cause
	end   context.CancelCauseFunc
}

// heartbeat keeps this process among the owners that the store knows: it says
// three times in a lease that it is alive, so that nobody takes its runs over.
type heartbeat struct {
	db      *store.DB
	o       Options
	mu      sync.Mutex
	current ownership
	stop    context.CancelFunc
	stopped chan struct{} // closed when the goroutine that beats has ended
}

// startHeartbeat makes this process an owner until it leaves.
func startHeartbeat(ctx context.Context, db *store.DB, o Options) (*heartbeat, error) {
	h := &heartbeat{db: db, o: o, stopped: make(chan struct{})}
	if err := h.register(ctx); err != nil {
		return nil, err
	}
	beating, stop := context.WithCancel(context.WithoutCancel(ctx)) // until the last checkpoint is written
	h.stop = stop
	go func() {
		defer close(h.stopped)
		h.beat(ctx, beating.Done())
	}()
	return h, nil
}

// ownership gives the one that lasts.
func (h *heartbeat) ownership() ownership {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.current
}

func (h *heartbeat) register(ctx context.Context) error {
	host, start := self()
	owner := store.Owner{ID: rand.Text(), Host: host, PID: os.Getpid(), Start: start, Seen: h.o.Now()}
	if err := h.db.Register(context.WithoutCancel(ctx), owner); err != nil {
		return err
	}
	working, end := context.WithCancelCause(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.current = ownership{owner.ID, working, end}
	return nil
}

// beat says that the process is alive three times in a lease. When the store
// does not know it any more (the machine may have slept, and another process has
// taken over), the runs stop and it begins anew.
func (h *heartbeat) beat(ctx context.Context, stop <-chan struct{}) {
	often := time.NewTicker(h.o.Lease / 3)
	defer often.Stop()
	for {
		select {
		case <-stop:
			return
		case <-often.C:
		}
		now := h.ownership()
		err := h.db.Beat(context.WithoutCancel(ctx), now.owner, h.o.Now())
		if errors.Is(err, store.ErrHoldLost) {
			h.o.Log.Warn("another process has taken over: the runs of this one stop, and it takes others")
			now.end(errLost)
			err = h.register(ctx)
		}
		if err != nil {
			h.o.Log.Warn("no heartbeat", "error", err)
		}
	}
}

// leave gives back what is still held.
func (h *heartbeat) leave(ctx context.Context) error {
	h.stop()
	<-h.stopped
	now := h.ownership()
	now.end(nil)
	return h.db.Forget(ctx, now.owner)
}

// reapDead drops the holds of processes that do not live any more.
func reapDead(ctx context.Context, db *store.DB, o Options) error {
	owners, err := db.Owners(ctx)
	if err != nil {
		return err
	}
	host, start := self()
	var dead []string
	for _, owner := range owners {
		if !alive(owner, host, start, o) {
			o.Log.Warn("taking over the runs of a process that is gone", "host", owner.Host, "pid", owner.PID, "seen", owner.Seen)
			dead = append(dead, owner.ID)
		}
	}
	if len(dead) == 0 {
		return nil
	}
	return db.Forget(ctx, dead...)
}

// alive judges an owner by whether its process is there, where that can be
// seen from here, and otherwise by when it was seen last.
func alive(owner store.Owner, host, start string, o Options) bool {
	here, there := strings.Fields(start), strings.Fields(owner.Start)
	switch {
	case owner.Host != host || len(here) != 3 || len(there) != 3:
	case here[0] != there[0]:
		return false // the machine was started anew
	case here[1] == there[1]:
		return started(owner.PID) == there[2]
	}
	return o.Now().Sub(owner.Seen) <= o.Lease
}

// self gives this machine's name, and when this process was started: the boot
// of the machine, the namespace that process ids are counted in, and the time
// since the boot; "" where that cannot be found out.
func self() (host, start string) {
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
