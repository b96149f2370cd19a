package store

import (
	"context"

	"nightshift/internal/store/page"
)

// behind are epochs and layers of new runs, until they are written at the end of the transaction: behind all that are there,
// page by page. SQLite takes ten times as long to put them there row by row.
type behind struct {
	first  int64 // key of these; 0 for none
	epochs rowsBehind[Epoch]
	layers rowsBehind[Layer]
}

// plain says whether rows of epochs and layers are in their tables alone. Otherwise SQLite has to write them: it keeps indexes
// and triggers that somebody has added, and with auto_vacuum a list of where pages are referred to.
func (db *DB) plain(ctx context.Context) (bool, error) {
	var more, vacuum int
	err := db.queryer().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM sqlite_schema WHERE tbl_name IN (`+pagedTables+`)
		AND type != 'table' AND sql IS NOT NULL), auto_vacuum FROM pragma_auto_vacuum`).Scan(&more, &vacuum)
	return more+vacuum == 0, err
}

// newBehind begins with nothing for a database, given where its tables begin.
func newBehind(trees map[string]tableTree) *behind {
	b := &behind{epochs: rowsBehind[Epoch]{root: trees["epoch"].root}, layers: rowsBehind[Layer]{root: trees["layer"].root}}
	e, l := &b.epochs, &b.layers
	e.values = trees["epoch"].inOrder("run, "+epochColumns, append([]any{&e.run}, epochTargets(&e.row)...))
	l.values = trees["layer"].inOrder("run, epoch, layer, "+layerColumns, append([]any{&l.run}, layerTargets(&l.row)...))
	return b
}

// rowsBehind are those of a table, as records.
type rowsBehind[T any] struct {
	root   int
	run    int64
	row    T
	values []any // where run and row have the columns, in the table's order
	runs   []runRecords
	bytes  int // of the records
	writer page.Writer
}

// runRecords are the records of a run, one behind the other, and where they end: few pointers, which garbage is told by.
type runRecords struct {
	records []byte
	ends    []int32
}

// add adds the rows of a run, in their order, whose key is greater than all before.
func (b *rowsBehind[T]) add(run int64, rows []T) {
	if len(rows) == 0 {
		return
	}
	r := runRecords{make([]byte, 0, 8*len(b.values)*len(rows)), make([]int32, 0, len(rows))}
	b.run = run
	for i := range rows {
		b.row = rows[i]
		for _, v := range b.values {
			write(&b.writer, v)
		}
		r.records = b.writer.Record(r.records)
		r.ends = append(r.ends, int32(len(r.records)))
	}
	b.runs = append(b.runs, r)
	b.bytes += len(r.records)
}

// all are the records.
func (b *rowsBehind[T]) all(yield func([]byte) bool) {
	for _, r := range b.runs {
		at := int32(0)
		for _, end := range r.ends {
			if !yield(r.records[at:end:end]) {
				return
			}
			at = end
		}
	}
}

// from notes that the runs from a key on are new.
func (b *behind) from(key int64) {
	if b.first == 0 {
		b.first = key
	}
}

// has says whether the run of a key is among those whose rows wait here.
func (b *behind) has(run int64) bool { return b != nil && b.first > 0 && run >= b.first }

// empty says whether there is nothing to write.
func (b *behind) empty() bool { return b.bytes() == 0 }

// bytes is how many the rows have.
func (b *behind) bytes() int {
	if b == nil {
		return 0
	}
	return b.epochs.bytes + b.layers.bytes
}

// write writes the rows, within the transaction that the database is used in.
func (b *behind) write(ctx context.Context, db *DB) error {
	file, err := db.pageFile(ctx, nil, 1)
	if err != nil {
		return err
	}
	put := func(n int, content []byte) error {
		return db.in.exec(`INSERT INTO sqlite_dbpage (pgno, data) VALUES (?, ?)`, n, content)
	}
	if err := file.Append(b.epochs.root, b.epochs.all, put); err != nil {
		return err
	}
	return file.Append(b.layers.root, b.layers.all, put)
}
