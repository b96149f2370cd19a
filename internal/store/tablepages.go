package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/store/page"
)

// tablePages reads rows of tables from their pages, which takes a tenth of the time that statements take: these give value by
// value. A page comes by SQLite, so it is that of the log where this has it.
type tablePages struct {
	file   *page.File
	tables map[string]tableTree
	shared *sharedRows // nil where only epochs and layers are read by pages
	whole  int         // bytes of the file that are in memory
}

// tableTree is where a table begins, and its columns in the order of its rows.
type tableTree struct {
	root    int
	columns []string
	numbers bool   // rows have numbers: the table is not WITHOUT ROWID
	key     string // the column that these stand for; "" for none
}

// pagedTables are those that are read by pages. Their rows begin with the key of a run, and are in the order of these.
const pagedTables = `'epoch', 'layer'`

var errPages = errors.New("the pages of a table are not as they should be")

// tableTrees finds where tables begin.
func (db *DB) tableTrees(ctx context.Context) (map[string]tableTree, error) {
	trees := map[string]tableTree{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var table, column string
		var root int
		err := rows.Scan(&table, &root, &column)
		trees[table] = tableTree{root: root, columns: append(trees[table].columns, column)}
		return err
	}, `SELECT m.name, m.rootpage, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c
		WHERE m.type = 'table' AND m.name IN (`+pagedTables+`) ORDER BY m.name, c.cid`)
	return trees, err
}

// inOrder orders what belongs to columns, which a list names, as the columns of the table are: nil for those that are not named.
func (t tableTree) inOrder(columns string, list []any) []any {
	of := map[string]any{}
	for i, name := range strings.Split(columns, ", ") {
		of[strings.Trim(name, `"`)] = list[i]
	}
	inOrder := make([]any, len(t.columns))
	for i, name := range t.columns {
		inOrder[i] = of[name]
	}
	return inOrder
}

// readPages finds where tables begin in the database, and reads it by its pages from then on. One that is small, and that is not
// being written to here, is read in one piece: as long as it stays as it is.
func (db *DB) readPages(ctx context.Context) (p *tablePages, err error) {
	p = &tablePages{}
	if p.tables, err = db.tableTrees(ctx); err != nil {
		return nil, err
	}
	var whole []byte
	size := 1
	if db.in == nil {
		if whole, size, err = db.allPages(ctx); err != nil {
			return nil, err
		}
	}
	p.whole = len(whole)
	p.file, err = db.pageFile(ctx, whole, size)
	return p, err
}

const selectPage = `SELECT data FROM sqlite_dbpage WHERE pgno = ?`

// pageFile is the database as pages of a size; those that are known already are not asked for.
func (db *DB) pageFile(ctx context.Context, known []byte, size int) (*page.File, error) {
	one, err := db.prepare(ctx, selectPage)
	if err != nil {
		return nil, err
	}
	return page.Of(func(n int) (data []byte, err error) {
		if n > 0 && n*size <= len(known) {
			return known[(n-1)*size : n*size], nil
		}
		err = one.QueryRowContext(ctx, n).Scan(&data)
		return data, err
	})
}

// maxWhole is how large a database is read in one piece at most.
const maxWhole = 16 << 20

// allPages gives all pages of a small database, which are read together in a fraction of the time, and their size.
func (db *DB) allPages(ctx context.Context) (pages []byte, size int, err error) {
	var count int
	if err := db.sql.QueryRowContext(ctx, `SELECT page_count, page_size FROM pragma_page_count, pragma_page_size`).
		Scan(&count, &size); err != nil || count*size > maxWhole {
		return nil, size, err
	}
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return nil, size, err
	}
	err = conn.Raw(func(driver any) (err error) {
		if c, ok := driver.(interface{ Serialize() ([]byte, error) }); ok {
			pages, err = c.Serialize()
		}
		return err
	})
	return pages, size, errors.Join(err, conn.Close())
}

