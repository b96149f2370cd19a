package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Why a run or data set cannot be given.
var (
	ErrNotFound  = errors.New("not in the database")
	ErrAmbiguous = errors.New("more than one run begins like this")
)

// Statuses gives the state of every run that the database knows.
func (db *DB) Statuses(ctx context.Context) (map[string]Status, error) {
	statuses := map[string]Status{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id, status string
		if err := rows.Scan(&id, &status); err != nil {
			return err
		}
		statuses[id] = Status(status)
		return nil
	}, `SELECT id, status FROM run`)
	return statuses, err
}

// State is how far a run is.
type State struct {
	Status  Status
	Epochs  int     // finished, or until its last checkpoint
	Seconds float64 // of training until then
	Holder  string  // identity of the owner that holds it; "" for nobody
	Reason  string  // of a run that is trained or interrupted: why the process before was ended
}

// States gives the state of every run that the database knows.
func (db *DB) States(ctx context.Context) (map[string]State, error) {
	states := map[string]State{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id string
		var s State
		if err := rows.Scan(&id, (*string)(&s.Status), &s.Epochs, toFloat{&s.Seconds}, &s.Holder, &s.Reason); err != nil {
			return err
		}
		states[id] = s
		return nil
	}, `SELECT run.id, status, epochs, seconds, coalesce(owner.id, ''),
			CASE WHEN status IN ('`+string(Running)+`', '`+string(Interrupted)+`') THEN reason ELSE '' END
		FROM run LEFT JOIN claim ON claim.run = run.key LEFT JOIN owner ON owner.key = claim.owner`)
	return states, err
}

// Studies lists the studies, the one trained last first.
func (db *DB) Studies(ctx context.Context) ([]Study, error) { return db.studies(ctx, "") }

func (db *DB) studies(ctx context.Context, where string, args ...any) ([]Study, error) {
	var list []Study
	err := db.read(ctx, func(rows *sql.Rows) error {
		var s Study
		var set string
		var at sql.Null[string]
		if err := rows.Scan(&s.Study, &s.Question, &s.YAML, &s.Select, &set, &at); err != nil {
			return err
		}
		var err error
		if s.At, err = decodeTime(at); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(set), &s.Set); err != nil {
			return err
		}
		list = append(list, s)
		return nil
	}, `SELECT study, question, yaml, "select", "set", at FROM study `+where+` ORDER BY at DESC, key DESC`, args...)
	return list, err
}

// selectRuns selects the columns that scanRun takes. What follows the join may
// go on joining.
var selectRuns = `SELECT run.id, cell.id, cell.label, cell.data, cell.config, status, reason, stack,
		seed_data, seed_init, seed_order,
		parameters, epochs, seconds, started_at, finished_at, digest,
		version, "commit", dirty, go, os, cpu, host, kernel, ` + metricColumns + `
	FROM run JOIN cell ON cell.key = run.cell JOIN maker ON maker.key = run.maker `

// shared holds what many runs have in common once for all of them.
type shared struct {
	configs map[string]json.RawMessage
	makers  map[Provenance]Provenance
}

func scanRun(rows *sql.Rows, s shared) (Run, error) {
	var r Run
	var config sql.RawBytes
	var started, finished sql.Null[string]
	var seedData, seedInit, seedOrder int64
	targets := []any{
		&r.ID, &r.Cell, &r.Label, &r.Data, &config, (*string)(&r.Status), &r.Reason, &r.Stack, &seedData, &seedInit, &seedOrder,
		&r.Parameters, &r.Epochs, toFloat{&r.Seconds}, &started, &finished, &r.Digest,
		&r.Version, &r.Commit, &r.Dirty, &r.Go, &r.OS, &r.CPU, &r.Host, &r.Kernel,
	}
	if err := rows.Scan(append(targets, metricTargets(&r.Train, &r.Valid, &r.Test)...)...); err != nil {
		return Run{}, err
	}
	s.config(&r, config)
	s.maker(&r)
	r.SeedData, r.SeedInit, r.SeedOrder = uint64(seedData), uint64(seedInit), uint64(seedOrder)
	var err error
	if r.Started, err = decodeTime(started); err != nil {
		return Run{}, err
	}
	r.Finished, err = decodeTime(finished)
	return r, err
}

