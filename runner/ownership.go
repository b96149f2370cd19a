package runner

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"sync"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/panics"
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
// three times in a lease that it is alive, so that no other process takes its runs over.
type heartbeat struct {
	db      *store.DB
	o       Options
	renewal sync.Mutex // held while a lost ownership is replaced
	mu      sync.Mutex
	current ownership
	gone    error // why the database is not what it was, once the goroutine that beats has ended
	stop    context.CancelFunc
	stopped chan struct{} // closed when the goroutine that beats has ended
}

// startHeartbeat registers this process as an owner until leave is called. It calls end when Options.Check finds that the
// database file is gone.
func startHeartbeat(ctx context.Context, db *store.DB, o Options, end func()) (*heartbeat, error) {
	h := &heartbeat{db: db, o: o, stopped: make(chan struct{})}
	if err := h.register(ctx); err != nil {
		return nil, err
	}
	alive, stop := context.WithCancel(context.WithoutCancel(ctx)) // until the last checkpoint is written
	h.stop = stop
	go func() {
		defer close(h.stopped)
		if h.gone = panics.Caught(func() error { return h.beat(ctx, alive.Done()) }); h.gone != nil {
			end()
		}
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
	host, start := night.Self()
	owner := store.Owner{ID: rand.Text(), Host: host, PID: os.Getpid(), Start: night.Registered(start), Seen: h.o.Now()}
	if err := h.db.Register(context.WithoutCancel(ctx), owner); err != nil {
		return err
	}
	working, end := context.WithCancelCause(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.current = ownership{owner.ID, working, end}
	return nil
}

// renew registers this process anew after the store has dropped its ownership, and ends the runs that were held under it. It
// does nothing for an ownership that has been replaced already, since several goroutines may notice the loss.
func (h *heartbeat) renew(ctx context.Context, lost ownership) error {
	h.renewal.Lock()
	defer h.renewal.Unlock()
	if h.ownership().owner != lost.owner {
		return nil
	}
	h.o.Log.Warn("another process has taken over: the runs of this one stop, and it takes others")
	lost.end(errLost)
	return h.register(ctx)
}

// beat updates the time of this process in the store three times in a lease. Where the store has dropped the ownership (the
// machine was suspended, and another process has taken over), the runs stop and the process registers anew. It returns when it
// is stopped, or with the error of Options.Check.
func (h *heartbeat) beat(ctx context.Context, stop <-chan struct{}) error {
	often := time.NewTicker(h.o.Lease / 3)
	defer often.Stop()
	for {
		select {
		case <-stop:
			return nil
		case <-often.C:
		}
		if err := h.o.Check(); err != nil {
			return err
		}
		now := h.ownership()
		err := h.db.Beat(context.WithoutCancel(ctx), now.owner, h.o.Now())
		if errors.Is(err, store.ErrHoldLost) {
			err = h.renew(ctx, now)
		}
		if err != nil {
			h.o.Log.Warn("no heartbeat", "error", err)
		}
	}
}

// leave drops the holds that this process still has, and ends the heartbeat.
func (h *heartbeat) leave(ctx context.Context) error {
	h.stop()
	<-h.stopped
	now := h.ownership()
	now.end(nil)
	if h.gone == nil {
		h.gone = h.o.Check()
	}
	if h.gone != nil {
		return h.gone
	}
	return h.db.Forget(ctx, now.owner)
}

// reapDead drops the holds of processes that are not alive any more, and returns these.
func reapDead(ctx context.Context, db *store.DB, owners []night.Owner, o Options) (dead []night.Owner, err error) {
	var forget []string
	for _, owner := range owners {
		if owner.Alive {
			continue
		}
		o.Log.Warn("taking over the runs of a process that "+owner.State(), "host", owner.Host, "pid", owner.PID, "seen", owner.Seen)
		dead = append(dead, owner)
		if !owner.OutOfMemory {
			forget = append(forget, owner.ID)
		} else if err := db.ForgetOutOfMemory(ctx, owner.ID, night.OutOfMemoryOnce, night.OutOfMemoryTwice); err != nil {
			return dead, err
		}
	}
	if len(forget) == 0 {
		return dead, nil
	}
	return dead, db.Forget(ctx, forget...)
}
