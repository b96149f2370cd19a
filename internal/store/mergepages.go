package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// beginAlone opens the database and reads what begin does, by the pages of its file alone: of a small database, reading the
// schema and preparing statements takes longer than all the rest. Meanwhile SQLite keeps everybody from changing the file, and
// that is the database as it was committed where nothing is in a log.
func (o *other) beginAlone(ctx context.Context) error {
	if err := regular(o.path); err != nil {
		return err
	}
	var err error
	if o.file, err = os.Open(o.path); err != nil { // closed behind the database: before, SQLite would lose its locks
		return err
	}
	if o.DB, err = unread(o.path, `mode=ro`); err != nil {
		return err
	}
	o.sql.SetMaxOpenConns(1)
	return atOnce(ctx, o.sql, func() error {
		if o.stamp, err = o.DB.stamp(ctx); err != nil {
			return err
		}
		info, err := o.file.Stat()
		if err != nil || info.Size() > maxWhole || hasLog(o.path) {
			return cmp.Or(err, errPages)
		}
		file := make([]byte, info.Size())
		if _, err := io.ReadFull(o.file, file); err != nil {
			return err
		}
		if o.pages, err = wholeFile(file); err != nil {
			return err
		}
		return o.readAlone(ctx)
	})
}

// readAlone reads everything but the runs behind the first set.
func (o *other) readAlone(ctx context.Context) (err error) {
	p := o.pages
	if !p.empty("remark") {
		return errPages
	}
	o.sets, o.badCells = runsBetween(p.shared.keys), p.runsOfBadCells()
	if o.studies, err = p.studies(); err != nil {
		return err
	}
	if o.datasets, err = p.datasets(); err != nil || len(o.sets) == 0 {
		return err
	}
	if o.first, err = o.read(ctx, o.sets[0]); len(o.sets) == 1 {
		o.pages = nil // which take much memory
	}
	return err
}

// runsOfBadCells are those of cells that are not what was written.
func (p *tablePages) runsOfBadCells() map[string]bool {
	ids := map[string]bool{}
	for _, r := range p.shared.runs {
		if p.shared.cells[r.cell].changed {
			ids[r.id] = true
		}
	}
	return ids
}

// studies are those of readStudies.
func (p *tablePages) studies() ([]otherStudy, error) {
	type row struct {
		otherStudy
		key int64
		set string
		at  sql.Null[string]
	}
	var all []row
	var r row
	var sum sql.Null[int64]
	s := &r.otherStudy.Study
	if err := p.all("study", `key, study, question, yaml, select, set, at, checksum`,
		[]any{&r.key, &s.Study, &s.Question, &s.YAML, &s.Select, &r.set, &r.at, &sum}, func() {
			var at any
			if r.at.Valid {
				at = r.at.V
			}
			r.changed = sum.Valid && sum.V != rowSum("study", s.Study, s.Question, s.YAML, s.Select, r.set, at)
			all = append(all, r)
		}); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b row) int { return cmp.Or(compareTexts(b.at, a.at), cmp.Compare(b.key, a.key)) })
	versions, err := p.versions()
	if err != nil {
		return nil, err
	}
	members, err := p.members()
	if err != nil {
		return nil, err
	}
	nights, err := p.nights()
	if err != nil {
		return nil, err
	}
	list := make([]otherStudy, len(all))
	for i, r := range all {
		s := &list[i]
		*s = r.otherStudy
		if s.At, err = decodeTime(r.at); err != nil {
			return nil, err
		}
		if err = json.Unmarshal([]byte(r.set), &s.Set); err != nil {
			return nil, err
		}
		s.versions, s.nights = versions[r.key], nights[r.key]
		s.join(members, r.set)
	}
	return list, nil
}

// join gives the study's nights and versions its name, and the versions their members, given its --set as it is stored.
func (s *otherStudy) join(members map[int64][]membership, set string) {
	s.members = map[int64][]membership{}
	for i := range s.nights {
		s.nights[i].Study = s.Study.Study
	}
	for i := range s.versions {
		v := &s.versions[i]
		v.study = s.Study.Study
		of := members[v.key]
		for i := range of {
			of[i].newest, of[i].at, of[i].yaml, of[i].set = v.yaml == s.YAML && v.set == set, v.at.V, v.yaml, v.set
		}
		if len(of) > 0 {
			s.members[v.key] = of
		}
	}
}

// compareTexts orders texts as SQLite does, those before all that are not there.
func compareTexts(a, b sql.Null[string]) int {
	if a.Valid != b.Valid {
		if a.Valid {
			return 1
		}
		return -1
	}
	return strings.Compare(a.V, b.V)
}