// each calls do for the rows of a table whose keys, or those of their runs, are from first to last, after the values of columns,
// which a list names, were put where targets say: as Scan does, but bytes are those of the page.
func (p *tablePages) each(table, columns string, first, last int64, targets []any, do func()) error {
	tree, ok := p.tables[table]
	if !ok {
		return errPages
	}
	inOrder := tree.inOrder(columns, targets)
	row := func(r page.Record) error {
		for _, target := range inOrder {
			if !scanNext(target, &r) {
				return errPages
			}
		}
		if v, ok := r.Next(); !ok || v.Kind != page.None {
			return errPages
		}
		do()
		return nil
	}
	if !tree.numbers {
		return p.file.Range(tree.root, first, last, row)
	}
	var key *int64
	if at := slices.Index(tree.columns, tree.key); at >= 0 {
		key, _ = inOrder[at].(*int64)
		inOrder[at] = nil
	}
	return p.file.Rows(tree.root, first, last, func(id int64, r page.Record) error {
		if key != nil {
			*key = id
		}
		return row(r)
	})
}

// scanNext puts the next value of a row where a target says: most are floats.
func scanNext(target any, r *page.Record) bool {
	switch to := target.(type) {
	case toFloat:
		if v, ok := r.Float(); ok {
			*to.float64 = v
			return true
		}
	case toNumber:
		if v, ok := r.Float(); ok {
			*to.Number = Number{V: v, Valid: true}
			return true
		}
	}
	v, ok := r.Next()
	return ok && scanValue(target, v)
}

// scanValue puts a value where a target says, as SQLite and Scan would; false where it is of another kind.
func scanValue(target any, v page.Value) bool {
	switch to := target.(type) {
	case nil: // a column that nobody asks for
		return true
	case *int:
		*to = int(v.Integer)
		return v.Kind == page.Integer
	case *int64:
		*to = v.Integer
		return v.Kind == page.Integer
	case *bool:
		*to = v.Integer != 0
		return v.Kind == page.Integer
	case *string:
		*to = string(v.Bytes)
		return v.Kind == page.Text
	case *[]byte:
		*to = v.Bytes
		return v.Kind == page.Text || v.Kind == page.Blob || v.Kind == page.Null
	case *sql.Null[string]:
		*to = sql.Null[string]{V: string(v.Bytes), Valid: v.Kind == page.Text}
		return to.Valid || v.Kind == page.Null
	case *sql.Null[int64]:
		*to = sql.Null[int64]{V: v.Integer, Valid: v.Kind == page.Integer}
		return to.Valid || v.Kind == page.Null
	case toFloat:
		return scanFloat(to.float64, v)
	case toNumber:
		*to.Number = Number{Valid: v.Kind != page.Null && v.Kind != page.None}
		return !to.Valid || scanFloat(&to.V, v)
	}
	return false
}

func scanFloat(to *float64, v page.Value) bool {
	switch v.Kind {
	case page.Float:
		*to = v.Float
	case page.Integer: // how SQLite stores a whole number
		*to = float64(v.Integer)
	case page.Text:
		*to = math.NaN()
		return string(v.Bytes) == "NaN"
	default:
		return false
	}
	return true
}

// write adds the value that a target of scanValue has to a row.
func write(w *page.Writer, target any) {
	switch of := target.(type) {
	case *int:
		w.Integer(int64(*of))
	case *int64:
		w.Integer(*of)
	case toFloat:
		writeFloat(w, *of.float64)
	case toNumber:
		if !of.Valid {
			w.Null()
			return
		}
		writeFloat(w, of.V)
	default:
		w.Null()
	}
}

func writeFloat(w *page.Writer, v float64) {
	if v != v {
		w.Text("NaN")
		return
	}
	w.Float(v)
}

// stamp is a number that changes when another connection has written to the database. It means something to the
// connection that it was asked of, so the database has to have a single one.
func (db *DB) stamp(ctx context.Context) (n int64, err error) {
	if err := db.queryer().QueryRowContext(ctx, `PRAGMA data_version`).Scan(&n); err != nil {
		return 0, fmt.Errorf("reading the database: %w", fault(err))
	}
	return n, nil
}
