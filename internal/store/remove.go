package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrTraining is that runs which are to be taken out are being trained.
var ErrTraining = errors.New("runs are being trained")

// Removal is what taking runs out of a study came to, or would come to.
type Removal struct {
	Runs    int  // that the study no longer has
	Deleted int  // of them, with all that they left: no other study has them
	Study   bool // the study itself is deleted: no runs were left
}

// errDry ends a transaction that was only to be tried.
var errDry = errors.New("only tried")

// Remove takes runs out of a study, by their identities, or all of them and the study itself if ids is nil. Runs that no
// other study has are deleted with their curves, outputs, weights and checkpoints. A dry removal only counts. What is being
// trained by one of the owners that are alive is not taken out: the error is ErrTraining.
func (db *DB) Remove(ctx context.Context, study string, ids, alive []string, dry bool) (Removal, error) {
	var done Removal
	err := db.tryOut(ctx, dry, func(r remover) error {
		if err := r.choose(study, ids); err != nil {
			return err
		}
		owners, err := json.Marshal(alive)
		if err != nil {
			return err
		}
		var held int
		if err := r.count(&held, `SELECT count(*) FROM claim JOIN owner ON owner.key = claim.owner
			WHERE run IN (SELECT run FROM temp.chosen) AND owner.id IN (SELECT value FROM json_each(?))`, string(owners)); err != nil {
			return err
		}
		if held > 0 {
			return fmt.Errorf("%d %w; stop that night first", held, ErrTraining)
		}
		return r.takeOut(study, ids == nil, &done)
	})
	return done, err
}

// tryOut deletes in one transaction, of which nothing stays if it is dry.
func (db *DB) tryOut(ctx context.Context, dry bool, f func(remover) error) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		err := f(remover{ctx: ctx, tx: tx})
		if err == nil && dry {
			return errDry
		}
		return err
	})
	if errors.Is(err, errDry) {
		return nil
	}
	return err
}

// remover deletes in one transaction. The runs that are chosen are in a table of the connection.
type remover struct {
	ctx context.Context
	tx  *sql.Tx
}

func (r remover) exec(query string, args ...any) (int, error) {
	result, err := r.tx.ExecContext(r.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

func (r remover) count(to *int, query string, args ...any) error {
	return r.tx.QueryRowContext(r.ctx, query, args...).Scan(to)
}

// choose makes the table of the runs of the study that are among ids, or of all.
func (r remover) choose(study string, ids []string) error {
	if _, err := r.exec(`CREATE TEMP TABLE chosen (run INTEGER PRIMARY KEY)`); err != nil {
		return err
	}
	if ids == nil {
		_, err := r.exec(`INSERT INTO temp.chosen SELECT key FROM run WHERE key IN `+runsOfStudy, study)
		return err
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	_, err = r.exec(`INSERT INTO temp.chosen SELECT key FROM run WHERE key IN `+runsOfStudy+`
		AND id IN (SELECT value FROM json_each(?2))`, study, string(list))
	return err
}

func (r remover) takeOut(study string, whole bool, done *Removal) error {
	if err := r.count(&done.Runs, `SELECT count(*) FROM temp.chosen`); err != nil {
		return err
	}
	const versions = `(SELECT version.key FROM version JOIN study ON study.key = version.study WHERE study.study = ?1)`
	steps := []string{`DELETE FROM member WHERE version IN ` + versions + ` AND run IN (SELECT run FROM temp.chosen)`,
		// The checksum of a version's members is the sum of theirs, in whole numbers of 64 bits that run over, which sum()
		// refuses.
		`UPDATE version SET members = NULL WHERE key IN ` + versions}
	if whole {
		steps = []string{`DELETE FROM spare WHERE "table" = 'version' AND "row" IN ` + versions,
			`DELETE FROM spare WHERE key = -(SELECT key FROM study WHERE study = ?1)`, `DELETE FROM study WHERE study = ?1`}
	}
	for _, step := range steps {
		if _, err := r.exec(step, study); err != nil {
			return err
		}
	}
	if err := newInserter(r.ctx, r.tx).sumMembers(); err != nil {
		return err
	}
	var err error
	done.Deleted, err = r.exec(`DELETE FROM run WHERE key IN (SELECT run FROM temp.chosen) AND key NOT IN (SELECT run FROM member)`)
	if err != nil {
		return err
	}
	done.Study = whole
	_, err = r.exec(`DROP TABLE temp.chosen`)
	return err
}

// Garbage is what nothing needs.
type Garbage struct {
	Orphans     int // runs that belong to no study
	Checkpoints int // of runs that have a result, their final states included
	Rows        int // configurations, places, programs, data sets and copies that no run has
}

// Collect deletes what nothing needs; a dry collection only counts. It gives no room back: see Compact.
func (db *DB) Collect(ctx context.Context, dry bool) (Garbage, error) {
	var g Garbage
	err := db.tryOut(ctx, dry, func(r remover) error {
		const held = ` AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.run = ` // a night may want it
		for _, step := range []struct {
			n     *int
			query string
		}{
			{&g.Orphans, `DELETE FROM run WHERE key NOT IN (SELECT run FROM member)` + held + `run.key)`},
			{&g.Checkpoints, `DELETE FROM checkpoint WHERE run IN (SELECT key FROM run WHERE status IN ('done', 'diverged'))` + held +
				`checkpoint.run)`},
			{&g.Rows, `DELETE FROM cell WHERE key NOT IN (SELECT cell FROM run)`},
			{&g.Rows, `DELETE FROM place WHERE key NOT IN (SELECT place FROM member)`},
			{&g.Rows, `DELETE FROM maker WHERE key NOT IN (SELECT maker FROM run)
				AND key NOT IN (SELECT maker FROM conflict) AND key NOT IN (SELECT maker FROM checkpoint WHERE maker IS NOT NULL)`},
			{&g.Rows, `DELETE FROM dataset WHERE id NOT IN (SELECT data FROM cell)`},
			{&g.Rows, `DELETE FROM spare WHERE "table" = 'cell' AND "row" NOT IN (SELECT key FROM cell)`},
			{&g.Rows, `DELETE FROM spare WHERE "table" = 'place' AND "row" NOT IN (SELECT key FROM place)`},
			{&g.Rows, `DELETE FROM spare WHERE "table" = 'maker' AND "row" NOT IN (SELECT key FROM maker)`},
			{&g.Rows, `DELETE FROM spare WHERE "table" = 'version' AND "row" NOT IN (SELECT key FROM version)`},
			{&g.Rows, `DELETE FROM spare WHERE "table" = 'study' AND "row" NOT IN (SELECT key FROM study)`},
		} {
			n, err := r.exec(step.query)
			if err != nil {
				return err
			}
			*step.n += n
		}
		return nil
	})
	return g, err
}

// Compact gives the room of what was deleted back to the disk. For a while it takes as much again; nobody may read or write
// meanwhile.
func (db *DB) Compact(ctx context.Context) error {
	for _, step := range []string{`VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} {
		if _, err := db.sql.ExecContext(ctx, step); err != nil {
			return fault(err)
		}
	}
	return nil
}