func (s shared) config(r *Run, text []byte) {
	config, ok := s.configs[string(text)]
	if !ok {
		config = bytes.Clone(text)
		s.configs[string(text)] = config
	}
	r.Config = config
}

func (s shared) maker(r *Run) {
	if known, ok := s.makers[r.Provenance]; ok {
		r.Provenance = known
		return
	}
	s.makers[r.Provenance] = r.Provenance
}

func (db *DB) runs(ctx context.Context, query string, args ...any) ([]Run, error) {
	var list []Run
	s := shared{map[string]json.RawMessage{}, map[Provenance]Provenance{}}
	err := db.read(ctx, func(rows *sql.Rows) error {
		r, err := scanRun(rows, s)
		list = append(list, r)
		return err
	}, query, args...)
	return list, err
}

// Runs lists the members of a study as StudyRuns does, or the runs of all studies if study is "".
func (db *DB) Runs(ctx context.Context, study string) ([]Run, error) {
	if study == "" {
		return db.runs(ctx, selectRuns+`ORDER BY run.key`)
	}
	members, err := db.StudyRuns(ctx, study)
	if err != nil {
		return nil, err
	}
	list, err := db.runs(ctx, selectRuns+`WHERE run.key IN `+runsOfStudy, study)
	if err != nil {
		return nil, err
	}
	return asMembers(list, members), nil
}

