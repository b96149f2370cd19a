package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrHoldLost says that others have taken an owner for dead, and may be
// training what it held: it should stop and write nothing more.
var ErrHoldLost = errors.New("this process was taken for dead and others have taken over its runs")

// Owner is a process that trains runs of the database.
type Owner struct {
	ID, Host string
	PID      int
	Start    string    // when the process was started, so that a PID that was given again is noticed
	Seen     time.Time // when it was last known to be alive
}

// Register makes an owner known, who may hold runs from then on.
func (db *DB) Register(ctx context.Context, o Owner) error {
	err := db.insert(ctx, func(in *inserter) error {
		return in.exec(`INSERT INTO owner (id, host, pid, start, seen) VALUES (?,?,?,?,?)
			ON CONFLICT (id) DO UPDATE SET host = excluded.host, pid = excluded.pid, start = excluded.start, seen = excluded.seen`,
			o.ID, o.Host, o.PID, o.Start, encodeTime(o.Seen))
	})
	if err != nil {
		return fmt.Errorf("registering with the database: %w", err)
	}
	return nil
}

// Beat says that an owner is alive. It is ErrHoldLost for one who was forgotten.
func (db *DB) Beat(ctx context.Context, ownerID string, at time.Time) error {
	err := db.insert(ctx, func(in *inserter) error {
		r, err := in.wrote(`UPDATE owner SET seen = ? WHERE id = ?`, []any{encodeTime(at), ownerID})
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); n == 0 {
			return errors.Join(err, ErrHoldLost)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sign of life: %w", err)
	}
	return nil
}

// Owners lists those who are registered, in the order in which they came.
func (db *DB) Owners(ctx context.Context) ([]Owner, error) {
	var list []Owner
	err := db.read(ctx, func(rows *sql.Rows) error {
		var o Owner
		var seen sql.Null[string]
		err := rows.Scan(&o.ID, &o.Host, &o.PID, &o.Start, &seen)
		if err == nil {
			o.Seen, err = decodeTime(seen)
		}
		list = append(list, o)
		return err
	}, `SELECT id, host, pid, start, seen FROM owner ORDER BY key`)
	return list, err
}

// Forget removes owners and their holds. Their running runs become
// interrupted, and have come as far as their checkpoints say. Owners that are not known are no error.
func (db *DB) Forget(ctx context.Context, ownerIDs ...string) error {
	err := db.insert(ctx, func(in *inserter) error {
		for _, id := range ownerIDs {
			if err := in.exec(`UPDATE run SET status = ?, train_loss = NULL,
				epochs = coalesce((SELECT epoch FROM checkpoint WHERE run = run.key), 0),
				seconds = coalesce((SELECT seconds FROM checkpoint WHERE run = run.key), 0) WHERE status = ? AND
				key IN (SELECT run FROM claim WHERE owner = (SELECT key FROM owner WHERE id = ?))`,
				string(Interrupted), string(Running), id); err != nil {
				return err
			}
			if err := in.exec(`DELETE FROM owner WHERE id = ?`, id); err != nil { // and its holds with it
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forgetting processes: %w", err)
	}
	return nil
}

// ForgetOutOfMemory is Forget for an owner whose process was ended because memory ran out. Of the
// runs that it was training those that have a reason given as suspect already have failed, for
// another reason; the others get it.
func (db *DB) ForgetOutOfMemory(ctx context.Context, ownerID, suspect, failed string) error {
	err := db.insert(ctx, func(in *inserter) error {
		const training = ` FROM claim JOIN owner ON owner.key = claim.owner JOIN run ON run.key = claim.run
			WHERE owner.id = ? AND run.status = '` + string(Running) + `'`
		if err := in.exec(`DELETE FROM checkpoint WHERE run IN (SELECT run.key`+training+` AND reason = ?)`, ownerID,
			suspect); err != nil {
			return err
		}
		return in.exec(`UPDATE run SET status = CASE reason WHEN ?2 THEN ?4 ELSE status END,
			reason = CASE reason WHEN ?2 THEN ?3 ELSE ?2 END WHERE key IN (SELECT run.key`+
			strings.Replace(training, "?", "?1", 1)+`)`, ownerID, suspect, failed, string(Failed))
	})
	if err != nil {
		return fmt.Errorf("runs for which memory ran out: %w", err)
	}
	return db.Forget(ctx, ownerID)
}

// ownerKey is ErrHoldLost for an owner who is not registered.
func (in *inserter) ownerKey(id string) (int64, error) {
	key, ok, err := in.find(`SELECT key FROM owner WHERE id = ?`, id)
	if !ok && err == nil {
		err = ErrHoldLost
	}
	return key, err
}