// versions are those of all studies, by their keys and in the order of time, without the study's name.
func (p *tablePages) versions() (map[int64][]version, error) {
	all := map[int64][]version{}
	var v version
	var of int64
	err := p.all("version", `key, study, at, yaml, set, checksum, members`,
		[]any{&v.key, &of, &v.at, &v.yaml, &v.set, &v.sum, &v.members}, func() { all[of] = append(all[of], v) })
	for _, list := range all {
		slices.SortFunc(list, func(a, b version) int {
			return cmp.Or(compareTexts(a.at, b.at), strings.Compare(a.yaml, b.yaml), strings.Compare(a.set, b.set),
				cmp.Compare(a.key, b.key))
		})
	}
	return all, err
}

// members are those of all versions, by their keys, without what the version says.
func (p *tablePages) members() (map[int64][]membership, error) {
	type placeRow struct {
		label string
		axes  json.RawMessage
	}
	places := map[int64]placeRow{}
	var key int64
	var at placeRow
	var axes []byte
	if err := p.all("place", `key, label, axes`, []any{&key, &at.label, &axes}, func() {
		at.axes = bytes.Clone(axes)
		places[key] = at
	}); err != nil {
		return nil, err
	}
	all := map[int64][]membership{}
	var m membership
	lost := false
	targets := []any{&m.version, &key, &m.position, &m.place, &m.sum}
	if err := p.all("member", `version, run, position, place, checksum`, targets, func() {
		r, ok := p.shared.runs[key]
		at, alsoOK := places[m.place]
		lost = lost || !ok || !alsoOK
		m.RunID, m.cell, m.status, m.CellLabel, m.Axes = r.id, r.cell, r.status, at.label, at.axes
		all[m.version] = append(all[m.version], m)
	}); err != nil || lost {
		return nil, cmp.Or(err, errPages)
	}
	for _, of := range all {
		slices.SortStableFunc(of, func(a, b membership) int { return cmp.Compare(a.position, b.position) })
	}
	return all, nil
}

// nights are those of all studies, by their keys and the first one first, without the study's name.
func (p *tablePages) nights() (map[int64][]Night, error) {
	type row struct {
		Night
		key, of           int64
		started, finished sql.Null[string]
	}
	var rows []row
	var r row
	targets := []any{&r.key, &r.of, &r.started, &r.finished, &r.Workers, &r.Trained,
		toFloat{&r.Forecast}, toFloat{&r.Low}, toFloat{&r.High}, toFloat{&r.Seconds}}
	if err := p.all("night", `key, study, started_at, finished_at, workers, trained, forecast, low, high, seconds`, targets,
		func() { rows = append(rows, r) }); err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(compareTexts(a.started, b.started), cmp.Compare(a.key, b.key)) })
	all := map[int64][]Night{}
	for _, r := range rows {
		n := r.Night
		var err error
		if n.Started, err = decodeTime(r.started); err != nil {
			return nil, err
		}
		if n.Finished, err = decodeTime(r.finished); err != nil {
			return nil, err
		}
		all[r.of] = append(all[r.of], n)
	}
	return all, nil
}

// otherDataset is a data set, or why it cannot be given.
type otherDataset struct {
	Dataset
	err error
}

// dataset is Dataset, of those that were read ahead where they were.
func (o *other) dataset(ctx context.Context, id string) (Dataset, error) {
	if o.datasets == nil {
		return o.Dataset(ctx, id)
	}
	d, ok := o.datasets[id]
	if !ok {
		return Dataset{}, ErrNotFound
	}
	return d.Dataset, d.err
}

// datasets gives all data sets by their identities.
func (p *tablePages) datasets() (map[string]otherDataset, error) {
	all := map[string]otherDataset{}
	var d Dataset
	var c codedDataset
	var sum sql.Null[int64]
	var odd error
	err := p.all("dataset", `id, checksum, `+datasetColumns, append([]any{&d.ID, &sum}, c.targets(&d)...), func() {
		if sum.Valid && sum.V != rowSum("dataset", d.ID, []byte(d.Spec), d.Regression, d.In, d.Out, c.classes, c.warnings,
			encodeFloat(d.NoiseVariance), blob(c.labels), blob(c.numbers), blob(c.truth)) {
			all[d.ID] = otherDataset{err: fmt.Errorf("data set %.24s: %w", d.ID, ErrChanged)}
			return
		}
		d := d
		d.Spec = bytes.Clone(d.Spec)
		odd = cmp.Or(odd, c.decode(&d))
		all[d.ID] = otherDataset{Dataset: d}
	})
	return all, cmp.Or(err, odd)
}

// blob is a value that may not be there.
func blob(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}
