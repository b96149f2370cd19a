package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"nightshift/internal/store/page"
)

// Rescued says what Rescue found in a damaged file.
type Rescued struct {
	Rows  int   // that could be read
	Empty []int // pages that are nothing but zeros
	Bad   []int // pages of which not all could be read
}

// Rescue makes a new database of all rows that can be read of a file, however
// damaged that is, with what is in its log; the file is only read. Neither the rows
// nor what they need are looked at: Check and Repair say what of them is whole. A
// file at to that exists is fs.ErrExist, and one without a row of ours ErrNotDatabase.
func Rescue(ctx context.Context, from, to string) (Rescued, error) {
	var r Rescued
	f, err := page.Open(from)
	if err != nil {
		return r, fmt.Errorf("rescue: %w", err)
	}
	defer f.Close()
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("rescue into %s: %w", to, fs.ErrExist)
	}
	if err := create(to); err != nil {
		return r, err
	}
	// Rows come in any order, and some of what they refer to may be lost.
	db, err := connect(to, "_pragma=foreign_keys(0)&_txlock=immediate")
	if err != nil {
		return r, err
	}
	db.sql.SetMaxOpenConns(1)
	err = r.fill(ctx, db, f)
	if err == nil && r.Rows == 0 {
		err = fmt.Errorf("rescue: %s: %w: no row of ours can be read of it", from, ErrNotDatabase)
	}
	err = errors.Join(err, db.Close())
	if err != nil {
		err = errors.Join(err, removeFile(to))
	}
	return r, err
}

// removeFile removes a database that came to nothing, with what SQLite has put beside it.
func removeFile(path string) error {
	var all error
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + end); !errors.Is(err, fs.ErrNotExist) {
			all = errors.Join(all, err)
		}
	}
	return all
}

