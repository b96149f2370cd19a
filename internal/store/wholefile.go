package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"math"
	"strings"
	"sync"

	"nightshift/internal/store/page"
)

// sharedRows are what runs refer to by keys, of a database that is read by its pages alone.
type sharedRows struct {
	cells  map[int64]cellRow
	makers map[int64]Provenance
	runs   map[int64]runRow
	keys   []int64 // of all runs, in order
}

// cellRow is a cell, and whether it is not what was written.
type cellRow struct {
	id, label, data string
	config          json.RawMessage
	changed         bool
}

// runRow is what members of studies say of a run.
type runRow struct {
	id     string
	cell   int64
	status Status
}

// newestTables has the tables of a new database, with their columns and keys.
var newestTables = sync.OnceValues(func() (map[string]tableTree, error) {
	tables := map[string]tableTree{}
	return tables, newDatabase(func(ctx context.Context, fresh *DB) error {
		return fresh.read(ctx, func(rows *sql.Rows) error {
			var table, column string
			var t tableTree
			var key bool
			err := rows.Scan(&table, &column, &t.numbers, &key)
			t.columns, t.key = append(tables[table].columns, column), tables[table].key
			if key {
				t.key = column
			}
			tables[table] = t
			return err
		}, `SELECT m.name, c.name, NOT l.wr, c.pk AND NOT l.wr AND (SELECT sum(pk) FROM pragma_table_info(m.name)) = 1
			FROM sqlite_schema AS m JOIN pragma_table_list AS l ON l.name = m.name, pragma_table_info(m.name) AS c
			WHERE m.type = 'table' ORDER BY m.name, c.cid`)
	})
})

// wholeFile makes of the bytes of a file a database that is read by its pages alone: one of the newest schema, whose tables are
// as this version makes them, and that is as it should be where it is read.
func wholeFile(file []byte) (*tablePages, error) {
	const change, pageCount, encoding, version, application, counted, end = 24, 28, 56, 60, 68, 92, 100 // where the file says them
	if len(file) < end {
		return nil, errPages
	}
	number := func(at int) int { return int(binary.BigEndian.Uint32(file[at:])) }
	size := int(binary.BigEndian.Uint16(file[16:])) // 1 for 65536, which no database of ours has
	const utf8 = 1
	if number(application) != applicationID || number(version) != len(migrations) || number(encoding) != utf8 ||
		number(change) != number(counted) || size < 512 || number(pageCount)*size != len(file) {
		return nil, errPages
	}
	pages, err := page.Of(func(n int) ([]byte, error) {
		if n < 1 || n*size > len(file) {
			return nil, errPages
		}
		return file[(n-1)*size : n*size : n*size], nil
	})
	if err != nil {
		return nil, err
	}
	p := &tablePages{file: pages, whole: len(file)}
	if err := p.findTables(); err != nil {
		return nil, err
	}
	return p, p.readShared()
}

// findTables finds where the tables begin. The schema has to be the newest, with nothing that somebody has added: what else there
// is in it SQLite has to look at.
func (p *tablePages) findTables() error {
	want, err := newestSchema()
	if err != nil {
		return err
	}
	tables, err := newestTables()
	if err != nil {
		return err
	}
	const schemaColumns = `type, name, tbl_name, rootpage, sql`
	p.tables = map[string]tableTree{"sqlite_schema": {root: 1, columns: strings.Split(schemaColumns, ", "), numbers: true}}
	found, roots := map[string]tableTree{}, map[int]bool{}
	all, same := 0, 0
	var kind string
	var d definition
	var text sql.Null[string]
	var root int
	if err := p.all("sqlite_schema", schemaColumns, []any{&kind, &d.name, &d.of, &root, &text}, func() {
		all++
		name := d.name
		d.name, d.text = kind+" "+name, text.V
		stored := kind == "table" || kind == "index"
		if want[d.name] != d || stored != (root > 1) || stored && (roots[root] || !p.file.Tree(root)) {
			return
		}
		same++
		roots[root] = true
		if tree, ok := tables[name]; ok && kind == "table" {
			tree.root = root
			found[name] = tree
		}
	}); err != nil {
		return err
	}
	if p.tables = found; all != len(want) || same != all || len(found) != len(tables) {
		return errPages
	}
	return nil
}

