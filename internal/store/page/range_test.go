package page

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
)

// ranged gives the rows of the table pair from one value of its first column to another, by the pages of an open database.
func ranged(t testing.TB, db *sql.DB, change func(n int, page []byte), first, last int64) (list []string, err error) {
	t.Helper()
	var root int
	check(t, db.QueryRow(`SELECT rootpage FROM sqlite_schema WHERE name = 'pair'`).Scan(&root))
	f, err := Of(func(n int) (data []byte, err error) {
		err = db.QueryRow(`SELECT data FROM sqlite_dbpage WHERE pgno = ?`, n).Scan(&data)
		if change != nil && err == nil {
			change(n, data)
		}
		return data, err
	})
	if err != nil {
		return nil, err
	}
	err = f.Range(root, first, last, func(r Record) error {
		var values []any
		for {
			v, ok := r.Next()
			if !ok {
				return errRecord
			}
			switch v.Kind {
			case None:
				list = append(list, text(values))
				return nil
			case Null:
				values = append(values, nil)
			case Integer:
				values = append(values, v.Integer)
			case Float:
				values = append(values, v.Float)
			case Text:
				values = append(values, string(v.Bytes))
			case Blob:
				values = append(values, slices.Clone(v.Bytes))
			}
		}
	})
	return list, err
}

// Rows come as SQLite selects them, whatever the size of pages.
func TestRange(t *testing.T) {
	for name, pragma := range map[string]string{
		"small": "PRAGMA page_size = 512", "large": "PRAGMA page_size = 65536",
		"log": "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0",
	} {
		t.Run(name, func(t *testing.T) {
			db := written(t, filepath.Join(t.TempDir(), "some.db"), pragma)
			for _, r := range [][2]int64{{0, 1000}, {7, 7}, {100, 180}, {299, 400}, {400, 500}, {-5, -1}} {
				got, err := ranged(t, db, nil, r[0], r[1])
				check(t, err)
				slices.Sort(got)
				want := selected(t, db, fmt.Sprintf("pair WHERE a BETWEEN %d AND %d", r[0], r[1]), "*")
				if !slices.Equal(got, want) {
					t.Errorf("from %d to %d: %d rows, want %d", r[0], r[1], len(got), len(want))
				}
			}
		})
	}
}

// Of pages that are not what was written come rows or an error, and an end.
func TestRangeOfDamagedPages(t *testing.T) {
	db := written(t, filepath.Join(t.TempDir(), "some.db"), "PRAGMA page_size = 512")
	r := rand.New(rand.NewPCG(1, 1))
	failed := 0
	for range 30 {
		_, err := ranged(t, db, func(_ int, page []byte) {
			if r.IntN(4) == 0 {
				page[r.IntN(len(page))] ^= byte(1 << r.IntN(8))
			}
		}, 0, 300)
		if err != nil {
			failed++
		}
	}
	if failed == 0 {
		t.Error("no damage is noticed")
	}
}

// The rows of a table with numbers come as SQLite selects them, those between two numbers too.
func TestRows(t *testing.T) {
	for _, pragma := range []string{"PRAGMA page_size = 512", "PRAGMA page_size = 4096"} {
		db := written(t, filepath.Join(t.TempDir(), "some.db"), pragma)
		_, err := db.Exec(`INSERT INTO plain VALUES (-9, 'below', 1, NULL), (9223372036854775807, 'last', 2, NULL)`)
		check(t, err)
		var root int
		check(t, db.QueryRow(`SELECT rootpage FROM sqlite_schema WHERE name = 'plain'`).Scan(&root))
		f, err := Of(func(n int) (data []byte, err error) {
			err = db.QueryRow(`SELECT data FROM sqlite_dbpage WHERE pgno = ?`, n).Scan(&data)
			return data, err
		})
		check(t, err)
		for _, r := range [][2]int64{{math.MinInt64, math.MaxInt64}, {0, 700}, {14, 14}, {1000, 2001}, {2797, 2801}, {5000, 6000}} {
			var got []string
			check(t, f.Rows(root, r[0], r[1], func(id int64, r Record) error {
				values := []any{id}
				for v, ok := r.Next(); v.Kind != None; v, ok = r.Next() {
					if !ok {
						return errRecord
					}
					values = append(values, v.Any())
				}
				got = append(got, text(slices.Delete(values, 1, 2)))
				return nil
			}))
			slices.Sort(got)
			want := selected(t, db, fmt.Sprintf("plain WHERE key BETWEEN %d AND %d", r[0], r[1]), "*")
			if !slices.Equal(got, want) {
				t.Errorf("from %d to %d: %d rows, want %d", r[0], r[1], len(got), len(want))
			}
		}
		if err := f.Rows(root+1, 0, 1, func(int64, Record) error { return nil }); err == nil {
			t.Error("rows of what is no table")
		}
	}
}
