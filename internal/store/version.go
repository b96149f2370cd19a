package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// StudyVersion is what a study said from some time on: its file, and what the
// command line set.
type StudyVersion struct {
	At   time.Time
	YAML string
	Set  []string
}

// version is a row of the table of this name.
type version struct {
	key              int64
	study, yaml, set string
	at               sql.Null[string]
	sum              string // "" where it was not taken
	members          sql.Null[int64]
}

const (
	selectVersions = `SELECT v.key, study.study, v.at, v.yaml, v."set", v.checksum, v.members
		FROM version AS v JOIN study ON study.key = v.study `
	byTime = `ORDER BY v.at, v.yaml, v."set", v.key`
)

// StudyVersions lists the versions of a study in the order of time, the last of
// which is what Studies gives. Databases that were merged may have recorded the
// same version one after the other: it counts once, from the first time on. The
// error is ErrNotFound for a study that is not known, and ErrChanged where a
// version is not what was written; the list has the others then.
func (db *DB) StudyVersions(ctx context.Context, study string) ([]StudyVersion, error) {
	recorded, err := db.versions(ctx, selectVersions+`WHERE study.study = ? `+byTime, study)
	if err != nil {
		return nil, err
	}
	last, err := db.versions(ctx, `SELECT 0, study, at, yaml, "set", '', NULL FROM study WHERE study = ?`, study)
	if err != nil {
		return nil, err
	}
	if len(last) == 0 {
		return nil, fmt.Errorf("study %s: %w", study, ErrNotFound)
	}
	var list []StudyVersion
	var before version
	var damaged error
	for _, v := range append(recorded, last...) {
		if v.damaged() {
			damaged = fmt.Errorf("versions of study %s: %w; see nightshift fsck", study, ErrChanged)
			continue
		}
		if len(list) > 0 && v.yaml == before.yaml && v.set == before.set {
			continue
		}
		s := StudyVersion{YAML: v.yaml}
		if s.At, err = decodeTime(v.at); err != nil {
			return nil, fmt.Errorf("versions of study %s: %w", study, err)
		}
		if err := json.Unmarshal([]byte(v.set), &s.Set); err != nil {
			return nil, fmt.Errorf("versions of study %s: %w", study, err)
		}
		list, before = append(list, s), v
	}
	return list, damaged
}

func (db *DB) versions(ctx context.Context, query string, args ...any) ([]version, error) {
	var list []version
	err := db.read(ctx, func(rows *sql.Rows) error {
		var v version
		err := rows.Scan(&v.key, &v.study, &v.at, &v.yaml, &v.set, &v.sum, &v.members)
		list = append(list, v)
		return err
	}, query, args...)
	return list, err
}

func (v version) checksum() string {
	h := sha256.New()
	for _, s := range []string{v.study, v.at.V, v.yaml, v.set} {
		fmt.Fprintf(h, "%d %s\n", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// damaged says whether a version is not what was written.
func (v version) damaged() bool { return v.sum != "" && v.sum != v.checksum() }

// newestVersion gives the key of a study's newest version, after adding what the
// row of the study says if that differs from it, or if these members show that
// the data of the study are others by now.
func (in *inserter) newestVersion(study int64, members []memberRow) (int64, error) {
	v := version{}
	if err := in.tx.QueryRowContext(in.ctx, `SELECT study, at, yaml, "set" FROM study WHERE key = ?`, study).
		Scan(&v.study, &v.at, &v.yaml, &v.set); err != nil {
		return 0, err
	}
	newest, same, err := in.find(`SELECT key FROM (SELECT key, yaml, "set" FROM version WHERE study = ?1
			ORDER BY at DESC, yaml DESC, "set" DESC LIMIT 1) WHERE yaml = ?2 AND "set" = ?3`, study, v.yaml, v.set)
	if same && err == nil {
		var other bool
		if other, err = in.otherData(newest, members); err == nil && !other {
			return newest, nil
		}
	}
	if err != nil {
		return 0, err
	}
	return in.version(study, v)
}

// otherData says whether a version has another cell at the place of one of these members,
// as when the same file reads data that have changed.
func (in *inserter) otherData(version int64, members []memberRow) (bool, error) {
	rows, err := in.tx.QueryContext(in.ctx, `SELECT DISTINCT member.place, run.cell
		FROM member JOIN run ON run.key = member.run WHERE member.version = ?`, version)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	cells := map[int64][]int64{} // by place
	for rows.Next() {
		var place, cell int64
		if err := rows.Scan(&place, &cell); err != nil {
			return false, err
		}
		cells[place] = append(cells[place], cell)
	}
	if err := rows.Err(); err != nil {
		return false, err
	}
	for _, m := range members {
		there := cells[m.place]
		if there == nil {
			continue
		}
		cell, _, err := in.find(`SELECT cell FROM run WHERE key = ?`, m.run)
		if err != nil || !slices.Contains(there, cell) {
			return true, err
		}
	}
	return false, nil
}

// version gives the key of a version, which is added unless it is there.
func (in *inserter) version(study int64, v version) (int64, error) {
	key, _, err := in.knownVersion(study, v)
	return key, err
}

// knownVersion is version, and says whether it was added.
func (in *inserter) knownVersion(study int64, v version) (key int64, isNew bool, err error) {
	key, ok, err := in.find(`SELECT key FROM version WHERE study = ? AND at IS ? AND yaml = ? AND "set" = ?`,
		study, v.at, v.yaml, v.set)
	if ok || err != nil {
		return key, false, err
	}
	key, err = in.insert(`INSERT INTO version (study, at, yaml, "set", checksum) VALUES (?,?,?,?,?)`,
		study, v.at, v.yaml, v.set, v.checksum())
	return key, true, err
}

// badVersions finds those that are not what was written.
func (db *DB) badVersions(ctx context.Context) ([]Finding, error) {
	list, err := db.versions(ctx, selectVersions+`ORDER BY v.key`)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, v := range list {
		if !v.damaged() {
			continue
		}
		f := Finding{
			What: fmt.Sprintf("version of study %s of %s: %v", v.study, v.at.V, ErrChanged), Remedy: "it is removed",
			repair: `DELETE FROM version WHERE key = ? AND checksum = ?`, args: []any{v.key, v.sum},
		}
		copied := version{study: v.study}
		var key, of int64
		err := db.sql.QueryRowContext(ctx, fromSpare("version")+` AND "row" = ? ORDER BY key DESC LIMIT 1`, v.key).
			Scan(&key, &of, &copied.at, &copied.yaml, &copied.set, &copied.sum)
		if err == nil && copied.sum != "" && !copied.damaged() {
			f.Remedy, f.Whole = "it is restored from its copy", true
			f.repair = `UPDATE version SET (at, yaml, "set", checksum) = (?, ?, ?, ?) WHERE key = ?`
			f.args = []any{copied.at, copied.yaml, copied.set, copied.sum, v.key}
		}
		found = append(found, f)
	}
	return found, nil
}
