package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"nightshift/internal/file"
	"nightshift/internal/night"
	"nightshift/internal/store"
)

// mirror is the copy that is kept of a night's database; nil where there is none.
type mirror struct{ *store.Mirror }

// openMirrored opens the database of a night that is copied elsewhere. A database that does not exist begins as that copy; one
// that no process trains in gets what only the copy holds.
func (a *app) openMirrored(ctx context.Context, f runFlags) (*store.DB, *mirror, error) {
	journal, err := store.ParseJournal(f.journal)
	if err != nil {
		return nil, nil, usage(fmt.Errorf("--journal: %w", err))
	}
	if f.copyTo == "" {
		db, err := store.OpenWith(a.dbPath(), journal)
		return db, nil, err
	}
	m, err := store.NewMirror(a.dbPath(), f.copyTo)
	if err != nil {
		return nil, nil, usage(fmt.Errorf("--copy-to: %w", err))
	}
	if err := m.Restore(); err != nil {
		return nil, nil, err
	}
	db, err := store.OpenWith(a.dbPath(), journal)
	if err != nil {
		return nil, nil, err
	}
	owners, err := night.Owners(ctx, db, time.Now(), f.lease)
	if err == nil && !anyAlive(owners) {
		err = m.Adopt(ctx, db)
	}
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, &mirror{m}, nil
}

func anyAlive(owners []night.Owner) bool {
	for _, o := range owners {
		if o.Alive {
			return true
		}
	}
	return false
}

// copyRepeatedly copies the database in intervals of at least every, longer where a copy takes more than a tenth of that. The
// returned function ends this with a last copy, whose error is that of the night: the copy may be all that the user ever reads.
func (m *mirror) copyRepeatedly(ctx context.Context, db *store.DB, every time.Duration, log *slog.Logger) (end func() error) {
	if m == nil {
		return func() error { return nil }
	}
	ctx = context.WithoutCancel(ctx)
	over := make(chan struct{})
	var copying sync.WaitGroup
	copying.Go(func() {
		for pause := every + every/5; ; { // behind the first checkpoints
			select {
			case <-over:
				return
			case <-time.After(pause):
			}
			began := time.Now()
			if err := m.Update(ctx, db); err != nil {
				log.Warn("the database could not be copied, and will be again", "error", err)
			}
			pause = max(every, 9*time.Since(began))
		}
	})
	return func() error {
		close(over)
		copying.Wait()
		if err := m.Update(ctx, db); err != nil {
			return fmt.Errorf("the results are in the database, but not in its copy; as long as the database is there, the same command "+
				"copies them: %w", err)
		}
		return nil
	}
}

// aloneOnNetwork refuses a database on a network file system while another process writes to it. It waits for a lease to see
// whether a process that was heard of within that time is alive.
func (a *app) aloneOnNetwork(ctx context.Context, db *store.DB, f runFlags) error {
	if db.Network() == "" {
		return nil
	}
	if !f.quiet {
		fmt.Fprintf(a.err, "the database is on %s: it has a rollback journal and this process alone "+
			"(faster: --db on a local disk, and --copy-to %s)\n", db.Network(), file.ShellWord(a.dbPath()))
	}
	switch other, err := stillAlive(ctx, db, f.lease); {
	case err != nil:
		return err
	case other != nil:
		return fmt.Errorf("process %d on %s trains in this database, which is on %s, where only one may: wait for it, or name another "+
			"database with --db and join them with nightshift merge", other.PID, other.Host, db.Network())
	case ctx.Err() != nil:
		return exit{exitInterrupted, errors.New("interrupted while waiting for another process; nothing was trained")}
	}
	return nil
}

// stillAlive returns a process that trains in a database; nil where there is none. It waits for a heartbeat of those whose last
// one is within the lease.
func stillAlive(ctx context.Context, db *store.DB, lease time.Duration) (*night.Owner, error) {
	var watch night.Watch
	first := map[string]time.Time{}
	for ctx.Err() == nil {
		owners, err := night.Owners(ctx, db, time.Now(), lease)
		if err != nil {
			return nil, err
		}
		watch.Look(owners, time.Now(), lease)
		if !anyAlive(owners) {
			return nil, nil
		}
		for i, o := range owners {
			if seen, ok := first[o.ID]; o.Alive && ok && !o.Seen.Equal(seen) {
				return &owners[i], nil
			} else if !ok {
				first[o.ID] = o.Seen
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(time.Second, lease/10)):
		}
	}
	return nil, nil
}
