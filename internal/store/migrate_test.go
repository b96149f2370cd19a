package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nightshift/internal/file"
)

// A file of schema 1, with a result in it, becomes one of today without losing anything.
func TestMigrateFrom1(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	first, err := migrationFiles.ReadFile("migrations/1.sql")
	check(t, err)
	old, err := sql.Open("sqlite", path)
	check(t, err)
	_, err = old.Exec(string(first) + fmt.Sprintf(`;
		PRAGMA application_id = %d; PRAGMA user_version = 1;
		INSERT INTO cell VALUES (5, 'c', 'lr=0.1', 'xor/1', '{"lr":0.1}');
		INSERT INTO maker VALUES (6, '1.0', 'abc', 1, 'go1.26', 'linux/amd64', 'some', 'here', 'plain');
		INSERT INTO study VALUES (7, 'pairs', 'why?', 'study: pairs', 'valid_error', '["seeds=2"]', '2026-03-01T21:30:00.123Z');
		INSERT INTO run (key, id, cell, maker, status, reason, stack, seed_data, seed_init, seed_order,
				parameters, epochs, seconds, test_loss)
			VALUES (8, 'aa', 5, 6, 'done', '', '', 0, 1, 2, 9, 1, 1.5, 'NaN');
		INSERT INTO place VALUES (9, 'lr=0.1', '[]');
		INSERT INTO member VALUES (7, 0, 8, 9);
		INSERT INTO epoch (run, epoch, steps, lr, distance, seconds, train_loss) VALUES (8, 1, 4, 0.1, 0.5, 1.5, 0.25);
		INSERT INTO weight VALUES (8, 1, x'0102');`, applicationID))
	check(t, err)
	check(t, old.Close())

	db := openAt(t, path)
	equal(t, "schema version", count(t, db, `SELECT user_version FROM pragma_user_version`), len(migrations))
	r, err := db.Run(ctx, "aa")
	check(t, err)
	equal(t, "Run", r, Run{
		ID: "aa", Cell: "c", Label: "lr=0.1", Data: "xor/1", Config: json.RawMessage(`{"lr":0.1}`), Status: Done,
		SeedInit: 1, SeedOrder: 2,
		Parameters: 9, Epochs: 1, Seconds: 1.5, Test: r.Test,
		Provenance: Provenance{Version: "1.0", Commit: "abc", Dirty: true, Go: "go1.26",
			OS: "linux/amd64", CPU: "some", Host: "here", Kernel: "plain"},
	})
	equal(t, "test_loss", column(t, db, `SELECT test_loss FROM runs`), []string{"NaN"})
	equal(t, "digest", column(t, db, `SELECT digest FROM runs`), []string{""})
	weights, err := db.Weights(ctx, "aa")
	check(t, err)
	equal(t, "Weights", weights, []Snapshot{{1, []byte{1, 2}}})
	members, err := db.StudyRuns(ctx, "pairs")
	check(t, err)
	equal(t, "StudyRuns", members, []StudyRun{{Study: "pairs", RunID: "aa", CellLabel: "lr=0.1", Axes: json.RawMessage(`[]`)}})
	check(t, db.PutNight(ctx, Night{Study: "pairs", Started: evening}))
	check(t, db.Finish(ctx, result(planned("aa", "0.1"))))
	for _, pragma := range []string{"foreign_key_check", "integrity_check"} {
		if got := column(t, db, "PRAGMA "+pragma); len(got) > 0 && got[0] != "ok" {
			t.Errorf("%s: %v", pragma, got)
		}
	}
}

