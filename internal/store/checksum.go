package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"math"
	"strconv"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// coverage says how many metrics of a split, and measures of a layer, a checksum
// covers, whether it is one of the whole or has a part for each table, and what else it covers.
type coverage struct {
	metrics, measures int
	parts             bool
	repository        bool // the user's repository
}

// coverages has that of every version of checksums, from version 1 on. A new
// metric is a new version, so that what was written before stays as it is.
var coverages = []coverage{
	{metrics: 6, measures: 9},
	{metrics: 6, measures: 9, parts: true},
	{metrics: 6, measures: 9, parts: true, repository: true},
}

// part is what a run has left in one table.
type part int

const (
	rowPart part = iota
	epochPart
	layerPart
	outputPart
)

// checksum is the SHA-256 of all that a run's training has left, so that a byte
// that changes in the file is noticed, and whose it is: the run's row, epochs and
// layers in their order, and outputs. What its identity covers and the weights,
// which have digests of their own, are not part of it. After the first version
// "2 " or a later one stands before it, and then it is the first 64 bits for each
// of these parts, so that a reader of one can tell without the others.
func checksum(r Result) string { return checksumOf(len(coverages), r) }

// versionOf is the version of a checksum; 0 where there is no such one.
func versionOf(sum string) int {
	version := 1
	if before, _, ok := strings.Cut(sum, " "); ok {
		version, _ = strconv.Atoi(before)
	}
	if version < 1 || version > len(coverages) {
		return 0
	}
	return version
}

// unchanged says whether a result is the one that a checksum was taken of.
func unchanged(sum string, r Result) bool {
	version := versionOf(sum)
	return version > 0 && sum == checksumOf(version, r)
}

// unchangedPart says whether a part of a result is the one that a checksum was taken
// of. A checksum of the whole, and one that was not taken, tell nothing.
func unchangedPart(sum string, p part, r Result) bool {
	return newChecksummer().unchangedPart(sum, p, r)
}

func (h *checksummer) unchangedPart(sum string, p part, r Result) bool {
	version := versionOf(sum)
	if sum == "" || version > 0 && !coverages[version-1].parts {
		return true
	}
	if version == 0 {
		return false
	}
	_, parts, _ := strings.Cut(sum, " ")
	at := int(p) * partLength
	return len(parts) >= at+partLength && parts[at:at+partLength] == h.partSum(coverages[version-1], p, r)
}

// partLength is how many digits a part of a checksum has.
const partLength = 16

func (h *checksummer) partSum(covers coverage, p part, r Result) string {
	h.part(covers, p, r)
	return h.sum()[:partLength]
}

func checksumOf(version int, r Result) string {
	covers := coverages[version-1]
	h := newChecksummer()
	if !covers.parts {
		for p := rowPart; p <= outputPart; p++ {
			h.part(covers, p, r)
		}
		return h.sum()
	}
	sum := strconv.Itoa(version) + " "
	for p := rowPart; p <= outputPart; p++ {
		sum += h.partSum(covers, p, r)
	}
	return sum
}

// part adds what a result has in one table.
func (h *checksummer) part(covers coverage, p part, r Result) {
	switch p {
	case rowPart:
		h.row(covers, r)
	case epochPart:
		for i := range r.Epochs {
			e := &r.Epochs[i]
			h.int(e.Epoch)
			h.int(e.Steps)
			h.float(e.LR)
			h.float(e.Distance)
			h.float(e.Seconds)
			h.metrics(covers.metrics, &e.Train, &e.Valid, &e.Test)
		}
	case layerPart:
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
	case outputPart:
		for _, v := range r.Outputs {
			h.buf = binary.LittleEndian.AppendUint32(h.buf, math.Float32bits(v))
			h.flush()
		}
	}
}

// row adds the row of a run; that of the whole result counts the rows that follow it.
func (h *checksummer) row(covers coverage, r Result) {
	run := r.Run
	started, _ := encodeTime(run.Started).(string)
	finished, _ := encodeTime(run.Finished).(string)
	texts := []string{
		run.ID, string(run.Status), run.Reason, run.Stack, run.Digest,
		run.Version, run.Commit, run.Go, run.OS, run.CPU, run.Host, run.Kernel, started, finished,
	}
	if covers.repository {
		texts = append(texts, run.Repository.String())
	}
	for _, s := range texts {
		h.int(len(s))
		h.buf = append(h.buf, s...)
	}
	dirty := 0
	if run.Dirty {
		dirty = 1
	}
	counts := []int{dirty, run.Parameters, run.Epochs}
	if !covers.parts {
		counts = append(counts, len(r.Epochs), len(r.Layers), len(r.Outputs))
	}
	for _, n := range counts {
		h.int(n)
	}
	h.float(run.Seconds)
	h.metrics(covers.metrics, &run.Train, &run.Valid, &run.Test)
}

// checksummer collects what is hashed in pieces of some thousand bytes.
type checksummer struct {
	hash hash.Hash
	buf  []byte
}

func newChecksummer() *checksummer { return &checksummer{sha256.New(), make([]byte, 0, enough+512)} }

// sum is the checksum of all that was added, in hex, before it begins anew.
func (h *checksummer) sum() string {
	h.hash.Write(h.buf)
	sum := hex.EncodeToString(h.hash.Sum(h.buf[:0]))
	h.hash.Reset()
	h.buf = h.buf[:0]
	return sum
}

// enough is how many bytes are hashed together.
const enough = 4096

func (h *checksummer) flush() {
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

func (h *checksummer) metrics(covered int, splits ...*Metrics) {
	for _, m := range splits {
		fields := m.Fields()
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

// checksums gives those of the runs that have one, and that a further condition leaves.
func (db *DB) checksums(ctx context.Context, and string, args ...any) (map[string]string, error) {
	sums := map[string]string{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id, sum string
		err := rows.Scan(&id, &sum)
		sums[id] = sum
		return err
	}, `SELECT id, checksum FROM run WHERE checksum <> '' `+and, args...)
	return sums, err
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

// changed is ErrChanged for an error about rows that are not what was written; others stay.
func changed(ctx context.Context, err error) error {
	if unreadable(ctx, err) && !errors.Is(err, ErrChanged) {
		return fmt.Errorf("%w (%w)", ErrChanged, err)
	}
	return err
}