// asMembers orders runs as the members of a study, and leaves out what is none.
func asMembers(list []Run, members []StudyRun) []Run {
	place := make(map[string]int, len(members))
	for i, m := range members {
		place[m.RunID] = i
	}
	list = slices.DeleteFunc(list, func(r Run) bool { _, ok := place[r.ID]; return !ok })
	slices.SortFunc(list, func(a, b Run) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return list
}

// RunsWith lists those of some runs that are known, in no order.
func (db *DB) RunsWith(ctx context.Context, ids []string) ([]Run, error) {
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return db.runs(ctx, selectRuns+`WHERE run.id IN (SELECT value FROM json_each(?))`, string(wanted))
}

// Run finds a run by an unambiguous prefix of its identity. Otherwise the
// error is ErrNotFound, or ErrAmbiguous with some of the candidates.
func (db *DB) Run(ctx context.Context, prefix string) (Run, error) {
	const shown = 5
	// No identity has a character beyond U+10FFFF, so this is the prefix's range of the index.
	found, err := db.runs(ctx, selectRuns+`WHERE run.id >= ?1 AND run.id < ?1 || char(0x10ffff) ORDER BY run.id LIMIT ?2`,
		prefix, shown+1)
	switch {
	case err != nil:
		return Run{}, err
	case len(found) == 0:
		return Run{}, fmt.Errorf("run %q: %w", prefix, ErrNotFound)
	case len(found) == 1 || found[0].ID == prefix:
		return found[0], nil
	}
	var candidates []string
	for _, r := range found[:min(shown, len(found))] {
		candidates = append(candidates, fmt.Sprintf("%.12s (%s)", r.ID, r.Label))
	}
	if len(found) > shown {
		candidates = append(candidates, "...")
	}
	return Run{}, fmt.Errorf("run %q: %w: %s", prefix, ErrAmbiguous, strings.Join(candidates, ", "))
}

// epochColumns names the columns that epochTargets takes.
var epochColumns = `epoch, steps, lr, distance, seconds, ` + metricColumns

func epochTargets(e *Epoch) []any {
	targets := []any{&e.Epoch, &e.Steps, toFloat{&e.LR}, toFloat{&e.Distance}, toFloat{&e.Seconds}}
	return append(targets, metricTargets(&e.Train, &e.Valid, &e.Test)...)
}

// Epochs gives the epochs of one run in order.
func (db *DB) Epochs(ctx context.Context, id string) ([]Epoch, error) {
	var list []Epoch
	err := db.read(ctx, func(rows *sql.Rows) error {
		var e Epoch
		err := rows.Scan(epochTargets(&e)...)
		list = append(list, e)
		return err
	}, `SELECT `+epochColumns+` FROM epoch WHERE run = (SELECT key FROM run WHERE id = ?) ORDER BY epoch`, id)
	return list, err
}

// StudyEpochs gives the epochs of all the runs of a study by run, and the runs of
// which they are not what was written or cannot be read, which are left out.
func (db *DB) StudyEpochs(ctx context.Context, study string) (all map[string][]Epoch, changed []string, err error) {
	sums, err := db.checksums(ctx, `AND key IN `+runsOfStudy, study)
	if err != nil {
		return nil, nil, err
	}
	all = map[string][]Epoch{}
	err = db.EachEpoch(ctx, study, func(id string, e *Epoch) error {
		all[id] = append(all[id], *e)
		return nil
	})
	if unreadable(ctx, err) {
		all, err = db.epochsOneByOne(ctx, study)
	}
	if err != nil {
		return nil, nil, err
	}
	for id, sum := range sums {
		if !unchangedPart(sum, epochPart, Result{Epochs: all[id]}) {
			changed = append(changed, id)
			delete(all, id)
		}
	}
	slices.Sort(changed)
	return all, changed, nil
}

// epochsOneByOne gives the epochs of those runs of a study that have readable ones; none of the others.
func (db *DB) epochsOneByOne(ctx context.Context, study string) (map[string][]Epoch, error) {
	members, err := db.StudyRuns(ctx, study)
	if err != nil {
		return nil, err
	}
	all := map[string][]Epoch{}
	for _, m := range members {
		epochs, err := db.Epochs(ctx, m.RunID)
		if err != nil && !unreadable(ctx, err) {
			return nil, err
		}
		all[m.RunID] = epochs
	}
	return all, nil
}

// Layers gives what was measured of a run's layers, by epoch and layer; with the error
// ErrChanged where that is not what was written.
func (db *DB) Layers(ctx context.Context, id string) ([]Layer, error) {
	list, err := db.layers(ctx, id)
	if err != nil {
		return nil, changed(ctx, err)
	}
	return list, db.holdPart(ctx, id, layerPart, Result{Layers: list})
}

func (db *DB) layers(ctx context.Context, id string) ([]Layer, error) {
	var list []Layer
	err := db.read(ctx, func(rows *sql.Rows) error {
		var l Layer
		targets := []any{&l.Epoch, &l.Layer}
		for _, v := range l.Fields() {
			targets = append(targets, toFloat{v})
		}
		err := rows.Scan(targets...)
		list = append(list, l)
		return err
	}, `SELECT layer.epoch, layer.layer, `+layerColumns+`
		FROM run JOIN layer ON layer.run = run.key WHERE run.id = ? ORDER BY layer.epoch, layer.layer`, id)
	return list, err
}

// Outputs gives the logits of a finished run on the test split, [n, out]; nil where it has left none,
// and ErrChanged where they are not what was written.
func (db *DB) Outputs(ctx context.Context, id string) ([]float32, error) {
	logits, err := db.outputs(ctx, id)
	if err != nil {
		return nil, changed(ctx, err)
	}
	return logits, db.holdPart(ctx, id, outputPart, Result{Outputs: logits})
}

// holdPart holds a part of what a run has left against its checksum. The index of
// identities may lead to another run's row, so the row is asked whose it is.
func (db *DB) holdPart(ctx context.Context, id string, p part, r Result) error {
	var of, sum string
	err := db.sql.QueryRowContext(ctx, `SELECT whole.id, whole.checksum FROM run JOIN run AS whole ON whole.key = run.key
		WHERE run.id = ?`, id).Scan(&of, &sum)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("run %.12s: %w", id, ErrNotFound)
	case err != nil:
		return fmt.Errorf("run %.12s: %w", id, changed(ctx, fault(err)))
	case of != id || !unchangedPart(sum, p, r):
		return fmt.Errorf("run %.12s: what it has left is %w", id, ErrChanged)
	}
	return nil
}

