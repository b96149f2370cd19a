package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// inserter writes rows within one transaction. It keeps its prepared statements
// and the keys of what many rows share.
type inserter struct {
	ctx    context.Context
	tx     *sql.Tx
	on     preparer             // the transaction, or the connection that it is on
	stmts  map[string]*sql.Stmt // that on has prepared
	cells  map[cell]int64
	makers map[Provenance]int64
	places map[place]int64  // nil until they are read
	added  map[string]int64 // runs that were taken over, by their identities
}

// cell and place are rows of the tables of these names.
type (
	cell  struct{ id, label, data, config string }
	place struct{ label, axes string }
)

// preparer prepares statements, which are closed with it.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// newInserter writes by statements that end with the transaction.
func newInserter(ctx context.Context, tx *sql.Tx) *inserter {
	return newInserterOn(ctx, tx, tx, map[string]*sql.Stmt{})
}

func newInserterOn(ctx context.Context, tx *sql.Tx, on preparer, stmts map[string]*sql.Stmt) *inserter {
	return &inserter{ctx, tx, on, stmts, map[cell]int64{}, map[Provenance]int64{}, nil, map[string]int64{}}
}

func (in *inserter) stmt(query string) (*sql.Stmt, error) {
	if s, ok := in.stmts[query]; ok {
		return s, nil
	}
	s, err := in.on.PrepareContext(in.ctx, query)
	if err == nil {
		in.stmts[query] = s
	}
	return s, err
}

func (in *inserter) exec(query string, values ...any) error {
	_, err := in.wrote(query, values)
	return err
}

// insert returns the key of the new row.
func (in *inserter) insert(query string, values ...any) (int64, error) {
	r, err := in.wrote(query, values)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// wrote says what a statement that writes has done.
func (in *inserter) wrote(query string, values []any) (sql.Result, error) {
	s, err := in.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(in.ctx, values...)
}

// find returns the one integer that the query selects, and whether there is one.
func (in *inserter) find(query string, values ...any) (key int64, ok bool, err error) {
	s, err := in.stmt(query)
	if err != nil {
		return 0, false, err
	}
	err = s.QueryRowContext(in.ctx, values...).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return key, err == nil, err
}

// runKey gives the key of a run, after inserting it as pending if it is new.
func (in *inserter) runKey(r Run) (int64, error) {
	key, ok, err := in.find(`SELECT key FROM run WHERE id = ?`, r.ID)
	if ok || err != nil {
		return key, err
	}
	row, err := in.planned(nil, r)
	if err != nil {
		return 0, err
	}
	return in.insert(`INSERT INTO run (`+planColumns+`) VALUES `+marks(len(row)), row...)
}

const planColumns = `key, id, seed_data, seed_init, seed_order, cell, maker, parameters, status, reason, stack, epochs, seconds`

// planned gives the values of planColumns for a run that waits to be trained.
func (in *inserter) planned(key any, r Run) ([]any, error) {
	cell, err := in.cellKey(r)
	if err != nil {
		return nil, err
	}
	maker, err := in.makerKey(r.Provenance)
	if err != nil {
		return nil, err
	}
	return []any{
		key, r.ID, int64(r.SeedData), int64(r.SeedInit), int64(r.SeedOrder), cell, maker, r.Parameters,
		string(Pending), "", "", 0, 0.0,
	}, nil
}

func (in *inserter) cellKey(r Run) (int64, error) {
	c := cell{r.Cell, r.Label, r.Data, string(r.Config)}
	if key, ok := in.cells[c]; ok {
		return key, nil
	}
	key, ok, err := in.find(`SELECT key FROM cell WHERE id = ? AND label = ? AND data = ? AND config = ?`,
		c.id, c.label, c.data, c.config)
	if !ok && err == nil {
		key, err = in.insert(`INSERT INTO cell (id, label, data, config, checksum) VALUES (?,?,?,?,?)`,
			c.id, c.label, c.data, c.config, rowSum("cell", c.id, c.label, c.data, c.config))
	}
	in.cells[c] = key
	return key, err
}

// makerColumns are the columns of a Provenance, in the order of makerTargets.
const makerColumns = `version, "commit", dirty, go, os, cpu, host, kernel, repository, repository_commit, repository_dirty`

func makerTargets(p *Provenance) []any {
	r := &p.Repository
	return []any{&p.Version, &p.Commit, &p.Dirty, &p.Go, &p.OS, &p.CPU, &p.Host, &p.Kernel, &r.Remote, &r.Commit, &r.Dirty}
}

func (in *inserter) makerKey(p Provenance) (int64, error) {
	if key, ok := in.makers[p]; ok {
		return key, nil
	}
	r := p.Repository
	values := []any{p.Version, p.Commit, p.Dirty, p.Go, p.OS, p.CPU, p.Host, p.Kernel, r.Remote, r.Commit, r.Dirty}
	key, ok, err := in.find(`SELECT key FROM maker WHERE (`+makerColumns+`) = `+marks(len(values)), values...)
	if !ok && err == nil {
		key, err = in.insert(`INSERT INTO maker (`+makerColumns+`) VALUES `+marks(len(values)), values...)
	}
	in.makers[p] = key
	return key, err
}

// batch inserts rows many at a time: three times as fast as one by one.
type batch struct {
	in     *inserter
	or     string // "" or OR REPLACE
	into   string // table and columns
	width  int
	values []any
}

const batchRows = 32 // a power of two

func (b *batch) add(row ...any) error {
	b.width = len(row)
	b.values = append(b.values, row...)
	if len(b.values) < batchRows*b.width {
		return nil
	}
	return b.flush()
}

// flush inserts the rows, as many at a time as powers of two say, so that few statements are prepared for any number of them.
func (b *batch) flush() error {
	values, rows := b.values, batchRows
	for len(values) > 0 {
		for rows*b.width > len(values) {
			rows /= 2
		}
		all := strings.Repeat(marks(b.width)+",", rows-1) + marks(b.width)
		if err := b.in.exec(`INSERT `+b.or+` INTO `+b.into+` VALUES `+all, values[:rows*b.width]...); err != nil {
			return fmt.Errorf("%s: %w", strings.Fields(b.into)[0], err)
		}
		values = values[rows*b.width:]
	}
	b.values = b.values[:0]
	return nil
}

// marks gives n placeholders in parentheses.
func marks(n int) string { return "(" + strings.Repeat("?,", n-1) + "?)" }
