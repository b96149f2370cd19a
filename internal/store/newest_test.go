package store

import (
	"database/sql"
	"flag"
	"maps"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write migrations/newest.sql")

// A new database is made by one file, and is the one that the migrations make of an empty one, to the letter.
func TestNewest(t *testing.T) {
	pool, err := sql.Open("sqlite", ":memory:")
	check(t, err)
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	migrated := &DB{sql: pool}
	check(t, migrated.write(ctx, func(tx *sql.Tx) error { return migrateTo(ctx, tx, 0, len(migrations)) }))
	text := "-- What the migrations make of an empty file; written by go generate.\n\n" +
		strings.Join(column(t, migrated, `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid`), ";\n\n") + ";\n"
	if *update {
		check(t, os.WriteFile(newest, []byte(text), 0o666))
		return
	}
	have, err := os.ReadFile(newest)
	check(t, err)
	if string(have) != text {
		t.Error(newest + " is not what the migrations make: go generate ./internal/store")
	}
	want, err := migrated.definitions(ctx)
	check(t, err)
	fresh := open(t)
	made, err := fresh.definitions(ctx)
	check(t, err)
	if !maps.Equal(made, want) {
		t.Errorf("a new database has %v, want %v", made, want)
	}
	for _, table := range column(t, fresh, `SELECT name FROM sqlite_schema WHERE type = 'table'`) {
		query := `SELECT count(*) FROM "` + table + `"`
		equal(t, "rows of "+table, count(t, fresh, query), count(t, migrated, query))
	}
	for _, pragma := range []string{"application_id", "user_version"} {
		equal(t, pragma, column(t, fresh, "PRAGMA "+pragma), column(t, migrated, "PRAGMA "+pragma))
	}
}