// all is each for all rows.
func (p *tablePages) all(table, columns string, targets []any, do func()) error {
	return p.each(table, columns, math.MinInt64, math.MaxInt64, targets, do)
}

// empty says whether a table has no rows.
func (p *tablePages) empty(table string) bool {
	none := true
	err := p.all(table, p.tables[table].columns[0], []any{nil}, func() { none = false })
	return err == nil && none
}

// readShared reads what runs refer to, and which runs there are.
func (p *tablePages) readShared() error {
	s := &sharedRows{map[int64]cellRow{}, map[int64]Provenance{}, map[int64]runRow{}, nil}
	var key int64
	var c cellRow
	var config []byte
	var sum sql.Null[int64]
	if err := p.all("cell", `key, id, label, data, config, checksum`, []any{&key, &c.id, &c.label, &c.data, &config, &sum}, func() {
		c.config = bytes.Clone(config)
		c.changed = sum.Valid && sum.V != rowSum("cell", c.id, c.label, c.data, config)
		s.cells[key] = c
	}); err != nil {
		return err
	}
	var by Provenance
	makers := append([]any{&key}, makerTargets(&by)...)
	if err := p.all("maker", `key, `+makerColumns, makers, func() { s.makers[key] = by }); err != nil {
		return err
	}
	var r runRow
	if err := p.all("run", `key, id, cell, status`, []any{&key, &r.id, &r.cell, (*string)(&r.status)}, func() {
		s.runs[key] = r
		s.keys = append(s.keys, key)
	}); err != nil {
		return err
	}
	p.shared = s
	return nil
}

// alone says whether the database is read by its pages alone.
func (p *tablePages) alone() bool { return p != nil && p.shared != nil }

// rows gives the runs whose keys are from first to last.
func (p *tablePages) rows(first, last int64) (list []Run, known runKeys, err error) {
	var r Run
	var key, cell, maker, seedData, seedInit, seedOrder int64
	var started, finished sql.Null[string]
	var sum string
	targets := append([]any{&key, &cell, &maker, &seedData, &seedInit, &seedOrder, &started, &finished, &sum,
		&r.ID, (*string)(&r.Status), &r.Reason, &r.Stack, &r.Parameters, &r.Epochs, toFloat{&r.Seconds}, &r.Digest},
		metricTargets(&r.Train, &r.Valid, &r.Test)...)
	known = newRunKeys()
	var odd error
	err = p.each("run", `key, cell, maker, seed_data, seed_init, seed_order, started_at, finished_at, checksum, `+
		`id, status, reason, stack, parameters, epochs, seconds, digest, `+metricColumns, first, last, targets, func() {
		c, ok := p.shared.cells[cell]
		by, alsoOK := p.shared.makers[maker]
		if !ok || !alsoOK {
			odd = errPages
		}
		r.Cell, r.Label, r.Data, r.Config, r.Provenance = c.id, c.label, c.data, c.config, by
		r.SeedData, r.SeedInit, r.SeedOrder = uint64(seedData), uint64(seedInit), uint64(seedOrder)
		var err error
		if r.Started, err = decodeTime(started); err != nil {
			odd = err
		}
		if r.Finished, err = decodeTime(finished); err != nil {
			odd = err
		}
		list = append(list, r)
		known.add(key, r.ID, sum)
	})
	return list, known, cmp.Or(err, odd)
}

// outputs adds those of runs, given by their keys, that are from first to last.
func (p *tablePages) outputs(first, last int64, of map[int64]*artifacts) error {
	var key int64
	var logits []byte
	var odd error
	err := p.each("output", `run, logits`, first, last, []any{&key, &logits}, func() {
		a := of[key]
		if a == nil {
			return
		}
		var err error
		a.Outputs, err = decodeArray[float32](logits)
		odd = cmp.Or(odd, err)
	})
	return cmp.Or(err, odd)
}
