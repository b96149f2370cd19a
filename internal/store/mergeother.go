package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// other is a database that is merged into another one, as far as it is read ahead.
type other struct {
	*DB                 // nil where it cannot be opened
	file       *os.File // that it is read from, by pages alone; nil for statements
	path       string
	sets       []runSet                  // of the runs that are merged
	badRemarks int                       // notes and tags that are not what was written
	badCells   map[string]bool           // runs of cells that are not what was written
	first      map[string][]candidate    // of the first set
	stamp      int64                     // of the database when its pages were read
	identify   func(Run) (string, error) // nil takes runs for what they say
	among      []string                  // identities of the runs that are merged; nil for all
	studies    []otherStudy
	datasets   map[string]otherDataset // by their identities; nil where they are not read ahead
	remarks    []Remark
	found      Merged
	err        error // of all this
}

// openOther opens a database for merging its runs, or some of them (nil for all), and reads the first of them.
func openOther(ctx context.Context, path string, among []string, identify func(Run) (string, error)) *other {
	if among == nil {
		o := &other{path: path, identify: identify}
		if o.beginAlone(ctx) == nil {
			return o
		}
		o.Close() // and read by statements what is not as it should be
	}
	o := &other{path: path, among: among, identify: identify}
	if o.DB, o.err = OpenReadOnly(path); o.err != nil {
		return o
	}
	if err := o.begin(ctx); err != nil {
		o.err = fmt.Errorf("merging the runs of %s: %w", path, err)
	}
	return o
}

// begin reads everything but the runs behind the first set, as it is in one moment.
func (o *other) begin(ctx context.Context) error {
	o.sql.SetMaxOpenConns(1)
	return atOnce(ctx, o.sql, func() (err error) {
		if o.stamp, err = o.DB.stamp(ctx); err != nil {
			return err
		}
		if o.among == nil { // those of a list are found faster one by one
			if o.pages, err = o.readPages(ctx); err != nil && !unreadable(ctx, err) {
				return err
			}
		}
		if o.sets, err = o.runSets(ctx, o.among); err != nil {
			return err
		}
		if o.badCells, err = o.runsOfBadCells(ctx); err != nil {
			return err
		}
		if o.among == nil {
			if o.studies, err = o.readStudies(ctx); err != nil {
				return err
			}
			if o.remarks, o.badRemarks, err = o.DB.remarks(ctx, ``); err != nil {
				return err
			}
		}
		if len(o.sets) > 0 {
			o.first, err = o.read(ctx, o.sets[0])
		}
		return err
	})
}

// next reads another set of runs, as it is in one moment.
func (o *other) next(ctx context.Context, set runSet) (all map[string][]candidate, err error) {
	err = atOnce(ctx, o.sql, func() error {
		if now, err := o.DB.stamp(ctx); err != nil || now != o.stamp {
			o.pages = nil // they are not what they were
			if err != nil {
				return err
			}
		}
		all, err = o.read(ctx, set)
		return err
	})
	return all, err
}

// read gives what the database has of a set of runs, without what is of no use.
func (o *other) read(ctx context.Context, set runSet) (map[string][]candidate, error) {
	all, err := o.found.candidates(ctx, o.DB, set)
	if err == nil {
		o.found.leaveOut(all, o.badCells, o.identify)
	}
	return all, err
}

// Mergeable says why a database cannot be merged, if it cannot be opened. Of a file that begins as one of ours no more is read.
// No database may be open at the path: closing its file would drop the locks on it.
func Mergeable(path string) error {
	const version, application = 60, 68 // where the file says them
	var header [100]byte
	if file, err := os.Open(path); err == nil {
		_, err = io.ReadFull(file, header[:])
		file.Close()
		if err == nil && binary.BigEndian.Uint32(header[application:]) == applicationID &&
			binary.BigEndian.Uint32(header[version:]) == uint32(len(migrations)) {
			return nil
		}
	}
	db, err := OpenReadOnly(path)
	if err != nil {
		return err
	}
	return db.Close()
}

// again begins to read it once more.
func (o *other) again(ctx context.Context) error {
	o.found = Merged{}
	o.release()
	if err := o.begin(ctx); err != nil {
		return fmt.Errorf("merging the runs of %s: %w", o.path, err)
	}
	return nil
}

// bytes is about what it holds in memory.
func (o *other) bytes() (n int) {
	if o.DB != nil && o.pages != nil {
		n = o.pages.whole
	}
	for _, list := range o.first {
		for _, c := range list {
			if c.left != nil {
				n += c.left.bytes()
			}
		}
	}
	return n
}

// release drops what was read, which again reads once more.
func (o *other) release() {
	o.first, o.pages, o.studies, o.datasets, o.remarks = nil, nil, nil, nil, nil
}

// closeAll closes databases.
func closeAll(list []*other) error {
	var all error
	for _, o := range list {
		all = errors.Join(all, o.Close())
	}
	return all
}

// Close closes the database, if it was opened.
func (o *other) Close() (err error) {
	if o.DB != nil {
		err = o.DB.Close()
	}
	if o.file != nil {
		err = errors.Join(err, o.file.Close())
		o.file = nil
	}
	return err
}

// maxRuns is how many runs are read and compared together at most: with what they have left they are in memory.
const maxRuns = 200

// runSets divides the runs of a database, or some of them (nil for all), into sets of maxRuns at most. Those of all are found by
// the table itself, whatever its index says.
func (db *DB) runSets(ctx context.Context, ids []string) (sets []runSet, err error) {
	if ids != nil {
		for some := range slices.Chunk(ids, maxRuns) {
			set, err := runsAmong(some)
			if err != nil {
				return nil, err
			}
			sets = append(sets, set)
		}
		return sets, nil
	}
	var keys []int64
	err = db.read(ctx, func(rows *sql.Rows) error {
		var key int64
		err := rows.Scan(&key)
		keys = append(keys, key)
		return err
	}, `SELECT key FROM run NOT INDEXED ORDER BY key`)
	return runsBetween(keys), err
}

// runsBetween divides runs of a database, all of them, whose keys are given in their order.
func runsBetween(keys []int64) (sets []runSet) {
	for some := range slices.Chunk(keys, maxRuns) {
		first, last := some[0], some[len(some)-1]
		sets = append(sets, runSet{`run.key BETWEEN ? AND ?`, []any{first, last}, first, last})
	}
	return sets
}

// runsOfBadCells are those of cells that are not what was written.
func (db *DB) runsOfBadCells(ctx context.Context) (map[string]bool, error) {
	var keys []int64
	for _, s := range summedTables {
		if s.table != "cell" {
			continue
		}
		if err := s.rows(ctx, db.sql, "", func(key int64, had sql.Null[int64], now int64, _ []any) {
			if had.Valid && had.V != now {
				keys = append(keys, key)
			}
		}); err != nil {
			return nil, err
		}
	}
	ids := map[string]bool{}
	for _, key := range keys {
		if err := db.read(ctx, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			ids[id] = true
			return err
		}, `SELECT id FROM run WHERE cell = ?`, key); err != nil {
			return nil, err
		}
	}
	return ids, nil
}
