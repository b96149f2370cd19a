package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"strings"
)

// summed is a table whose rows have checksums. A column that a later schema adds
// is covered from the next version of checksums on, which rowSum names.
type summed struct {
	table, columns, from string // what is covered: columns of a join that has the table's key and checksum
	what                 string // a row of it, for people: %s is its first column
}

// summedTables lists them all but member and version, which are looked at by themselves.
var summedTables = []summed{
	{"cell", `t.id, t.label, t.data, t.config`, `cell AS t`, "configuration of cell %.12s"},
	{"place", `t.label, t.axes`, `place AS t`, "place of cell %s on the axes"},
	{"study", `t.study, t.question, t.yaml, t."select", t."set", t.at`, `study AS t`, "study %s"},
	{"night", `study.study, t.started_at, t.finished_at, t.workers, t.trained, t.forecast, t.low, t.high, t.seconds`,
		`night AS t JOIN study ON study.key = t.study`, "a night of study %s"},
	{"dataset", `t.id, t.spec, t.regression, t.inputs, t.outputs, t.classes, t.warnings, t.noise_variance,
		t.test_labels, t.test_targets, t.test_truth`, `dataset AS t`, "data set %.24s"},
	{"conflict", `run.id, t.bits, t.status, t.reason, t.stack, t.parameters, t.epochs, t.seconds, t.started_at, t.finished_at,
		t.digest, maker.version, maker."commit", maker.dirty, maker.go, maker.os, maker.cpu, maker.host, maker.kernel, ` +
		"t." + strings.Join(metricNames(), ", t."),
		`conflict AS t JOIN run ON run.key = t.run JOIN maker ON maker.key = t.maker`, "the other result of run %.12s"},
	{"remark", `coalesce(study.study, ''), coalesce(run.id, ''), t.kind, t.text, t.at`,
		`remark AS t LEFT JOIN study ON study.key = t.study LEFT JOIN run ON run.key = t.run`,
		"a note or tag (of study %q, if it is one of a study)"},
}

// rowSum is the checksum of a row of a table, given the values that it covers: the
// first 64 bits of a SHA-256.
func rowSum(table string, values ...any) int64 {
	const version = 1
	b := fmt.Appendln(make([]byte, 0, 512), table, version)
	write := func(kind byte, n uint64) { b = binary.LittleEndian.AppendUint64(append(b, kind), n) }
	for _, value := range values {
		switch v := value.(type) {
		case nil:
			write('0', 0)
		case bool:
			n := uint64(0)
			if v {
				n = 1
			}
			write('i', n)
		case int:
			write('i', uint64(v))
		case int64:
			write('i', uint64(v))
		case float64:
			write('f', math.Float64bits(v+0))
		case string:
			write('t', uint64(len(v)))
			b = append(b, v...)
		case []byte:
			write('t', uint64(len(v)))
			b = append(b, v...)
		}
	}
	sum := sha256.Sum256(b)
	return int64(binary.LittleEndian.Uint64(sum[:]))
}

// memberSum is the checksum of a row of member.
func memberSum(run string, position int64, label, axes string) int64 {
	return rowSum("member", run, position, label, axes)
}

// sumOf is the checksum of the members of a version: the sum of theirs.
func sumOf(have map[int64]memberRow, more []memberRow) int64 {
	sum := int64(0)
	all := make(map[int64]memberRow, len(have)+len(more))
	maps.Copy(all, have)
	for _, m := range more {
		all[m.run] = m
	}
	for _, m := range all {
		sum += m.sum
	}
	return sum
}

// takeSums gives all rows that have no checksum theirs.
func (in *inserter) takeSums() error {
	for _, s := range summedTables {
		missing := map[int64]int64{}
		if err := s.rows(in.ctx, in.tx, `WHERE t.checksum IS NULL`, func(key int64, _ sql.Null[int64], now int64, _ []any) {
			missing[key] = now
		}); err != nil {
			return err
		}
		for key, sum := range missing {
			if err := in.exec(`UPDATE `+s.table+` SET checksum = ? WHERE key = ?`, sum, key); err != nil {
				return err
			}
		}
	}
	return in.takeMemberSums()
}

// takeMemberSums is takeSums for the members of versions.
func (in *inserter) takeMemberSums() error {
	type row struct{ version, run, sum int64 }
	var all []row
	rows, err := in.tx.QueryContext(in.ctx, `SELECT m.version, m.run, run.id, m.position, place.label, place.axes
		FROM member AS m JOIN run ON run.key = m.run JOIN place ON place.key = m.place WHERE m.checksum IS NULL`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		var id, label, axes string
		var position int64
		if err := rows.Scan(&r.version, &r.run, &id, &position, &label, &axes); err != nil {
			return err
		}
		r.sum = memberSum(id, position, label, axes)
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, r := range all {
		if err := in.exec(`UPDATE member SET checksum = ? WHERE version = ? AND run = ?`, r.sum, r.version, r.run); err != nil {
			return err
		}
	}
	return in.sumMembers()
}

// sumMembers takes the checksums of the members of those versions that have none.
func (in *inserter) sumMembers() error {
	rows, err := in.tx.QueryContext(in.ctx, `SELECT v.key, m.checksum FROM version AS v LEFT JOIN member AS m ON m.version = v.key
		WHERE v.members IS NULL`)
	if err != nil {
		return err
	}
	defer rows.Close()
	sums := map[int64]int64{}
	for rows.Next() {
		var version int64
		var sum sql.Null[int64]
		if err := rows.Scan(&version, &sum); err != nil {
			return err
		}
		sums[version] += sum.V
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for version, sum := range sums {
		if err := in.exec(`UPDATE version SET members = ? WHERE key = ?`, sum, version); err != nil {
			return err
		}
	}
	return nil
}

// queryer is a database or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// rows calls f for the rows of the table that a condition leaves, with the checksum that
// each has, the one that its values have now, and these.
func (s summed) rows(ctx context.Context, q queryer, where string,
	f func(key int64, had sql.Null[int64], now int64, values []any), args ...any) error {
	rows, err := q.QueryContext(ctx, `SELECT t.key, t.checksum, `+s.columns+` FROM `+s.from+` `+where, args...)
	if err != nil {
		return fmt.Errorf("reading the database: %w", fault(err))
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, targets := make([]any, len(columns)-2), make([]any, len(columns))
	var key int64
	var had sql.Null[int64]
	targets[0], targets[1] = &key, &had
	for i := range values {
		targets[i+2] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("reading the database: %w", fault(err))
		}
		f(key, had, rowSum(s.table, values...), values)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the database: %w", fault(err))
	}
	return nil
}