// Makers get their columns of the repository without a run losing its own, and so do their copies.
func TestMigrateMakers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	check(t, create(path))
	old, err := connect(path, "_pragma=foreign_keys(1)&_txlock=immediate")
	check(t, err)
	check(t, old.write(ctx, func(tx *sql.Tx) error {
		if err := migrateTo(ctx, tx, 0, 7); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO cell VALUES (5, 'c', 'lr=0.1', 'xor/1', '{}', NULL);
			INSERT INTO maker VALUES (6, '1.0', 'abc', 1, 'go1.26', 'linux/amd64', 'some', 'here', 'plain');
			INSERT INTO maker VALUES (9, '1.1', 'abd', 0, 'go1.26', 'linux/amd64', 'some', 'here', 'plain');
			INSERT INTO run (key, id, cell, maker, status, reason, stack, seed_data, seed_init, seed_order, parameters, epochs, seconds)
				VALUES (8, 'aa', 5, 9, 'done', '', '', 0, 1, 2, 9, 1, 1.5);`)
		return err
	}))
	check(t, old.Close())

	db := openAt(t, path)
	r, err := db.Run(ctx, "aa")
	check(t, err)
	equal(t, "Provenance", r.Provenance, Provenance{Version: "1.1", Commit: "abd", Go: "go1.26", OS: "linux/amd64",
		CPU: "some", Host: "here",
		Kernel: "plain"})
	equal(t, "repository", column(t, db, `SELECT repository || repository_commit || coalesce(repository_dirty, '?') FROM runs`),
		[]string{"unknown?"})
	known := Provenance{Version: "1.1", Repository: Repository{"https://example.org/mine", "def", true}}
	made := result(planned("bb", "0.2"))
	made.Run.Provenance = known
	check(t, db.Finish(ctx, made))
	r, err = db.Run(ctx, "bb")
	check(t, err)
	equal(t, "Provenance", r.Provenance, known)
	equal(t, "copies", column(t, db, `SELECT "row" FROM spare JOIN maker AS m ON m.key = "row" WHERE "table" = 'maker' AND "values" =
		json_array(m.key, version, "commit", dirty, go, os, cpu, host, kernel, repository, repository_commit, repository_dirty)
		ORDER BY 1`),
		[]string{"6", "9", "10"})
	equal(t, "broken references", column(t, db, `PRAGMA foreign_key_check`), []string(nil))
}

// content is the rows of a table or view, and the columns that they have.
type content struct{ Columns, Rows []string }

// contentOf gives that of every table and view of a file, without opening it as
// ours; of those of before, in the columns that they had.
func contentOf(t *testing.T, path string, before map[string]content) map[string]content {
	t.Helper()
	file, err := sql.Open("sqlite", path)
	check(t, err)
	defer file.Close()
	db := &DB{sql: file}
	all := map[string]content{}
	for _, name := range column(t, db, `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')`) {
		columns := before[name].Columns
		if columns == nil {
			columns = column(t, db, `SELECT '"' || name || '"' FROM pragma_table_info(?)`, name)
		}
		c := content{Columns: columns}
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		check(t, db.read(ctx, func(rows *sql.Rows) error {
			err := rows.Scan(targets...)
			c.Rows = append(c.Rows, fmt.Sprintf("%#v", values))
			return err
		}, `SELECT `+strings.Join(columns, ", ")+` FROM "`+name+`"`))
		slices.Sort(c.Rows)
		all[name] = c
	}
	return all
}

// testdata/schema3.db was made by the last program of schema 3: small.yaml and then
// long.yaml, which was interrupted. It has runs that are done, diverged and
// interrupted, two versions of a file (of which it kept the second), a checkpoint,
// weights, layers, nights and a conflict.
func TestMigrate(t *testing.T) {
	for _, from := range []int{3, 4, 5} {
		t.Run(fmt.Sprint(from), func(t *testing.T) { migrateFrom(t, from) })
	}
}

func migrateFrom(t *testing.T, from int) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	oldest, err := os.ReadFile("testdata/schema3.db")
	check(t, err)
	check(t, os.WriteFile(path, oldest, 0o666))
	for version := 3; version < from; version++ {
		text, err := migrationFiles.ReadFile(migrations[version])
		check(t, err)
		foreign(t, path, fmt.Sprintf("%s; PRAGMA user_version = %d", text, version+1))
	}
	old := contentOf(t, path, nil)
	_, err = OpenReadOnly(path)
	if !errors.Is(err, ErrOlderSchema) || !strings.Contains(err.Error(), "nightshift migrate --db "+file.ShellWord(path)) {
		t.Errorf("opened for reading: %v", err)
	}
	equal(t, "content after it was opened for reading", contentOf(t, path, nil), old)

	db := openAt(t, path)
	now := contentOf(t, path, old)
	for name := range old {
		if name != "member" { // which study_runs shows
			equal(t, name, now[name], old[name])
		}
		if len(old[name].Rows) == 0 && name != "owner" && name != "claim" && name != "aside" {
			t.Errorf("nothing is shown of %s, which is empty", name)
		}
		delete(now, name)
	}
	added := []string{"notes", "outputs", "predictions", "remark", "spare", "tags"}
	if from == 3 {
		added = slices.Sorted(slices.Values(append(added, "study_versions", "version")))
	}
	equal(t, "new tables and views", slices.Sorted(maps.Keys(now)), added)
	equal(t, "rows without a checksum", column(t, db, `SELECT count(*) FROM (SELECT checksum FROM cell UNION ALL
		SELECT checksum FROM place UNION ALL SELECT checksum FROM study UNION ALL SELECT checksum FROM night UNION ALL
		SELECT checksum FROM dataset UNION ALL SELECT checksum FROM conflict UNION ALL SELECT checksum FROM member UNION ALL
		SELECT members FROM version) WHERE checksum IS NULL`), []string{"0"})
	equal(t, "study_versions", column(t, db, `SELECT study || coalesce(at, '') || "set" || yaml FROM study_versions ORDER BY 1`),
		column(t, db, `SELECT study || coalesce(at, '') || "set" || yaml FROM studies ORDER BY 1`))
	found, err := db.Check(ctx, func(r Run) (string, error) { return r.ID, nil })
	check(t, err)
	equal(t, "findings", found, []Finding(nil))
	yaml, err := os.ReadFile("testdata/small.yaml")
	check(t, err)
	versions, err := db.StudyVersions(ctx, "small")
	check(t, err)
	equal(t, "StudyVersions", versions, []StudyVersion{{
		At: time.Date(2026, 11, 26, 22, 56, 43, 632e6, time.UTC), YAML: string(yaml), Set: []string{"base.epochs=5"},
	}})
}
