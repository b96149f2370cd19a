package networks

import (
	"context"
	"errors"
	"fmt"

	"nightshift/internal/array"
	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// ErrNoWeights and ErrNoData say why a network cannot be re-evaluated: its weights were
// not kept, or the examples that it was trained on are not there.
var (
	ErrNoWeights = errors.New("no weights were kept")
	ErrNoData    = errors.New("the data are not there as they were")
)

// Source reads networks and their examples. It belongs to one goroutine.
type Source struct {
	Cache    Cache
	Progress func(what string, done, total int) // may be nil

	db     *store.DB
	files  *dataset.Files
	loaded map[string]*dataset.Data
	about  map[string]dataset.About
}

// NewSource reads networks from a database and real data through files.
func NewSource(db *store.DB, files *dataset.Files) *Source {
	return &Source{db: db, files: files, loaded: map[string]*dataset.Data{}, about: map[string]dataset.About{}}
}

// Kept is a network as it was after an epoch.
type Kept struct {
	Epoch   int
	Digest  string // of the weights
	Tensors []mlp.Tensor
}

// Kept gives the networks that were kept of a run, by epoch. The error is ErrNoWeights
// where there are none.
func (s *Source) Kept(ctx context.Context, id string) ([]Kept, error) {
	snapshots, err := s.db.Weights(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(snapshots) == 0 {
		return nil, fmt.Errorf("run %s: %w", study.ShortID(id), ErrNoWeights)
	}
	var all []Kept
	for _, snapshot := range snapshots {
		tensors, err := array.ReadSafetensors(snapshot.Tensors)
		if err != nil {
			return nil, fmt.Errorf("weights of run %s after epoch %d: %w", study.ShortID(id), snapshot.Epoch, err)
		}
		k := Kept{Epoch: snapshot.Epoch, Digest: digest(snapshot.Tensors)}
		for _, t := range tensors {
			k.Tensors = append(k.Tensors, mlp.Tensor(t))
		}
		all = append(all, k)
	}
	return all, nil
}

// Data loads the examples that a run was trained on. The error is ErrNoData where they
// cannot be read, or are others now.
func (s *Source) Data(one store.Run, config study.Config) (*dataset.Data, error) {
	about, err := s.describe(one, config)
	if err != nil {
		return nil, err
	}
	if about.Fingerprint != one.Data {
		return nil, fmt.Errorf("%w: they were %q and are %q; say with --data where the old ones are", ErrNoData, one.Data,
			about.Fingerprint)
	}
	key := fmt.Sprintf("%s %d", one.Data, one.SeedData)
	if d, ok := s.loaded[key]; ok {
		return d, nil
	}
	d, err := s.files.Load(config.Data, one.SeedData)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoData, err)
	}
	s.loaded[key] = d
	return d, nil
}

// describe tells of the data that are there now.
func (s *Source) describe(one store.Run, config study.Config) (dataset.About, error) {
	if about, ok := s.about[one.Data]; ok {
		return about, nil
	}
	about, err := s.files.Describe(config.Data)
	if err != nil {
		return dataset.About{}, fmt.Errorf("%w: %w", ErrNoData, err)
	}
	s.about[one.Data] = about
	return about, nil
}

// Some takes at most most examples of a split, evenly spaced.
func Some(split dataset.Split, out, most int) mlp.Examples {
	n := min(split.N, most)
	if n == split.N {
		return mlp.Examples{N: n, X: split.X, Bytes: (*mlp.Bytes)(split.Bytes), Labels: split.Labels, Targets: split.Targets}
	}
	e := mlp.Examples{N: n}
	for k := range n {
		i := k * split.N / n
		e.X = append(e.X, split.Inputs(i)...)
		if split.Labels != nil {
			e.Labels = append(e.Labels, split.Labels[i])
		}
		if split.Targets != nil {
			e.Targets = append(e.Targets, split.Targets[i*out:(i+1)*out]...)
		}
	}
	return e
}

// Samples are examples of the training and the test split, at most most of each.
func Samples(d *dataset.Data, most int) []Sample {
	var all []Sample
	for _, s := range []struct {
		name string
		dataset.Split
	}{{"training", d.Train}, {"test", d.Test}} {
		if s.N > 0 {
			all = append(all, Sample{Name: s.name, Examples: Some(s.Split, d.Out, most)})
		}
	}
	return all
}

// Tell is the progress of a piece of work that has a name.
func (s *Source) Tell(what string) Progress {
	if s.Progress == nil {
		return nil
	}
	return func(done, total int) { s.Progress(what, done, total) }
}
