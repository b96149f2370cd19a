package store

import (
	"context"

	"nightshift/internal/store/page"
)

// behind are epochs and layers of new runs, until they are written at the end of the transaction: behind all that are there, page by
// page. SQLite takes ten times as long to put them there row by row.
type behind struct {
	first  int64 // key of these; 0 for none
	epochs rowsBehind[Epoch]
	layers rowsBehind[Layer]
}

// plain says whether rows of epochs and layers are in their tables alone. Otherwise SQLite has to write them: it keeps indexes and
// triggers that somebody has added, and with auto_vacuum a list of where pages are referred to.
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
	root    int
	run     int64
	row     T
	values  []any // where run and row have the columns, in the table's order
	records [][]byte
	bytes   int    // of the records
	piece   []byte // in which the last of them stand
	writer  page.Writer
}

// add adds the rows of a run, in their order, whose key is greater than all before.
func (b *rowsBehind[T]) add(run int64, rows []T) {
	const piece = 1 << 16
	b.run = run
	for i := range rows {
		b.row = rows[i]
		for _, v := range b.values {
			write(&b.writer, v)
		}
		if len(b.piece)+piece/64 > cap(b.piece) {
			b.piece = make([]byte, 0, piece)
		}
		at := len(b.piece)
		b.piece = b.writer.Record(b.piece)
		b.bytes += len(b.piece) - at
		b.records = append(b.records, b.piece[at:len(b.piece):len(b.piece)])
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
func (b *behind) empty() bool { return b == nil || len(b.epochs.records)+len(b.layers.records) == 0 }

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
	if err := file.Append(b.epochs.root, b.epochs.records, put); err != nil {
		return err
	}
	return file.Append(b.layers.root, b.layers.records, put)
}
