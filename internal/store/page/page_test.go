package page

import (
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// written makes a database with all that rows may consist of; tables with keys that
// are no rowids are deep enough to have interior pages.
func written(t testing.TB, path, pragma string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	check(t, err)
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	_, err = db.Exec(pragma + `;
		CREATE TABLE plain (key INTEGER PRIMARY KEY, text TEXT, number REAL, blob BLOB);
		CREATE TABLE pair (a INTEGER, b INTEGER, x REAL, text TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
		CREATE INDEX plain_text ON plain (text);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
		INSERT INTO plain SELECT i * 7, 'row ' || i, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN i WHEN 2 THEN i / 3.0 ELSE -1e300 END,
			CASE WHEN i % 50 = 0 THEN randomblob(i * 60) END FROM n;
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
		INSERT INTO pair SELECT i / 10, i % 10, i / 7.0,
			CASE WHEN i % 100 = 0 THEN printf('%2000d', i) ELSE i - 2147483648 * (i % 3) END FROM n;
		DELETE FROM plain WHERE key % 5 = 0`)
	check(t, err)
	return db
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// selected gives the rows of a table as SQLite has them.
func selected(t testing.TB, db *sql.DB, table, columns string) (list []string) {
	t.Helper()
	rows, err := db.Query(`SELECT ` + columns + ` FROM ` + table)
	check(t, err)
	defer rows.Close()
	names, err := rows.Columns()
	check(t, err)
	for rows.Next() {
		values, targets := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		check(t, rows.Scan(targets...))
		list = append(list, text(values))
	}
	check(t, rows.Err())
	slices.Sort(list)
	return list
}

// text writes values so that 1 and 1.0, which SQLite stores alike, are the same.
func text(values []any) string {
	var b strings.Builder
	for _, v := range values {
		if n, ok := v.(int64); ok && n > -1<<50 && n < 1<<50 {
			v = float64(n)
		}
		fmt.Fprintf(&b, "%#v, ", v)
	}
	return b.String()
}

// read gives the rows of each table that the pages of a file have.
func read(t testing.TB, path string) map[string][]string {
	t.Helper()
	f, err := Open(path)
	check(t, err)
	defer f.Close()
	all := map[string][]string{}
	_, err = f.Pages(func(p Page) error {
		for _, r := range p.Rows {
			values := r.Values
			if p.Table == "plain" {
				values = append([]any{r.ID}, values[1:]...)
			}
			all[p.Table] = append(all[p.Table], text(values))
		}
		return nil
	})
	check(t, err)
	for _, list := range all {
		slices.Sort(list)
	}
	return all
}

func TestPages(t *testing.T) {
	for name, pragma := range map[string]string{
		"usual": "PRAGMA page_size = 4096", "small": "PRAGMA page_size = 512", "large": "PRAGMA page_size = 65536",
		"log": "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "some.db")
			db := written(t, path, pragma)
			got := read(t, path)
			for table, columns := range map[string]string{"plain": "*", "pair": "*", "plain_text": "*"} {
				from := table
				if table == "plain_text" {
					from, columns = "plain", "text, key"
				}
				if want := selected(t, db, from, columns); !slices.Equal(got[table], want) {
					t.Errorf("%s: %d rows, want %d", table, len(got[table]), len(want))
				}
			}
			link := filepath.Join(t.TempDir(), "link.db") // SQLite puts the log beside what it leads to
			if os.Symlink(path, link) == nil && !maps.EqualFunc(read(t, link), got, slices.Equal) {
				t.Error("a link to the file is read as another one")
			}
		})
	}
}

// Whichever page is nothing but zeros, and wherever the file ends: every row
// that is not on a lost page is read.
func TestLostPages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "some.db")
	db := written(t, path, "PRAGMA page_size = 4096")
	check(t, db.Close())
	file, err := os.ReadFile(path)
	check(t, err)
	const size = 4096            // what is taken where the first page is lost
	rowsOf := map[int][]string{} // by the pages that they need
	f, err := Open(path)
	check(t, err)
	_, err = f.Pages(func(p Page) error {
		for _, r := range p.Rows {
			rowsOf[p.Number] = append(rowsOf[p.Number], text(r.Values))
		}
		return nil
	})
	check(t, err)
	check(t, f.Close())
	other := filepath.Join(t.TempDir(), "other.db")
	for n := 1; n <= len(file)/size; n++ {
		damaged := slices.Clone(file)
		clear(damaged[(n-1)*size : n*size])
		missing(t, other, damaged, func(page int) bool { return page == n }, rowsOf)
		missing(t, other, file[:(n-1)*size+300], func(page int) bool { return page >= n }, rowsOf)
	}
}

// missing fails where a row of a page that is not lost is not read. Rows that
// overflow are left out: they need other pages, too.
func missing(t *testing.T, path string, file []byte, lost func(page int) bool, rowsOf map[int][]string) {
	t.Helper()
	check(t, os.WriteFile(path, file, 0o666))
	f, err := Open(path)
	check(t, err)
	defer f.Close()
	seen := map[string]bool{}
	_, err = f.Pages(func(p Page) error {
		for _, r := range p.Rows {
			seen[text(r.Values)] = true
		}
		return nil
	})
	check(t, err)
	for page, rows := range rowsOf {
		for _, row := range rows {
			if !lost(page) && page > 1 && len(row) < 500 && !seen[row] {
				t.Fatalf("page %d: a row is not read: %s", page, row)
			}
		}
	}
}

func FuzzPages(f *testing.F) {
	path := filepath.Join(f.TempDir(), "some.db")
	check(f, written(f, path, "PRAGMA page_size = 512").Close())
	file, err := os.ReadFile(path)
	check(f, err)
	f.Add(100, []byte{0xff}, 600, []byte{0, 0, 0, 9})
	f.Add(16, []byte{2, 0}, 32, []byte{0, 0, 0, 5})
	f.Add(0, []byte{0}, 512*3, []byte{2, 0, 0, 0xff})
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, at int, noise []byte, at2 int, noise2 []byte) {
		damaged := slices.Clone(file)
		copy(damaged[uint(at)%uint(len(damaged)):], noise)
		copy(damaged[uint(at2)%uint(len(damaged)):], noise2)
		path := filepath.Join(dir, "damaged.db")
		check(t, os.WriteFile(path, damaged, 0o666))
		read(t, path)
	})
}
