package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Finding is something that is wrong in a database.
type Finding struct {
	Run    string // which run; "" where that is not known
	What   string
	Remedy string // what Repair does about it, or what can be done by hand
	Whole  bool   // the remedy gives back all that was there

	repair string // SQL that changes nothing where all is right by now; "" where Repair does nothing
	args   []any
	about  rowKey // the row that is not what was written, of the tables with checksums
}

// rowKey names a row.
type rowKey struct {
	table string
	key   int64
}

// Repairable says whether Repair does something about it.
func (f Finding) Repairable() bool { return f.repair != "" }

// rowFaults lists what may be wrong with the row of a run, as a condition on it.
var rowFaults = []struct{ where, what, remedy, repair string }{
	{
		`status = 'done' AND (coalesce(train_loss, valid_loss, test_loss) IS NULL
			OR epochs > coalesce((SELECT max(epoch) FROM epoch WHERE epoch.run = run.key), 0))`,
		"done, but metrics or epochs are missing", trainAgain, `UPDATE run SET status = 'pending', checksum = '' WHERE key = ? AND %s`,
	},
	{
		`status = 'running' AND key NOT IN (SELECT run FROM claim)`,
		"running, but no process holds it", "it becomes interrupted", `UPDATE run SET status = 'interrupted' WHERE key = ? AND %s`,
	},
	{
		`status = 'pruned' AND key IN (SELECT run FROM checkpoint)`,
		"is pruned and still has a checkpoint", "the checkpoint is removed",
		`DELETE FROM checkpoint WHERE run = (SELECT key FROM run WHERE key = ? AND %s)`,
	},
}

// ofRuns are the tables whose rows are of no use without their run.
var ofRuns = []string{"member", "epoch", "layer", "output", "weight", "claim", "checkpoint", "aside", "conflict", "remark"}

// Check looks for everything that is wrong: rows without their run, runs that
// are half written, results, checkpoints and weights that cannot be read or are
// not those that were written, and identities that are not what identify makes
// of a run. A file that
// SQLite itself finds damaged is ErrDamaged: what else could be read of it means
// nothing.
func (db *DB) Check(ctx context.Context, identify func(Run) (string, error)) ([]Finding, error) {
	var found []Finding
	var says string
	if err := db.sql.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&says); err != nil {
		return nil, fmt.Errorf("reading the database: %w", fault(err))
	}
	if says != "ok" {
		return nil, fmt.Errorf("%w beyond what can be repaired in it: %s (%s)",
			ErrDamaged, rescue, strings.ReplaceAll(says, "\n", " "))
	}
	for _, search := range []func(context.Context) ([]Finding, error){
		db.badSchema, db.orphans, db.badRows, db.badRowSums, db.badWeights, db.badCheckpoints, db.badVersions, db.withoutCopies,
	} {
		more, err := search(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	half, rows := map[string]bool{}, map[rowKey]bool{}
	for _, f := range found {
		half[f.Run] = half[f.Run] || f.Remedy == trainAgain
		rows[f.about] = true
	}
	more, err := db.badMembers(ctx, rows)
	if err != nil {
		return nil, err
	}
	found = append(found, more...)
	more, err = db.badRuns(ctx, half, rows, identify)
	return append(found, more...), err
}

// badRuns looks at every run by itself, since what one has become must not
// hide the others. Those that are half written are known already, and so are the
// cells whose configuration is not what was written, which have no identity.
func (db *DB) badRuns(ctx context.Context, half map[string]bool, known map[rowKey]bool,
	identify func(Run) (string, error)) ([]Finding, error) {
	type row struct {
		id, sum string
		cell    int64
	}
	var runs []row
	err := db.read(ctx, func(rows *sql.Rows) error {
		var r row
		err := rows.Scan(&r.id, &r.sum, &r.cell)
		runs = append(runs, r)
		return err
	}, `SELECT id, checksum, cell FROM run ORDER BY key`)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, row := range runs {
		r, err := db.Run(ctx, row.id)
		var all Result
		if err == nil && row.sum != "" {
			all, err = db.artifacts(ctx, r)
		}
		switch {
		case errors.Is(err, ErrNotFound): // what it needs is not there, as was found before
			continue
		case unreadable(ctx, err):
			found = append(found, broken(row.id, row.sum, "what it has left cannot be read"))
			continue
		case err != nil:
			return nil, err
		case row.sum != "" && !unchanged(row.sum, all) && !half[row.id]:
			found = append(found, broken(row.id, row.sum, "what it has left is "+ErrChanged.Error()))
			continue
		}
		if known[rowKey{"cell", row.cell}] {
			continue
		}
		id, err := identify(r)
		if err != nil {
			found = append(found, Finding{Run: r.ID, What: fmt.Sprintf("its identity cannot be computed: %v", err),
				Remedy: "it is left as it is: the version that made it may be able to read it (" + r.Version + ")"})
		} else if id != r.ID {
			found = append(found, Finding{
				Run: r.ID, What: fmt.Sprintf("its configuration, data and seeds are those of run %.12s", id),
				Remedy: "it is removed; nightshift run with the study's file trains it again",
				repair: `DELETE FROM run WHERE id = ?`, args: []any{r.ID},
			})
		}
	}
	return found, nil
}

const trainAgain = "it will be trained again"

// broken is a run of which nothing can be relied on: it becomes as it was
// before any training.
func broken(id, sum, what string) Finding {
	const it = `(SELECT key FROM run WHERE id = ?1 AND checksum = ?2)`
	repair := ""
	for _, table := range artifactTables {
		repair += `DELETE FROM ` + table + ` WHERE run = ` + it + `; `
	}
	repair += `UPDATE run SET (status, reason, stack, epochs, seconds, started_at, finished_at, digest, checksum,
			` + metricColumns + `)
		= ('pending', '', '', 0, 0, NULL, NULL, '', ''` + strings.Repeat(", NULL", len(metricNames())) + `) WHERE key = ` + it
	return Finding{Run: id, What: what, Remedy: trainAgain, repair: repair, args: []any{id, sum}}
}

// badCheckpoints finds those that a training must not go on from.
func (db *DB) badCheckpoints(ctx context.Context) ([]Finding, error) {
	reached, err := db.Checkpoints(ctx)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, id := range slices.Sorted(maps.Keys(reached)) {
		if _, _, err := db.Checkpoint(ctx, id); errors.Is(err, ErrChanged) || unreadable(ctx, err) {
			found = append(found, Finding{
				Run: id, What: "its checkpoint is " + ErrChanged.Error(), Remedy: "the checkpoint is removed",
				repair: `DELETE FROM checkpoint WHERE run = (SELECT key FROM run WHERE id = ?)`, args: []any{id},
			})
		} else if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Repair does what the remedies of findings say, all in one transaction, and
// leaves the others as they are.
func (db *DB) Repair(ctx context.Context, findings []Finding) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		for _, f := range findings {
			if !f.Repairable() {
				continue
			}
			if _, err := tx.ExecContext(ctx, f.repair, f.args...); err != nil {
				return fmt.Errorf("%s: %w", f.What, err)
			}
		}
		return newInserter(ctx, tx).sumMembers()
	})
	if err != nil {
		return fmt.Errorf("repairing the database: %w", err)
	}
	return nil
}

