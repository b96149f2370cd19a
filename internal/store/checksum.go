package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"math"

	sqlite3 "modernc.org/sqlite/lib"
)

// checksum is the SHA-256 of all that a run's training has left, so that a byte
// that changes in the file is noticed, and whose it is: the run's row, epochs and
// layers in their order, and outputs. What its identity covers and the weights,
// which have digests of their own, are not part of it.
func checksum(r Result) string {
	h := summer{sha256.New(), make([]byte, 0, 256)}
	run := r.Run
	started, _ := encodeTime(run.Started).(string)
	finished, _ := encodeTime(run.Finished).(string)
	for _, s := range []string{
		run.ID, string(run.Status), run.Reason, run.Stack, run.Digest,
		run.Version, run.Commit, run.Go, run.OS, run.CPU, run.Host, run.Kernel, started, finished,
	} {
		h.int(len(s))
		h.buf = append(h.buf, s...)
	}
	dirty := 0
	if run.Dirty {
		dirty = 1
	}
	for _, n := range []int{dirty, run.Parameters, run.Epochs, len(r.Epochs), len(r.Layers), len(r.Outputs)} {
		h.int(n)
	}
	h.float(run.Seconds)
	h.metrics(run.Train, run.Valid, run.Test)
	for i := range r.Epochs {
		e := &r.Epochs[i]
		h.int(e.Epoch)
		h.int(e.Steps)
		h.float(e.LR)
		h.float(e.Distance)
		h.float(e.Seconds)
		h.metrics(e.Train, e.Valid, e.Test)
	}
	for i := range r.Layers {
		l := &r.Layers[i]
		h.int(l.Epoch)
		h.int(l.Layer)
		for _, v := range [...]float64{l.Weight, l.Gradient, l.Update, l.Distance, l.Mean, l.SD, l.Saturated, l.Dead, l.Alpha} {
			h.float(v)
		}
		h.pass()
	}
	for _, v := range r.Outputs {
		h.buf = binary.LittleEndian.AppendUint32(h.buf, math.Float32bits(v))
		h.pass()
	}
	h.hash.Write(h.buf)
	return hex.EncodeToString(h.hash.Sum(nil))
}

// summer collects bytes for a hash.
type summer struct {
	hash hash.Hash
	buf  []byte
}

func (h *summer) pass() {
	const enough = 4096
	if len(h.buf) >= enough {
		h.hash.Write(h.buf)
		h.buf = h.buf[:0]
	}
}

func (h *summer) int(n int) { h.buf = binary.LittleEndian.AppendUint64(h.buf, uint64(n)) }

// float takes all NaN for one, and no notice of the sign of zero, as the database does.
func (h *summer) float(v float64) {
	bits := math.Float64bits(v + 0)
	if v != v {
		bits = math.MaxUint64
	}
	h.buf = binary.LittleEndian.AppendUint64(h.buf, bits)
}

func (h *summer) metrics(splits ...Metrics) {
	for i := range splits {
		m := &splits[i]
		for _, n := range [...]*Number{&m.Loss, &m.Error, &m.MSE, &m.NLL, &m.Brier, &m.ECE} {
			if n.Valid {
				h.float(n.V)
			} else {
				h.int(-2) // a NaN that float does not write
			}
		}
	}
	h.pass()
}

// seal records the checksum of a run's result; "" for one that has none.
func (in *inserter) seal(run int64, sum string) error {
	return in.exec(`UPDATE run SET checksum = ? WHERE key = ?`, sum, run)
}

// checksums gives those of all runs that have one.
func (db *DB) checksums(ctx context.Context) (map[string]string, error) {
	sums := map[string]string{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id, sum string
		err := rows.Scan(&id, &sum)
		sums[id] = sum
		return err
	}, `SELECT id, checksum FROM run WHERE checksum <> ''`)
	return sums, err
}

// left reads what a run's training has left beside its row, without weights.
func (db *DB) left(ctx context.Context, r Run) (Result, error) {
	all := Result{Run: r}
	var err error
	if all.Epochs, err = db.Epochs(ctx, r.ID); err != nil {
		return all, err
	}
	if all.Layers, err = db.Layers(ctx, r.ID); err != nil {
		return all, err
	}
	all.Outputs, err = db.Outputs(ctx, r.ID)
	return all, err
}

// Unchecked counts the results that have no checksum, as those that an older
// version has written.
func (db *DB) Unchecked(ctx context.Context) (n int, err error) {
	err = db.sql.QueryRowContext(ctx, `SELECT count(*) FROM run WHERE status IN ('done', 'diverged', 'pruned') AND checksum = ''`).Scan(&n)
	return n, fault(err)
}

// unreadable says whether an error is about rows that are not what was written,
// rather than about the disk or the caller.
func unreadable(ctx context.Context, err error) bool {
	code := resultCode(err)
	return err != nil && ctx.Err() == nil && (code == 0 || code == sqlite3.SQLITE_CORRUPT) && !errors.Is(err, ErrNotFound)
}
