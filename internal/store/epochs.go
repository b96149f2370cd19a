package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"nightshift/internal/store/page"
)

// EpochsOf hands on the epochs of groups of runs, given by their identities: of each group in turn by run, and of which runs they
// are not what was written or cannot be read, which are left out. There may be millions: only those of one group are in memory.
func (db *DB) EpochsOf(
	ctx context.Context, groups [][]string, do func(group int, all map[string][]Epoch, changed []string) error,
) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return fmt.Errorf("reading the database: %w", fault(err))
	}
	r := epochReader{DB: &DB{sql: db.sql, conn: conn}}
	// Pages are read once, so SQLite need not keep them.
	if _, err := conn.ExecContext(ctx, `PRAGMA cache_size = -2000`); err != nil {
		return errors.Join(fmt.Errorf("reading the database: %w", fault(err)), conn.Close())
	}
	err = r.readGroups(ctx, groups, do)
	_, end := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA cache_size = `+cacheSize)
	return errors.Join(err, end, r.close())
}

// epochReader reads epochs by a connection of its own.
type epochReader struct {
	*DB
	runs     runKeys        // of the groups that are read next
	lookedUp int64          // stamp of the database when these were
	stamp    int64          // of the database when pages were read
	interior map[int][]byte // pages that lead to others
	onePage  *sql.Stmt      // nil before pages are read
}

// measuredRun is where the epochs of a run are, and their checksum.
type measuredRun struct {
	id  string
	key int64
	sum string
}

// close ends the statement, which the connection does not do by itself, and gives the connection back: with a statement that has
// not ended, the log of the database would stay when it is closed.
func (r *epochReader) close() error {
	if r.onePage == nil {
		return r.conn.Close()
	}
	return errors.Join(r.onePage.Close(), r.conn.Close())
}

func (r *epochReader) readGroups(ctx context.Context, groups [][]string, do func(int, map[string][]Epoch, []string) error) error {
	const most = 20_000 // runs that are looked up at once
	for at := 0; at < len(groups); {
		ids, end := []string(nil), at
		for end < len(groups) && (end == at || len(ids)+len(groups[end]) <= most) {
			ids = append(ids, groups[end]...)
			end++
		}
		if err := atOnce(ctx, r.conn, func() (err error) {
			if r.lookedUp, err = r.DB.stamp(ctx); err == nil {
				r.runs, err = r.lookUp(ctx, ids)
			}
			return err
		}); err != nil {
			return err
		}
		for ; at < end; at++ {
			all, changed, err := r.read(ctx, groups[at])
			if err != nil {
				return err
			}
			if err := do(at, all, changed); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookUp finds out where the epochs of runs are.
func (r *epochReader) lookUp(ctx context.Context, ids []string) (runKeys, error) {
	set, err := runsAmong(ids)
	if err != nil {
		return runKeys{}, err
	}
	return r.runKeys(ctx, set)
}

// read gives the epochs of some runs as they are in one moment.
func (r *epochReader) read(ctx context.Context, ids []string) (all map[string][]Epoch, changed []string, err error) {
	all = make(map[string][]Epoch, len(ids))
	err = atOnce(ctx, r.conn, func() error {
		now, err := r.DB.stamp(ctx)
		if err != nil {
			return err
		}
		known := r.runs
		if now != r.lookedUp { // some of them may have been trained since
			if known, err = r.lookUp(ctx, ids); err != nil {
				return err
			}
		}
		var runs []measuredRun
		for _, id := range ids {
			if key, ok := known.keys[id]; ok {
				runs = append(runs, measuredRun{id, key, known.sums[id]})
			}
		}
		slices.SortFunc(runs, func(a, b measuredRun) int { return cmp.Compare(a.key, b.key) })
		if err := r.epochs(ctx, now, runs, all); err != nil {
			return err
		}
		changed = leaveOutChanged(runs, all)
		return nil
	})
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	return all, changed, err
}

// leaveOutChanged takes the epochs out that are not what was written, and gives their runs.
func leaveOutChanged(runs []measuredRun, all map[string][]Epoch) (changed []string) {
	sums := newChecksummer()
	for _, one := range runs {
		if !sums.unchangedPart(one.sum, epochPart, Result{Epochs: all[one.id]}) {
			changed = append(changed, one.id)
			delete(all, one.id)
		}
	}
	slices.Sort(changed)
	return changed
}

// epochs adds those of runs in the order of their keys: from their pages where these are as they should be, and SQLite gives
// them.
func (r *epochReader) epochs(ctx context.Context, stamp int64, runs []measuredRun, all map[string][]Epoch) error {
	err := r.findPages(ctx, stamp)
	if err == nil {
		err = r.fromPages(runs, all)
	}
	if err == nil || ctx.Err() != nil {
		return err
	}
	clear(all)
	if err = r.fromRows(ctx, runs, all); unreadable(ctx, err) {
		clear(all)
		err = r.oneByOne(ctx, runs, all)
	}
	return err
}

// findPages finds where tables begin, and forgets pages that are not what they were.
func (r *epochReader) findPages(ctx context.Context, stamp int64) error {
	if r.pages != nil && stamp == r.stamp {
		return nil
	}
	r.pages, r.interior = nil, map[int][]byte{}
	trees, err := r.tableTrees(ctx)
	if err != nil {
		return err
	}
	if r.onePage == nil {
		if r.onePage, err = r.conn.PrepareContext(ctx, selectPage); err != nil {
			return err
		}
	}
	file, err := page.Of(func(n int) ([]byte, error) { return r.page(ctx, n) })
	if err != nil {
		return err
	}
	r.pages, r.stamp = &tablePages{tables: trees, file: file}, stamp
	return nil
}

// page gives the content of a page, and keeps some that lead to others.
func (r *epochReader) page(ctx context.Context, n int) (data []byte, err error) {
	const most = 10_000
	if known, ok := r.interior[n]; ok {
		return known, nil
	}
	err = r.onePage.QueryRowContext(ctx, n).Scan(&data)
	if err == nil && n > 1 && page.Leads(data) {
		if len(r.interior) == most {
			clear(r.interior)
		}
		r.interior[n] = data
	}
	return data, err
}

// fromPages reads the epochs of runs in the order of their keys.
func (r *epochReader) fromPages(runs []measuredRun, all map[string][]Epoch) error {
	var key int64
	var e Epoch
	var list []Epoch // of the runs of one range
	var of []int64
	targets := append([]any{&key}, epochTargets(&e)...)
	for from := 0; from < len(runs); {
		to := from + 1
		for to < len(runs) && runs[to].key == runs[to-1].key+1 && to-from < maxRuns {
			to++
		}
		list, of = list[:0], of[:0]
		if err := r.pages.each("epoch", "run, "+epochColumns, runs[from].key, runs[to-1].key, targets, func() {
			list, of = append(list, e), append(of, key)
		}); err != nil {
			return err
		}
		for ; from < to; from++ {
			first, _ := slices.BinarySearch(of, runs[from].key)
			end, _ := slices.BinarySearch(of, runs[from].key+1)
			if end > first {
				all[runs[from].id] = slices.Clone(list[first:end])
			}
		}
	}
	return nil
}

// fromRows reads the epochs of runs by a statement.
func (r *epochReader) fromRows(ctx context.Context, runs []measuredRun, all map[string][]Epoch) error {
	ids, keys := map[int64]string{}, make([]int64, len(runs))
	for i, one := range runs {
		ids[one.key], keys[i] = one.id, one.key
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	var key int64
	var e Epoch
	targets := append([]any{&key}, epochTargets(&e)...)
	return r.DB.read(ctx, func(rows *sql.Rows) error {
		err := rows.Scan(targets...)
		all[ids[key]] = append(all[ids[key]], e)
		return err
	}, `SELECT run, `+epochColumns+` FROM epoch WHERE run IN (SELECT value FROM json_each(?)) ORDER BY run, epoch`, string(list))
}

// oneByOne reads the epochs of those runs that have readable ones; none of the others.
func (r *epochReader) oneByOne(ctx context.Context, runs []measuredRun, all map[string][]Epoch) error {
	for _, one := range runs {
		epochs, err := r.Epochs(ctx, one.id)
		if err != nil && !unreadable(ctx, err) {
			return err
		}
		all[one.id] = epochs
	}
	return nil
}