func (db *DB) outputs(ctx context.Context, id string) ([]float32, error) {
	var logits []byte
	err := db.sql.QueryRowContext(ctx, `SELECT logits
		FROM run LEFT JOIN output ON output.run = run.key WHERE run.id = ?`, id).Scan(&logits)
	if err != nil {
		return nil, fmt.Errorf("outputs of run %s: %w", id, fault(notFound(err)))
	}
	return decodeArray[float32](logits)
}

// Weights gives the snapshots that were kept of a run's weights, by epoch.
func (db *DB) Weights(ctx context.Context, id string) ([]Snapshot, error) {
	var list []Snapshot
	err := db.read(ctx, func(rows *sql.Rows) error {
		var s Snapshot
		err := rows.Scan(&s.Epoch, &s.Tensors)
		list = append(list, s)
		return err
	}, `SELECT weight.epoch, weight.tensors FROM run JOIN weight ON weight.run = run.key
		WHERE run.id = ? ORDER BY weight.epoch`, id)
	return list, err
}

// WeightEpochs lists the epochs whose weights were kept, by run.
func (db *DB) WeightEpochs(ctx context.Context) (map[string][]int, error) {
	kept := map[string][]int{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id string
		var epoch int
		err := rows.Scan(&id, &epoch)
		kept[id] = append(kept[id], epoch)
		return err
	}, `SELECT run.id, weight.epoch FROM weight JOIN run ON run.key = weight.run ORDER BY weight.run, weight.epoch`)
	return kept, err
}

// Dataset gives what is known of a data set; the error is ErrNotFound if that is
// nothing, and ErrChanged if it is not what was written.
func (db *DB) Dataset(ctx context.Context, id string) (Dataset, error) {
	d := Dataset{ID: id}
	damaged := false
	for _, s := range summedTables {
		if s.table != "dataset" {
			continue
		}
		if err := s.rows(ctx, db.sql, `WHERE t.id = ?`, func(_ int64, had sql.Null[int64], now int64, _ []any) {
			damaged = had.Valid && had.V != now
		}, id); err != nil {
			return Dataset{}, fmt.Errorf("data set %s: %w", id, changed(ctx, err))
		}
	}
	if damaged {
		return Dataset{}, fmt.Errorf("data set %.24s: %w; see nightshift fsck", id, ErrChanged)
	}
	var classes, warnings, labels, targets, truth []byte
	err := db.sql.QueryRowContext(ctx, `SELECT spec, regression, inputs, outputs, classes, warnings, noise_variance,
			test_labels, test_targets, test_truth
		FROM dataset WHERE id = ?`, id).
		Scan((*[]byte)(&d.Spec), &d.Regression, &d.In, &d.Out, &classes, &warnings, toFloat{&d.NoiseVariance}, &labels, &targets,
			&truth)
	if err == nil {
		err = json.Unmarshal(classes, &d.Classes)
	}
	if err == nil && string(warnings) != "[]" {
		err = json.Unmarshal(warnings, &d.Warnings)
	}
	if err == nil {
		d.TestLabels, err = decodeArray[int32](labels)
	}
	if err == nil {
		d.TestTargets, err = decodeArray[float32](targets)
	}
	if err == nil {
		d.TestTruth, err = decodeArray[float32](truth)
	}
	if err != nil {
		return Dataset{}, fmt.Errorf("data set %s: %w", id, changed(ctx, fault(notFound(err))))
	}
	return d, nil
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// read calls scan for every row of a query.
func (db *DB) read(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := db.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("reading the database: %w", fault(err))
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("reading the database: %w", fault(err))
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the database: %w", fault(err))
	}
	return nil
}
