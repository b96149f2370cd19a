package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
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
}

const (
	selectVersions = `SELECT v.key, study.study, v.at, v.yaml, v."set", v.checksum
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
	last, err := db.versions(ctx, `SELECT 0, study, at, yaml, "set", '' FROM study WHERE study = ?`, study)
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
		err := rows.Scan(&v.key, &v.study, &v.at, &v.yaml, &v.set, &v.sum)
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

// newVersion adds what the row of a study says, if it differs from the newest version.
func (in *inserter) newVersion(study int64) error {
	v := version{}
	row := in.tx.QueryRowContext(in.ctx, `SELECT study, at, yaml, "set" FROM study WHERE key = ?1
		AND (yaml, "set") IS NOT (SELECT yaml, "set" FROM version WHERE study = ?1
			ORDER BY at DESC, yaml DESC, "set" DESC LIMIT 1)`, study)
	err := row.Scan(&v.study, &v.at, &v.yaml, &v.set)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return in.version(study, v)
}

// version adds a version, unless it is there.
func (in *inserter) version(study int64, v version) error {
	return in.exec(`INSERT INTO version (study, at, yaml, "set", checksum) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS
		(SELECT 1 FROM version WHERE study = ?1 AND at IS ?2 AND yaml = ?3 AND "set" = ?4)`, study, v.at, v.yaml, v.set, v.checksum())
}

// versions brings those of all studies, which are here already, from another database.
func (m *Merged) versions(ctx context.Context, into, src *DB) error {
	theirs, err := src.versions(ctx, selectVersions+byTime)
	if err != nil {
		return err
	}
	return into.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
		for _, v := range theirs {
			if v.damaged() {
				m.Damaged = append(m.Damaged, Damaged{Label: v.study, What: "a version that is " + ErrChanged.Error() + " is left out"})
				continue
			}
			study, ok, err := in.find(`SELECT key FROM study WHERE study = ?`, v.study)
			if err != nil {
				return err
			}
			if !ok {
				return fmt.Errorf("version of study %s: %w", v.study, ErrNotFound)
			}
			if err := in.version(study, v); err != nil {
				return err
			}
		}
		return nil
	})
}

// badVersions finds those that are not what was written.
func (db *DB) badVersions(ctx context.Context) ([]Finding, error) {
	list, err := db.versions(ctx, selectVersions+`ORDER BY v.key`)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, v := range list {
		if v.damaged() {
			found = append(found, Finding{
				What: fmt.Sprintf("version of study %s of %s: %v", v.study, v.at.V, ErrChanged), Remedy: "it is removed",
				repair: `DELETE FROM version WHERE key = ? AND checksum = ?`, args: []any{v.key, v.sum},
			})
		}
	}
	return found, nil
}
