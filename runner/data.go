package runner

import (
	"encoding/json"
	"sync"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Fingerprint returns dataset.Fingerprint for the given folders, with a memory:
// the files of a spec are read once.
func Fingerprint(dirs []string) func(dataset.Spec) (string, error) {
	return remember(func(s dataset.Spec) (string, error) { return dataset.Fingerprint(s, dirs) })
}

// Parameters returns a function that counts what the network of a configuration
// learns. It reads data only where nothing but a file knows the number of inputs
// and classes, and then once for each spec.
func Parameters(dirs []string) func(study.Config) (int, error) {
	type shape struct{ in, out int }
	shapeOf := remember(func(s dataset.Spec) (shape, error) {
		if info, ok := dataset.Lookup(s.Set); ok && info.In > 0 && info.Out > 0 {
			return shape{info.In, info.Out}, nil
		}
		d, err := dataset.Load(s, 0, dirs)
		if err != nil {
			return shape{}, err
		}
		return shape{d.In, d.Out}, nil
	})
	return func(c study.Config) (int, error) {
		s, err := shapeOf(c.Data)
		if err != nil {
			return 0, err
		}
		return c.Config.Parameters(s.in, s.out), nil
	}
}

// remember returns f with a memory for its answers. It is for one goroutine.
func remember[K comparable, V any](f func(K) (V, error)) func(K) (V, error) {
	known := map[K]V{}
	return func(k K) (V, error) {
		if v, ok := known[k]; ok {
			return v, nil
		}
		v, err := f(k)
		if err == nil {
			known[k] = v
		}
		return v, err
	}
}

// library holds the data that the jobs left need. Every data set is loaded once,
// by the first worker that asks for it, read by all, and dropped with its last job.
type library struct {
	mu      sync.Mutex
	shelves map[shelfKey]*shelf
}

type shelfKey struct {
	spec dataset.Spec
	seed uint64
}

type shelf struct {
	load func() (*dataset.Data, error)
	jobs int // that still need it
}

func newLibrary(dirs []string, jobs []job) *library {
	lib := &library{shelves: map[shelfKey]*shelf{}}
	for _, j := range jobs {
		key := j.data()
		if lib.shelves[key] == nil {
			lib.shelves[key] = &shelf{load: sync.OnceValues(func() (*dataset.Data, error) {
				return dataset.Load(key.spec, key.seed, dirs)
			})}
		}
		lib.shelves[key].jobs++
	}
	return lib
}

func (j job) data() shelfKey { return shelfKey{j.run.Data, j.run.Seeds.Data} }

// get gives the data of a job, which has not been released yet.
func (l *library) get(j job) (*dataset.Data, error) {
	l.mu.Lock()
	s := l.shelves[j.data()]
	l.mu.Unlock()
	return s.load()
}

// release says that a job does not need its data any more.
func (l *library) release(j job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.shelves[j.data()]
	if s.jobs--; s.jobs == 0 {
		delete(l.shelves, j.data())
	}
}

// trainingData is data as mlp sees it; the slices are shared.
func trainingData(d *dataset.Data) mlp.Data {
	examples := func(s dataset.Split) mlp.Examples {
		return mlp.Examples{N: s.N, X: s.X, Labels: s.Labels, Targets: s.Targets}
	}
	return mlp.Data{In: d.In, Out: d.Out, Train: examples(d.Train), Valid: examples(d.Valid), Test: examples(d.Test)}
}

// datasetRow is data as a report needs it.
func datasetRow(id string, spec dataset.Spec, d *dataset.Data) (store.Dataset, error) {
	text, err := json.Marshal(spec)
	return store.Dataset{
		ID: id, Spec: text, Regression: d.Regression, In: d.In, Out: d.Out, Classes: d.Classes, NoiseVariance: d.NoiseVariance,
		TestLabels: d.Test.Labels, TestTargets: d.Test.Targets, TestTruth: d.Test.Truth,
	}, err
}
