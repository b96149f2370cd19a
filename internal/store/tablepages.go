package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"

	"nightshift/internal/store/page"
)

// tablePages reads rows of tables from their pages, which takes a tenth of the time that statements take: these give value by value.
// A page comes by SQLite, so it is that of the log where this has it.
type tablePages struct {
	file   *page.File
	tables map[string]tableTree
}

// tableTree is where a table begins, and its columns in the order of its rows.
type tableTree struct {
	root    int
	columns []string
}

// pagedTables are those that are read by pages. Their rows begin with the key of a run, and are in the order of these.
const pagedTables = `'epoch', 'layer'`

var errPages = errors.New("the pages of a table are not as they should be")

// readPages finds where tables begin.
func (db *DB) readPages(ctx context.Context) (*tablePages, error) {
	p := &tablePages{tables: map[string]tableTree{}}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var table, column string
		var root int
		err := rows.Scan(&table, &root, &column)
		p.tables[table] = tableTree{root, append(p.tables[table].columns, column)}
		return err
	}, `SELECT m.name, m.rootpage, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c
		WHERE m.type = 'table' AND m.name IN (`+pagedTables+`) ORDER BY m.name, c.cid`)
	if err != nil {
		return nil, err
	}
	whole, size, err := db.image(ctx)
	if err != nil {
		return nil, err
	}
	one, err := db.sql.PrepareContext(ctx, `SELECT data FROM sqlite_dbpage WHERE pgno = ?`)
	if err != nil {
		return nil, err
	}
	p.file, err = page.Of(func(n int) (data []byte, err error) {
		if n > 0 && n*size <= len(whole) {
			return whole[(n-1)*size : n*size], nil
		}
		err = one.QueryRowContext(ctx, n).Scan(&data)
		return data, err
	})
	return p, err
}

// image gives all pages of a small database, which are read together in a fraction of the time, and their size.
func (db *DB) image(ctx context.Context) (pages []byte, size int, err error) {
	const most = 16 << 20
	var count int
	if err := db.sql.QueryRowContext(ctx, `SELECT page_count, page_size FROM pragma_page_count, pragma_page_size`).
		Scan(&count, &size); err != nil || count*size > most {
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

// each calls do for the rows of the runs whose keys are from first to last, after the values of columns, which a list
// names, were put where targets say: the run, then numbers.
func (p *tablePages) each(table, columns string, first, last int64, targets []any, do func()) error {
	tree, ok := p.tables[table]
	if !ok {
		return errPages
	}
	into := map[string]any{}
	for i, name := range strings.Split(columns, ", ") {
		into[strings.Trim(name, `"`)] = targets[i]
	}
	inOrder := make([]any, len(tree.columns))
	for i, name := range tree.columns {
		inOrder[i] = into[name]
	}
	return p.file.Range(tree.root, first, last, func(r page.Record) error {
		for _, target := range inOrder {
			v, ok := r.Next()
			if !ok || !scanValue(target, v) {
				return errPages
			}
		}
		if v, ok := r.Next(); !ok || v.Kind != page.None {
			return errPages
		}
		do()
		return nil
	})
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

// stamp is a number that changes when another connection has written to the database. It means something to the
// connection that it was asked of, so the database has to have a single one.
func (db *DB) stamp(ctx context.Context) (n int64, err error) {
	if err := db.sql.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&n); err != nil {
		return 0, fmt.Errorf("reading the database: %w", fault(err))
	}
	return n, nil
}
