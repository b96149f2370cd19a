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

// openMirrored opens the database of a night, which begins from its copy where it is not there, and gets what the copy holds
// where nobody is training in it.
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

// copyRepeatedly copies the database again and again, so seldom that it takes a tenth of the time at most. What it returns ends that with
// the last copy, whose error is the night's: nobody may ever see the database that was copied.
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

// aloneOnNetwork refuses a database on a network file system that another process writes to, after waiting for whether one is
// alive that was heard of within a lease.
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

// stillAlive gives a process that trains in a database, and waits for a sign of life of those that may have died within a lease;
// nil where there is none.
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
