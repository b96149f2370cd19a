package export

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"nightshift/internal/file"
	"nightshift/internal/metric"
	"nightshift/internal/store"
)

// TensorBoard writes event files below a folder, that tensorboard --logdir shows: one for the study with its hyperparameters,
// and for each run, in a folder of its cell and seeds, its curves by split (train, valid, test). Of the plug-in hparams, the
// runs of a cell are a group. It gives the number of runs. Files of runs that are there are replaced.
func TensorBoard(ctx context.Context, db *store.DB, study, folder string) (int, error) {
	m, err := readMembers(ctx, db, study)
	if err != nil {
		return 0, err
	}
	var first time.Time
	for _, r := range m.runs {
		if !r.Started.IsZero() && (first.IsZero() || r.Started.Before(first)) {
			first = r.Started
		}
	}
	root := newEvent(unix(first), 0).plugin(experimentAt, hparams, m.experiment(study, unix(first)))
	if err := writeEvents(folder, first, root); err != nil {
		return 0, err
	}
	byID := map[string]store.Run{}
	for _, r := range m.runs {
		byID[r.ID] = r
	}
	written := map[string]bool{}
	write := func(id string, epochs []store.Epoch) error {
		r := byID[id]
		written[id] = true
		return m.session(r, epochs, filepath.Join(folder, pathWord(m.label(id)), session(r)))
	}
	current, epochs := "", []store.Epoch(nil)
	err = db.EachEpoch(ctx, study, func(id string, e *store.Epoch) error {
		var err error
		if id != current && current != "" {
			err = write(current, epochs)
			epochs = epochs[:0]
		}
		current, epochs = id, append(epochs, *e)
		return err
	})
	if err == nil && current != "" {
		err = write(current, epochs)
	}
	for _, r := range m.runs {
		if err == nil && !written[r.ID] {
			err = write(r.ID, nil)
		}
	}
	return len(m.runs), err
}

// session writes the files of one run: what it is, and the curves of each split, which lie in folders below.
func (m members) session(r store.Run, epochs []store.Epoch, folder string) error {
	began := newEvent(unix(r.Started), 0).plugin(beginAt, hparams, m.begin(r))
	ended := newEvent(unix(r.Started)+r.Seconds, 0).plugin(endAt, hparams, end(r))
	if err := writeEvents(folder, r.Started, began, ended); err != nil {
		return fmt.Errorf("run %.12s: %w", r.ID, err)
	}
	for i, split := range metric.Splits() {
		var curve []event
		for _, e := range epochs {
			of := [...]*store.Metrics{&e.Train, &e.Valid, &e.Test}[i]
			var tags []string
			var values []float64
			for j, n := range of.Fields() {
				if n.Valid {
					tags, values = append(tags, metric.All()[j].Name), append(values, n.V)
				}
			}
			if tags != nil {
				curve = append(curve, newEvent(unix(r.Started)+e.Seconds, int64(e.Epoch)).scalars(tags, values))
			}
		}
		if curve == nil {
			continue
		}
		if err := writeEvents(filepath.Join(folder, split), r.Started, curve...); err != nil {
			return fmt.Errorf("run %.12s: %w", r.ID, err)
		}
	}
	return nil
}

// writeEvents writes a file whose name TensorBoard takes for one of its own.
func writeEvents(folder string, at time.Time, events ...event) error {
	var b bytes.Buffer
	for _, e := range append([]event{version(unix(at))}, events...) {
		if err := e.writeTo(&b); err != nil {
			return err
		}
	}
	return file.Replace(filepath.Join(folder, fmt.Sprintf("events.out.tfevents.%010d.nightshift", int64(unix(at)))), b.Bytes())
}

// session names a run by its seeds and its identity.
func session(r store.Run) string {
	return fmt.Sprintf("data%d-init%d-order%d-%.8s", r.SeedData, r.SeedInit, r.SeedOrder, r.ID)
}

// unix is a moment in seconds since 1970; 0 for none.
func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

// pathWord is a label as the name of a folder on every system.
func pathWord(label string) string {
	word := strings.Map(func(r rune) rune {
		switch {
		case r == ' ', r == ',', r == '/', r == '\\', r == ':', r == '*', r == '?', r == '"', r == '<', r == '>', r == '|',
			r < ' ', r == 0x7f:
			return '_'
		}
		return r
	}, label)
	word = strings.Trim(strings.ReplaceAll(word, "__", "_"), "._")
	if word == "" {
		return "cell"
	}
	const longest = 100
	if runes := []rune(word); len(runes) > longest {
		return string(runes[:longest])
	}
	return word
}
