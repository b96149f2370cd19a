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

// errLost is why runs stop whose claims another process has taken over.
var errLost = errors.New("another process has taken over the runs of this one")

// tenure is a time in which the store knows this process as an owner of runs.
type tenure struct {
	owner string
	ctx   context.Context // ends with the night, or with errLost as its cause
	end   context.CancelCauseFunc
}

// presence keeps this process among the owners that the store knows: it says
// again and again that it is alive, so that nobody takes its runs over.
type presence struct {
	db   *store.DB
	o    Options
	mu   sync.Mutex
	now  tenure
	stop context.CancelFunc
	gone chan struct{} // closed when the heart has stopped
}

// enter makes this process an owner until it leaves.
func enter(ctx context.Context, db *store.DB, o Options) (*presence, error) {
	p := &presence{db: db, o: o, gone: make(chan struct{})}
	if err := p.register(ctx); err != nil {
		return nil, err
	}
	beating, stop := context.WithCancel(context.WithoutCancel(ctx)) // until the last checkpoint is written
	p.stop = stop
	go func() {
		defer close(p.gone)
		p.beat(ctx, beating.Done())
	}()
	return p, nil
}

// tenure gives the one that lasts.
func (p *presence) tenure() tenure {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func (p *presence) register(ctx context.Context) error {
	host, start := self()
	owner := store.Owner{ID: rand.Text(), Host: host, PID: os.Getpid(), Start: start, Seen: p.o.Now()}
	if err := p.db.Register(context.WithoutCancel(ctx), owner); err != nil {
		return err
	}
	working, end := context.WithCancelCause(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = tenure{owner.ID, working, end}
	return nil
}

// beat says that the process is alive three times in a lease. When the store
// does not know it any more (the machine may have slept, and another process has
// taken over), the runs stop and it begins anew.
func (p *presence) beat(ctx context.Context, stop <-chan struct{}) {
	often := time.NewTicker(p.o.Lease / 3)
	defer often.Stop()
	for {
		select {
		case <-stop:
			return
		case <-often.C:
		}
		now := p.tenure()
		err := p.db.Beat(context.WithoutCancel(ctx), now.owner, p.o.Now())
		if errors.Is(err, store.ErrClaimLost) {
			p.o.Log.Warn("another process has taken over: the runs of this one stop, and it takes others")
			now.end(errLost)
			err = p.register(ctx)
		}
		if err != nil {
			p.o.Log.Warn("no heartbeat", "error", err)
		}
	}
}

// leave gives back what is still claimed.
func (p *presence) leave(ctx context.Context) error {
	p.stop()
	<-p.gone
	now := p.tenure()
	now.end(nil)
	return p.db.Forget(ctx, now.owner)
}

// bury drops the claims of processes that do not live any more.
func bury(ctx context.Context, db *store.DB, o Options) error {
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
