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
	"strconv"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// coverage says how many metrics of a split, and measures of a layer, a checksum covers.
type coverage struct{ metrics, measures int }

// coverages has that of every version of checksums, from version 1 on. A new
// metric is a new version, so that what was written before stays as it is.
var coverages = []coverage{{metrics: 6, measures: 9}}

// checksum is the SHA-256 of all that a run's training has left, so that a byte
// that changes in the file is noticed, and whose it is: the run's row, epochs and
// layers in their order, and outputs. What its identity covers and the weights,
// which have digests of their own, are not part of it. After the first version
// "2 " or a later one stands before it.
func checksum(r Result) string { return checksumOf(len(coverages), r) }

// unchanged says whether a result is the one that a checksum was taken of.
func unchanged(sum string, r Result) bool {
	version := 1
	if before, _, ok := strings.Cut(sum, " "); ok {
		version, _ = strconv.Atoi(before)
	}
	return 1 <= version && version <= len(coverages) && sum == checksumOf(version, r)
}

func checksumOf(version int, r Result) string {
	covers := coverages[version-1]
	h := checksummer{sha256.New(), make([]byte, 0, 256)}
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
	h.metrics(covers.metrics, run.Train, run.Valid, run.Test)
	for i := range r.Epochs {
		e := &r.Epochs[i]
		h.int(e.Epoch)
		h.int(e.Steps)
		h.float(e.LR)
		h.float(e.Distance)
		h.float(e.Seconds)
		h.metrics(covers.metrics, e.Train, e.Valid, e.Test)
	}
	for i := range r.Layers {
		l := &r.Layers[i]
		h.int(l.Epoch)
		h.int(l.Layer)
		fields := l.Fields()
		for _, v := range fields[:covers.measures] {
			h.float(*v)
		}
		h.flush()
	}
	for _, v := range r.Outputs {
		h.buf = binary.LittleEndian.AppendUint32(h.buf, math.Float32bits(v))
		h.flush()
	}
	h.hash.Write(h.buf)
	sum := hex.EncodeToString(h.hash.Sum(nil))
	if version > 1 {
		sum = strconv.Itoa(version) + " " + sum
	}
	return sum
}

// checksummer collects what is hashed in pieces of some thousand bytes.
type checksummer struct {
	hash hash.Hash
	buf  []byte
}

func (h *checksummer) flush() {
	const enough = 4096
	if len(h.buf) >= enough {
		h.hash.Write(h.buf)
		h.buf = h.buf[:0]
	}
}

func (h *checksummer) int(n int) { h.buf = binary.LittleEndian.AppendUint64(h.buf, uint64(n)) }

// float takes all NaN for one, and no notice of the sign of zero, as the database does.
func (h *checksummer) float(v float64) {
	bits := math.Float64bits(v + 0)
	if v != v {
		bits = math.MaxUint64
	}
	h.buf = binary.LittleEndian.AppendUint64(h.buf, bits)
}

func (h *checksummer) metrics(covered int, splits ...Metrics) {
	for i := range splits {
		fields := splits[i].Fields()
		for _, n := range fields[:covered] {
			if n.Valid {
				h.float(n.V)
			} else {
				h.int(-2) // a NaN that float does not write
			}
		}
	}
	h.flush()
}

// setChecksum records the checksum of a run's result; "" for one that has none.
func (in *inserter) setChecksum(run int64, sum string) error {
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

// artifacts reads what a run's training has left beside its row, without weights.
func (db *DB) artifacts(ctx context.Context, r Run) (Result, error) {
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
	err = db.sql.QueryRowContext(ctx, `SELECT count(*) FROM run
		WHERE status IN ('done', 'diverged', 'pruned') AND checksum = ''`).Scan(&n)
	return n, fault(err)
}

// unreadable says whether an error is about rows that are not what was written,
// rather than about the disk or the caller.
func unreadable(ctx context.Context, err error) bool {
	code := resultCode(err)
	return err != nil && ctx.Err() == nil && (code == 0 || code == sqlite3.SQLITE_CORRUPT) && !errors.Is(err, ErrNotFound)
}
