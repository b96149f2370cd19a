package page

import (
	"database/sql"
	"fmt"
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
		"small": "PRAGMA page_size = 512", "large": "PRAGMA page_size = 65536", "log": "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0",
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
