package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"nightshift/internal/metric"
)

// Follower tells whether a database has changed since it was asked last, for whoever shows what is written by others.
type Follower struct {
	place *Place
	path  string
	log   bool // a log stood beside the database when it was opened
	last  int64
}

// Follow begins to follow the database, which was opened at path. It has to be closed.
func (db *DB) Follow(ctx context.Context, path string) (*Follower, error) {
	place, err := db.Place(ctx, path)
	if err != nil {
		return nil, err
	}
	return &Follower{place, path, hasLog(path), -1}, nil
}

// Close ends the following.
func (f *Follower) Close() error { return f.place.Close() }

// Changed says whether anything was written since it was asked last; the first time it is so. It is ErrGone where the file is
// not the one that was opened, and where it was opened as one that nobody writes to and somebody does now.
func (f *Follower) Changed(ctx context.Context) (bool, error) {
	if err := f.place.Check(); err != nil {
		return false, err
	}
	if log := hasLog(f.path); log != f.log {
		if log && f.last >= 0 {
			return false, fmt.Errorf("%w: somebody began to write to %s", ErrGone, f.path)
		}
		f.log = log
	}
	var now int64
	if err := f.place.conn.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&now); err != nil {
		return false, fmt.Errorf("database: %w", fault(err))
	}
	changed := now != f.last
	f.last = now
	return changed, nil
}

// EachValue hands on what a metric of a split, such as test_error, was after the epochs of some runs, those of a run in order.
// Runs are named by their places among the identities.
func (db *DB) EachValue(ctx context.Context, measure string, ids []string, fn func(run, epoch int, v Number) error) error {
	if _, _, known := metric.Parse(measure); !known {
		return fmt.Errorf("there is no metric %q", measure)
	}
	wanted, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	var run, epoch int
	var v Number
	return db.read(ctx, func(rows *sql.Rows) error {
		if err := rows.Scan(&run, &epoch, toNumber{&v}); err != nil {
			return err
		}
		return fn(run, epoch, v)
	}, `SELECT wanted.key, epoch.epoch, epoch.`+measure+` FROM json_each(?) AS wanted JOIN run ON run.id = wanted.value
		JOIN epoch ON epoch.run = run.key ORDER BY wanted.key, epoch.epoch`, string(wanted))
}

// Missing says whether an error of OpenReadOnly means that there is no database yet: no file, or one in which nothing was
// recorded.
func Missing(err error) bool { return errors.Is(err, os.ErrNotExist) || errors.Is(err, errEmpty) }
