package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// lossRemedy says what becomes of a row that is not what was written and has no copy.
var lossRemedy = map[string]struct{ remedy, repair string }{
	"cell": {"its runs are removed; nightshift run with the study's file trains them again",
		`DELETE FROM run WHERE cell = ?1; DELETE FROM cell WHERE key = ?1`},
	"place": {"the members at it are removed; nightshift run with the study's file puts them back",
		`DELETE FROM member WHERE place = ?1; DELETE FROM place WHERE key = ?1`},
	"study": {"the study is removed, its runs stay; nightshift run with its file makes it again",
		`DELETE FROM study WHERE key = ?1`},
	"night":    {"it is removed", `DELETE FROM night WHERE key = ?1`},
	"dataset":  {"it is removed, and made again from what the runs say of their data", `DELETE FROM dataset WHERE key = ?1`},
	"conflict": {"it is removed", `DELETE FROM conflict WHERE key = ?1`},
	"remark":   {"it is removed", `DELETE FROM remark WHERE key = ?1`},
}

// badRowSums finds rows that are not what was written. Those that have a copy get what it says.
func (db *DB) badRowSums(ctx context.Context) ([]Finding, error) {
	var found []Finding
	for _, s := range summedTables {
		type row struct {
			key  int64
			what string
		}
		var bad []row
		if err := s.rows(ctx, db.sql, "", func(key int64, had sql.Null[int64], now int64, values []any) {
			if had.Valid && had.V != now {
				bad = append(bad, row{key, fmt.Sprintf(s.what, values[0])})
			}
		}); err != nil {
			return nil, err
		}
		for _, b := range bad {
			f := Finding{What: fmt.Sprintf("%s: %v", b.what, ErrChanged), Remedy: lossRemedy[s.table].remedy,
				repair: lossRemedy[s.table].repair, args: []any{b.key}, about: rowKey{s.table, b.key}}
			copied, err := db.soundCopy(ctx, s.table, b.key)
			if err != nil {
				return nil, err
			}
			if copied != nil {
				f.Remedy, f.Whole, f.repair, f.args = "it is restored from its copy", true, copied.repair, copied.args
			}
			found = append(found, f)
		}
	}
	return found, nil
}

// soundCopy gives the repair that makes a row what its copy says; nil where there is
// none that is what was written.
func (db *DB) soundCopy(ctx context.Context, table string, key int64) (*Finding, error) {
	columns, ok := spared[table]
	if !ok {
		return nil, nil
	}
	values := make([]any, len(columns)) // the last one is the checksum
	have := false
	err := db.read(ctx, func(rows *sql.Rows) error {
		targets := []any{new(int64)}
		for i := range values {
			targets = append(targets, &values[i])
		}
		have = true
		return rows.Scan(targets...)
	}, fromSpare(table)+` AND "row" = ? ORDER BY key DESC LIMIT 1`, key)
	if err != nil || !have {
		return nil, err
	}
	sum, ok := values[len(values)-1].(int64)
	if !ok || sum != rowSum(table, values[:len(values)-1]...) {
		return nil, nil
	}
	return &Finding{
		repair: `UPDATE ` + table + ` SET (` + strings.Join(columns, ", ") + `) = ` + marks(len(columns)) + ` WHERE key = ?`,
		args:   append(values, key),
	}, nil
}

// badMembers finds members that are not what was written, and versions that lack
// some; but for those whose places are known not to be what was written.
func (db *DB) badMembers(ctx context.Context, known map[rowKey]bool) ([]Finding, error) {
	studies, err := db.Studies(ctx)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, s := range studies {
		versions, err := db.versions(ctx, selectVersions+`WHERE study.study = ? `+byTime, s.Study)
		if err != nil {
			return nil, err
		}
		members, err := db.allMembers(ctx, s.Study)
		if err != nil {
			return nil, err
		}
		for _, v := range versions {
			sum := int64(0)
			changed, elsewhere := 0, false
			for _, m := range members[v.key] {
				sum += m.sum.V
				if known[rowKey{"place", m.place}] {
					elsewhere = true
					continue
				}
				if !m.changed() {
					continue
				}
				changed++
				found = append(found, Finding{
					Run: m.RunID, What: fmt.Sprintf("its place in study %s is %v", s.Study, ErrChanged),
					Remedy: "it is no member any more; nightshift run with the study's file puts it back",
					repair: `DELETE FROM member WHERE version = ? AND run = (SELECT key FROM run WHERE id = ?)`, args: []any{v.key, m.RunID},
				})
			}
			if v.members.Valid && !elsewhere && (v.members.V != sum || changed > 0) {
				found = append(found, Finding{
					What:   fmt.Sprintf("members of study %s are missing, or %v", s.Study, ErrChanged),
					Remedy: "the others stay; nightshift run with the study's file puts them back",
					repair: `UPDATE version SET members = NULL WHERE key = ?`, args: []any{v.key},
				})
			}
		}
	}
	return found, nil
}

// badSchema finds views, triggers and indexes that are not as the migrations make them.
// They are made anew; of tables that are not there is nothing that could be done in place.
func (db *DB) badSchema(ctx context.Context) ([]Finding, error) {
	changed, err := db.changedSchema(ctx)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, c := range changed {
		f := Finding{What: "the definition of " + c.name + " is " + ErrChanged.Error(), Remedy: "it is made anew"}
		kind, name, _ := strings.Cut(c.name, " ")
		if kind == "table" || c.text == "" {
			f.Remedy = "nightshift fsck --rescue NEW.db makes a database of what can be read"
		} else {
			f.Whole = true
			f.repair = `DROP ` + kind + ` IF EXISTS "` + name + `"; ` + c.text
		}
		found = append(found, f)
	}
	return found, nil
}

// WithoutData lists the data sets that results need and that are not there, by a run each.
func (db *DB) WithoutData(ctx context.Context) ([]Run, error) {
	return db.runs(ctx, selectRuns+`WHERE run.key IN (SELECT min(run.key) FROM run JOIN cell ON cell.key = run.cell
		WHERE run.`+withResult+` AND cell.data NOT IN (SELECT id FROM dataset) GROUP BY cell.data) ORDER BY run.key`)
}