// fill makes the tables as the file had them, puts its rows into them, and brings
// them up to date.
func (r *Rescued) fill(ctx context.Context, db *DB, f *page.File) error {
	version, ok := f.Version()
	if !ok || version < 1 || version > len(migrations) {
		version = len(migrations)
	}
	err := db.write(ctx, func(tx *sql.Tx) error {
		var shapes []shape
		for v := range version {
			if err := migrateTo(ctx, tx, v, v+1); err != nil {
				return err
			}
			var err error
			if shapes, err = readShapes(ctx, tx, shapes); err != nil {
				return err
			}
		}
		triggers, err := dropTriggers(ctx, tx)
		if err != nil {
			return err
		}
		in := newInserter(ctx, tx)
		if r.Empty, err = f.Pages(func(p page.Page) error { return r.page(in, shapes, p) }); err != nil {
			return err
		}
		for _, trigger := range triggers {
			if _, err := tx.ExecContext(ctx, trigger); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("rescue: %w", err)
	}
	if err := db.migrate(ctx); err != nil {
		return fmt.Errorf("rescue: %w", err)
	}
	return nil
}

// page puts the rows of a page into their table. Of a page of which it is not known
// what it belongs to this is the one that all of its rows fit.
func (r *Rescued) page(in *inserter, shapes []shape, p page.Page) error {
	bad := !p.Whole
	for _, s := range shapes {
		if p.Table != s.table && (p.Table != "" || !s.fitsAll(p.Rows)) {
			continue
		}
		for _, row := range p.Rows {
			if !s.fits(row) {
				bad = true
				continue
			}
			if err := in.exec(s.insert(len(row.Values)), s.values(row)...); err != nil {
				return err
			}
			r.Rows++
		}
		break
	}
	if bad {
		r.Bad = append(r.Bad, p.Number)
	}
	return nil
}

// shape is what rows of a table look like.
type shape struct {
	table   string
	columns []shapeColumn
	lengths []int  // how many of them rows may have: as many as there were when they were written
	rowid   bool   // the table has one
	text    string // that makes it
}

type shapeColumn struct {
	name, kind string
	notNull    bool
	isRowid    bool
}

// lost are the tables whose rows mean nothing any more: what processes were at.
var lost = []string{"owner", "claim"}

// readShapes gives the tables of a database, those with the most columns first,
// given those before its last migration.
func readShapes(ctx context.Context, tx *sql.Tx, before []shape) ([]shape, error) {
	rows, err := tx.QueryContext(ctx, `SELECT m.name, m.sql, m.sql LIKE '%WITHOUT ROWID%', c.name, c.type, c."notnull", c.pk,
			(SELECT count(*) FROM pragma_table_info(m.name) WHERE pk > 0)
		FROM sqlite_schema AS m, pragma_table_info(m.name) AS c
		WHERE m.type = 'table' AND m.name NOT IN ('`+strings.Join(lost, `', '`)+`')
		ORDER BY (SELECT count(*) FROM pragma_table_info(m.name)) DESC, m.name DESC, c.cid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []shape
	for rows.Next() {
		var table, text string
		var without bool
		var c shapeColumn
		var pk, keys int
		if err := rows.Scan(&table, &text, &without, &c.name, &c.kind, &c.notNull, &pk, &keys); err != nil {
			return nil, err
		}
		c.isRowid = !without && pk == 1 && keys == 1 && c.kind == "INTEGER"
		if len(all) == 0 || all[len(all)-1].table != table {
			all = append(all, shape{table: table, rowid: !without, text: text})
		}
		s := &all[len(all)-1]
		s.columns = append(s.columns, c)
	}
	for i := range all {
		all[i].remember(before)
	}
	return all, rows.Err()
}

// remember notes how many columns rows have. A migration that adds columns leaves the
// rows that are there; one that makes the table anew does not.
func (s *shape) remember(before []shape) {
	for _, b := range before {
		grown, _, _ := strings.Cut(b.text, "\n)")
		if b.table == s.table && strings.HasPrefix(s.text, grown) {
			s.lengths = append(s.lengths, b.lengths...)
		}
	}
	if !slices.Contains(s.lengths, len(s.columns)) {
		s.lengths = append(s.lengths, len(s.columns))
	}
}

// fits says whether a row can be one of the table.
func (s shape) fits(r page.Row) bool {
	if r.Index == s.rowid || !slices.Contains(s.lengths, len(r.Values)) {
		return false
	}
	for i, v := range r.Values {
		c := s.columns[i]
		ok := false
		switch v := v.(type) {
		case nil:
			ok = !c.notNull || c.isRowid
		case int64:
			ok = c.kind == "INTEGER" || c.kind == "REAL"
		case float64:
			ok = c.kind == "REAL"
		case string:
			ok = c.kind == "TEXT" || c.kind == "REAL" && v == "NaN"
		case []byte:
			ok = c.kind == "BLOB"
		}
		if !ok {
			return false
		}
	}
	return true
}

func (s shape) fitsAll(rows []page.Row) bool {
	for _, r := range rows {
		if !s.fits(r) {
			return false
		}
	}
	return len(rows) > 0
}

// insert is the statement that adds a row with the first n columns, unless its key is there.
func (s shape) insert(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = `"` + s.columns[i].name + `"`
	}
	return `INSERT OR IGNORE INTO ` + s.table + ` (` + strings.Join(names, ", ") + `) VALUES ` + marks(n)
}

func (s shape) values(r page.Row) []any {
	list := append([]any{}, r.Values...)
	for i := range list {
		if s.columns[i].isRowid {
			list[i] = r.ID
		}
	}
	return list
}

// dropTriggers removes those of the tables, and gives what makes them again.
func dropTriggers(ctx context.Context, tx *sql.Tx) (statements []string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		names, statements = append(names, name), append(statements, text)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, err := tx.ExecContext(ctx, `DROP TRIGGER `+name); err != nil {
			return nil, err
		}
	}
	return statements, nil
}
