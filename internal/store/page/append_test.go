package page

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// appended is a row of the table pair.
type appended struct {
	a, b int64
	x    float64
	text any // nil or string
}

func (r appended) record() []byte {
	var w Writer
	w.Integer(r.a)
	w.Integer(r.b)
	w.Float(r.x)
	if s, ok := r.text.(string); ok {
		w.Text(s)
	} else {
		w.Null()
	}
	return w.Record(nil)
}

// behind are rows whose first column is from a number on, of all sizes that values and rows have.
func behind(r *rand.Rand, from int64, n, longest int) (list []appended) {
	floats := []float64{0, math.Copysign(0, -1), 1, -1, 128, 1 << 50, 0.5, -1e300, math.Inf(1), 5e-324}
	for i := range n {
		row := appended{a: from + int64(i/7), b: int64(i%7-3) << (i % 60), x: floats[r.IntN(len(floats))]}
		if i%3 > 0 {
			row.text = strings.Repeat("x", r.IntN(100))
		}
		if i%40 == 0 {
			row.text = strings.Repeat("long", r.IntN(longest))
		}
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b appended) int {
		if a.a != b.a {
			return int(a.a - b.a)
		}
		return int(min(1, max(-1, a.b-b.b)))
	})
	return slices.CompactFunc(list, func(a, b appended) bool { return a.a == b.a && a.b == b.b })
}

// appendRows adds rows to the table pair by pages, within a transaction.
func appendRows(t *testing.T, tx *sql.Tx, rows []appended) error {
	t.Helper()
	var root int
	check(t, tx.QueryRow(`SELECT rootpage FROM sqlite_schema WHERE name = 'pair'`).Scan(&root))
	f, err := Of(func(n int) (data []byte, err error) {
		err = tx.QueryRow(`SELECT data FROM sqlite_dbpage WHERE pgno = ?`, n).Scan(&data)
		return data, err
	})
	check(t, err)
	var records [][]byte
	for _, r := range rows {
		records = append(records, r.record())
	}
	return f.Append(root, slices.Values(records), func(n int, content []byte) error {
		_, err := tx.Exec(`INSERT OR REPLACE INTO sqlite_dbpage (pgno, data) VALUES (?, ?)`, n, content)
		return err
	})
}

// Rows that are added by pages are those that SQLite adds, byte by byte, and SQLite goes on from them.
func TestAppend(t *testing.T) {
	for name, c := range map[string]struct {
		pragma  string
		emptied bool // the table, before rows are added
	}{
		"small": {"PRAGMA page_size = 512", false}, "large": {"PRAGMA page_size = 65536", false},
		"journal": {"PRAGMA journal_mode = TRUNCATE", true}, "log": {"PRAGMA page_size = 1024; PRAGMA journal_mode = WAL", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir, pragma := t.TempDir(), "PRAGMA synchronous = OFF; "+c.pragma
			ours, theirs := written(t, filepath.Join(dir, "ours"), pragma), written(t, filepath.Join(dir, "theirs"), pragma)
			r := rand.New(rand.NewPCG(1, 1))
			for round, n := range []int{1, 500, 5} {
				rows := behind(r, int64(1000*(round+1)), n, 600)
				added(t, ours, c.emptied, func(tx *sql.Tx) { check(t, appendRows(t, tx, rows)) })
				added(t, theirs, c.emptied, func(tx *sql.Tx) {
					for _, r := range rows {
						_, err := tx.Exec(`INSERT INTO pair VALUES (?, ?, ?, ?)`, r.a, r.b, r.x, r.text)
						check(t, err)
					}
				})
				for _, db := range []*sql.DB{ours, theirs} {
					_, err := db.Exec(`PRAGMA shrink_memory; INSERT INTO pair VALUES (?, 0, 0, 'behind'), (?, 3, 0, 'before')`,
						1000*(round+1)+500, -round-1)
					check(t, err)
				}
			}
			sound(t, ours)
			if got, want := raw(t, ours), raw(t, theirs); !slices.Equal(got, want) {
				t.Errorf("%d rows, want %d", len(got), len(want))
			}
		})
	}
}

// added adds rows to the table pair in a transaction that needs new pages for another one, too.
func added(t *testing.T, db *sql.DB, emptied bool, add func(tx *sql.Tx)) {
	t.Helper()
	tx, err := db.Begin()
	check(t, err)
	_, err = tx.Exec(`INSERT INTO plain (text) VALUES (hex(randomblob(3000))); DELETE FROM pair WHERE ?`, emptied)
	check(t, err)
	add(tx)
	check(t, tx.Commit())
}

// sound makes sure that SQLite finds nothing wrong with a database.
func sound(t *testing.T, db *sql.DB) {
	t.Helper()
	var ok string
	check(t, db.QueryRow(`PRAGMA integrity_check`).Scan(&ok))
	if ok != "ok" {
		t.Error(ok)
	}
}

// raw gives the records of the table pair as they are in the file.
func raw(t *testing.T, db *sql.DB) (list []string) {
	t.Helper()
	var root int
	check(t, db.QueryRow(`SELECT rootpage FROM sqlite_schema WHERE name = 'pair'`).Scan(&root))
	f, err := Of(func(n int) (data []byte, err error) {
		err = db.QueryRow(`SELECT data FROM sqlite_dbpage WHERE pgno = ?`, n).Scan(&data)
		return data, err
	})
	check(t, err)
	check(t, f.Range(root, math.MinInt64, math.MaxInt64, func(r Record) error {
		list = append(list, fmt.Sprintf("%x %x", r.kinds, r.body))
		return nil
	}))
	return list
}

// A row that does not belong behind the last one is refused, and what a transaction has added that is taken back was never there.
func TestAppendRefuses(t *testing.T) {
	db := written(t, filepath.Join(t.TempDir(), "some.db"), "PRAGMA synchronous = OFF")
	before := raw(t, db)
	tx, err := db.BeginTx(context.Background(), nil)
	check(t, err)
	if err := appendRows(t, tx, []appended{{a: 300, b: 1}}); err == nil {
		t.Error("a row is added that stands before the last one")
	}
	check(t, appendRows(t, tx, behind(rand.New(rand.NewPCG(1, 1)), 1000, 900, 600)))
	check(t, tx.Rollback())
	if !slices.Equal(raw(t, db), before) {
		t.Error("rows are left of what was taken back")
	}
	sound(t, db)
}