// orphans finds rows whose run, or whatever else they need, is not there.
func (db *DB) orphans(ctx context.Context) ([]Finding, error) {
	var found []Finding
	for _, table := range ofRuns {
		lost := `FROM ` + table + ` WHERE run NOT IN (SELECT key FROM run)`
		var n int
		if err := db.sql.QueryRowContext(ctx, `SELECT count(*) `+lost).Scan(&n); err != nil {
			return nil, fmt.Errorf("reading the database: %w", fault(err))
		}
		if n > 0 {
			found = append(found, Finding{
				What:   fmt.Sprintf("rows of the table %s without their run: %d", table, n),
				Remedy: "they are removed", repair: `DELETE ` + lost,
			})
		}
	}
	more, err := db.withoutParents(ctx)
	return append(found, more...), err
}

func (db *DB) badRows(ctx context.Context) ([]Finding, error) {
	var found []Finding
	for _, s := range rowFaults {
		repair := fmt.Sprintf(s.repair, s.where)
		if err := db.read(ctx, func(rows *sql.Rows) error {
			var key int64
			var id string
			err := rows.Scan(&key, &id)
			found = append(found, Finding{Run: id, What: s.what, Remedy: s.remedy, repair: repair, args: []any{key}})
			return err
		}, `SELECT key, id FROM run WHERE `+s.where+` ORDER BY key`); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (db *DB) badWeights(ctx context.Context) ([]Finding, error) {
	var found []Finding
	err := db.read(ctx, func(rows *sql.Rows) error {
		var key int64
		var id, sum string
		var epoch int
		var tensors []byte
		if err := rows.Scan(&key, &id, &epoch, &tensors, &sum); err != nil {
			return err
		}
		what := ""
		if err := readable(tensors); err != nil {
			what = err.Error()
		} else if sum != "" && sum != digest(tensors) {
			what = "not those that were written"
		}
		if what != "" {
			found = append(found, Finding{
				Run: id, What: fmt.Sprintf("weights after epoch %d: %s", epoch, what), Remedy: "they are removed",
				repair: `DELETE FROM weight WHERE run = ? AND epoch = ? AND tensors = ? AND digest = ?`,
				args:   []any{key, epoch, tensors, sum},
			})
		}
		return nil
	}, `SELECT run.key, run.id, weight.epoch, weight.tensors, weight.digest
		FROM weight JOIN run ON run.key = weight.run ORDER BY weight.run, weight.epoch`)
	return found, err
}

// readable says whether a blob has the form of a safetensors file: the length
// of a JSON object, the object, and the bytes that its tensors lie in.
func readable(blob []byte) error {
	broken := errors.New("not a safetensors file")
	if len(blob) < 8 {
		return broken
	}
	n, rest := binary.LittleEndian.Uint64(blob), blob[8:]
	if n > uint64(len(rest)) {
		return broken
	}
	var header map[string]struct {
		Offsets *[2]uint64 `json:"data_offsets"`
	}
	if json.Unmarshal(rest[:n], &header) != nil {
		return broken
	}
	data := uint64(len(rest)) - n
	for name, t := range header {
		if name != "__metadata__" && (t.Offsets == nil || t.Offsets[0] > t.Offsets[1] || t.Offsets[1] > data) {
			return broken
		}
	}
	return nil
}
