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

// contents are all that a database holds of runs and studies, by queries that give no keys: those are others where databases
// came together.
var contents = []string{
	`SELECT * FROM runs`, `SELECT * FROM epochs`, `SELECT * FROM progress`, `SELECT * FROM layers`, `SELECT * FROM study_runs`,
	`SELECT * FROM studies`, `SELECT * FROM study_versions`, `SELECT * FROM notes`, `SELECT * FROM tags`, `SELECT * FROM conflicts`,
	`SELECT run.id, logits FROM output JOIN run ON run.key = output.run`,
	`SELECT run.id, w.epoch, w.tensors, w.digest FROM weight w JOIN run ON run.key = w.run`,
	`SELECT run.id, c.epoch, c.state FROM checkpoint c JOIN run ON run.key = c.run`,
	`SELECT id, spec, regression, inputs, outputs, classes, noise_variance, test_labels, test_targets, test_truth, warnings FROM dataset`,
}

// sameContents compares two databases as sameRows does, one of which was merged.
func sameContents(t *testing.T, got, want string) {
	t.Helper()
	for _, query := range contents {
		if d := cmp.Diff(rows(t, want, query, passes...), rows(t, got, query, passes...)); d != "" {
			t.Errorf("%s (-undisturbed +this one):\n%.5000s", query, d)
		}
	}
	if len(rows(t, got, contents[0])) == 0 || len(rows(t, got, contents[1])) == 0 {
		t.Errorf("%s has nothing to compare", got)
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
