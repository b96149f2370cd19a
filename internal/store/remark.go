package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// RemarkKind says what a remark is.
type RemarkKind string

// The kinds of remarks: sentences, of which there may be many with their times, and words to find things by.
const (
	Note RemarkKind = "note"
	Tag  RemarkKind = "tag"
)

// Remark is a note or a tag that somebody has put to a study or a run: just one of Study and Run is not "".
type Remark struct {
	Study string
	Run   string // its identity
	Kind  RemarkKind
	Text  string
	At    time.Time
}

// sameRemark is the condition on a row of remark that it says the same of the same.
const sameRemark = `study IS (SELECT key FROM study WHERE study = ?1) AND run IS (SELECT key FROM run WHERE id = ?2)
	AND kind = ?3 AND text = ?4`

// PutRemarks adds remarks; those that are there stay as they are, whenever they were made. A study or
// a run that is not there is ErrNotFound.
func (db *DB) PutRemarks(ctx context.Context, remarks ...Remark) error {
	err := db.insert(ctx, func(in *inserter) error {
		for _, r := range remarks {
			if err := in.remark(r); err != nil {
				return fmt.Errorf("%s of %s%.12s: %w", r.Kind, r.Study, r.Run, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("recording a %w", err)
	}
	return nil
}

func (in *inserter) remark(r Remark) error {
	_, ok, err := in.find(`SELECT key FROM run WHERE id = ?2 UNION ALL SELECT key FROM study WHERE study = ?1`, r.Study, r.Run)
	if err != nil {
		return err
	}
	if !ok {
		return ErrNotFound
	}
	return in.exec(`INSERT INTO remark (study, run, kind, text, at, checksum)
		SELECT (SELECT key FROM study WHERE study = ?1), (SELECT key FROM run WHERE id = ?2), ?3, ?4, ?5, ?6
		WHERE NOT EXISTS (SELECT 1 FROM remark WHERE `+sameRemark+`)`,
		r.Study, r.Run, string(r.Kind), r.Text, encodeTime(r.At), r.sum())
}

// RemoveRemarks takes remarks away, and says how many of them were there.
func (db *DB) RemoveRemarks(ctx context.Context, remarks ...Remark) (n int, err error) {
	err = db.write(ctx, func(tx *sql.Tx) error {
		for _, r := range remarks {
			result, err := tx.ExecContext(ctx, `DELETE FROM remark WHERE `+sameRemark, r.Study, r.Run, string(r.Kind), r.Text)
			if err != nil {
				return err
			}
			gone, err := result.RowsAffected()
			if err != nil {
				return err
			}
			n += int(gone)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("removing a remark: %w", err)
	}
	return n, nil
}

// Remarks lists those about a study and about its runs, the oldest first.
func (db *DB) Remarks(ctx context.Context, study string) ([]Remark, error) {
	list, _, err := db.remarks(ctx, `WHERE study.study = ?1 OR remark.run IN `+runsOfStudy, study)
	return list, err
}

// StudyRemarks lists those about studies themselves, the oldest first.
func (db *DB) StudyRemarks(ctx context.Context) ([]Remark, error) {
	list, _, err := db.remarks(ctx, `WHERE remark.study IS NOT NULL`)
	return list, err
}

// RunRemarks lists those about a run by its whole identity, the oldest first.
func (db *DB) RunRemarks(ctx context.Context, run string) ([]Remark, error) {
	list, _, err := db.remarks(ctx, `WHERE run.id = ?`, run)
	return list, err
}

// remarks lists those that a condition leaves, and counts the others of them, which are not what was written.
func (db *DB) remarks(ctx context.Context, where string, args ...any) (list []Remark, changed int, err error) {
	err = db.read(ctx, func(rows *sql.Rows) error {
		var r Remark
		var at sql.Null[string]
		var sum sql.Null[int64]
		err := rows.Scan(&r.Study, &r.Run, &r.Kind, &r.Text, &at, &sum)
		if err != nil {
			return err
		}
		if r.At, err = decodeTime(at); err != nil || sum.V != r.sum() {
			changed++
			return nil
		}
		list = append(list, r)
		return nil
	}, `SELECT coalesce(study.study, ''), coalesce(run.id, ''), kind, text, remark.at, remark.checksum FROM remark
		LEFT JOIN study ON study.key = remark.study LEFT JOIN run ON run.key = remark.run `+where+`
		ORDER BY remark.at, remark.key`, args...)
	return list, changed, err
}

// sum is the checksum of its row.
func (r Remark) sum() int64 {
	return rowSum("remark", r.Study, r.Run, string(r.Kind), r.Text, encodeTime(r.At))
}

// remarks brings those of another database about what is here by now.
func (m *Merged) remarks(ctx context.Context, into *DB, theirs []Remark, changed int) error {
	if changed > 0 {
		what := fmt.Sprintf("%d are %v, and left out", changed, ErrChanged)
		m.Damaged = append(m.Damaged, Damaged{Label: "notes and tags", What: what})
	}
	if len(theirs) == 0 {
		return nil
	}
	return into.insert(ctx, func(in *inserter) error {
		for _, r := range theirs {
			if err := in.remark(r); err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
		}
		return nil
	})
}
