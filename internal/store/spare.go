package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// spared lists the columns, behind the key, of the tables whose rows have copies in
// the table spare, as the triggers of the migrations write them.
var spared = map[string][]string{
	"cell": {"id", "label", "data", "config", "checksum"},
	"maker": {"version", `"commit"`, "dirty", "go", "os", "cpu", "host", "kernel", "repository", "repository_commit",
		"repository_dirty"},
	"place":   {"label", "axes", "checksum"},
	"version": {"study", "at", "yaml", `"set"`, "checksum"},
	"study":   {"study", "question", "yaml", `"select"`, `"set"`, "at", "checksum"},
}

// fromSpare selects the columns of the copies of a table's rows, the key first.
func fromSpare(table string) string {
	columns := []string{`"row"`}
	for i := range spared[table] {
		columns = append(columns, fmt.Sprintf(`json_extract("values", '$[%d]')`, i+1))
	}
	return `SELECT ` + strings.Join(columns, ", ") + ` FROM spare WHERE "table" = '` + table + `' AND json_valid("values")`
}

// restoreSpare inserts the rows of a table that are missing, and that others need, from their copies.
func restoreSpare(child, column, table string) string {
	return `INSERT OR IGNORE INTO ` + table + ` (key, ` + strings.Join(spared[table], ", ") + `) ` + fromSpare(table) +
		` AND "row" IN (` + missing(child, column, table) + `) ORDER BY key DESC; `
}

// missing selects the keys that a column of a table names and that its parent does not have.
func missing(child, column, parent string) string {
	return `SELECT ` + column + ` FROM ` + child + ` WHERE ` + column + ` NOT IN (SELECT key FROM ` + parent + `)`
}

// withoutCopies finds rows that should have copies and have none.
func (db *DB) withoutCopies(ctx context.Context) ([]Finding, error) {
	var found []Finding
	for _, table := range slices.Sorted(maps.Keys(spared)) {
		lacking := `FROM ` + table + ` WHERE key NOT IN (SELECT "row" FROM spare WHERE "table" = '` + table + `')`
		var n int
		if err := db.sql.QueryRowContext(ctx, `SELECT count(*) `+lacking).Scan(&n); err != nil {
			return nil, fmt.Errorf("reading the database: %w", fault(err))
		}
		if n == 0 {
			continue
		}
		key := `NULL`
		if table == "study" {
			key = `-key`
		}
		found = append(found, Finding{
			What: fmt.Sprintf("rows of the table %s without their copies: %d", table, n), Remedy: "they are copied again", Whole: true,
			repair: `INSERT INTO spare (key, "table", "row", "values") SELECT ` + key + `, '` + table + `', key,
				json_array(key, ` + strings.Join(spared[table], ", ") + `) ` + lacking,
		})
	}
	return found, nil
}

// parents are the columns that name rows of tables other than run.
var parents = []struct{ child, column, parent string }{
	{"run", "cell", "cell"}, {"run", "maker", "maker"}, {"version", "study", "study"}, {"night", "study", "study"},
	{"member", "version", "version"}, {"member", "place", "place"}, {"claim", "owner", "owner"},
	{"checkpoint", "maker", "maker"}, {"conflict", "maker", "maker"}, {"remark", "study", "study"},
}

// withoutParents finds rows whose configuration, study or whatever else they need is not
// there. What there are copies of is restored; other rows are of no use.
func (db *DB) withoutParents(ctx context.Context) ([]Finding, error) {
	var found []Finding
	for _, p := range parents {
		lost := missing(p.child, p.column, p.parent)
		var n, keys, copies int
		query := `SELECT (SELECT count(*) FROM (` + lost + `)), 0, 0`
		if spared[p.parent] != nil {
			query = `SELECT (SELECT count(*) FROM (` + lost + `)), (SELECT count(DISTINCT ` + p.column + `) FROM (` + lost + `)),
				(SELECT count(DISTINCT "row") FROM spare WHERE "table" = '` + p.parent + `' AND "row" IN (` + lost + `))`
		}
		if err := db.sql.QueryRowContext(ctx, query).Scan(&n, &keys, &copies); err != nil {
			return nil, fmt.Errorf("reading the database: %w", fault(err))
		}
		if n == 0 {
			continue
		}
		f := Finding{What: fmt.Sprintf("rows of the table %s without their %s: %d", p.child, p.parent, n), Remedy: "they are removed"}
		if copies > 0 {
			f.Remedy = "what is missing is restored from its copy, and what has none is removed"
			f.Whole = copies == keys
			f.repair = restoreSpare(p.child, p.column, p.parent)
		}
		f.repair += `DELETE FROM ` + p.child + ` WHERE ` + p.column + ` NOT IN (SELECT key FROM ` + p.parent + `)`
		found = append(found, f)
	}
	return found, nil
}
