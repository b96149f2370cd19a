package faults

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite"
)

// passes names the columns that differ from night to night: times, hosts, and the checksums over them.
var passes = []string{"seconds", "started_at", "finished_at", "at", "host", "checksum"}

// sameRows compares every row of every table and view of two databases, without
// the times and hosts, the key of a data set, which is that of the run that
// came first, the nights, of which an interruption makes two, the copies of rows, and
// the views that read the bytes of a table one by one.
func sameRows(t *testing.T, got, want string) {
	t.Helper()
	tables := func(path string) map[string][]string {
		all := map[string][]string{}
		for _, name := range rows(t, path, `SELECT name FROM sqlite_schema
			WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' AND name NOT IN ('night', 'nights', 'spare', 'outputs', 'predictions')`) {
			name = strings.TrimPrefix(name, "name=")
			without := passes
			if name == "dataset" {
				without = append(slices.Clone(passes), "key")
			}
			all[name] = rows(t, path, `SELECT * FROM "`+name+`"`, without...)
		}
		return all
	}
	whole := tables(want)
	if len(whole["run"]) == 0 || len(whole["epoch"]) == 0 {
		t.Fatalf("%s has no rows to compare with", want)
	}
	if d := cmp.Diff(whole, tables(got)); d != "" {
		t.Errorf("the database (-undisturbed +this one):\n%.5000s", d)
	}
}

// intact checks the file as SQLite does.
func intact(t *testing.T, path string) {
	t.Helper()
	for pragma, want := range map[string][]string{"integrity_check": {"integrity_check=ok"}, "foreign_key_check": nil} {
		if got := rows(t, path, "PRAGMA "+pragma); !slices.Equal(got, want) {
			t.Fatalf("%s: %v", pragma, got)
		}
	}
}

// rows gives what a query selects as text, sorted. Long values are told by their sum.
func rows(t *testing.T, path, query string, without ...string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
	check(t, err)
	defer db.Close()
	found, err := db.Query(query)
	check(t, err)
	defer found.Close()
	columns, err := found.Columns()
	check(t, err)
	var list []string
	for found.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		check(t, found.Scan(targets...))
		var row []string
		for i, v := range values {
			if slices.Contains(without, columns[i]) {
				continue
			}
			if b, ok := v.([]byte); ok {
				v = fmt.Sprintf("%x", sha256.Sum256(b))
			}
			row = append(row, fmt.Sprintf("%s=%v", columns[i], v))
		}
		list = append(list, strings.Join(row, " "))
	}
	check(t, found.Err())
	slices.Sort(list)
	return list
}
