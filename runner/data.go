package runner

import (
	"runtime/debug"
	"sync"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Sources answers what has to be known of data sets before training: shapes, fingerprints, warnings. It reads every data set
// once. It is not safe for use by several goroutines.
type Sources struct {
	files *dataset.Files
	known map[dataset.Spec]dataset.About
}

// NewSources returns Sources that look for real data in the given folders, in their order.
func NewSources(dirs []string) *Sources {
	return &Sources{dataset.NewFiles(dirs), map[dataset.Spec]dataset.About{}}
}

// Bring sets how files of data are copied to this machine before they are read.
func (s *Sources) Bring(nearby dataset.Nearby) { s.files.Bring(nearby) }

// Describe returns the number of examples, inputs and outputs of a spec's data, and the range of its targets. The error says
// why the data cannot be read.
func (s *Sources) Describe(spec dataset.Spec) (dataset.About, error) {
	if about, ok := s.known[spec]; ok {
		return about, nil
	}
	about, err := s.files.Describe(spec)
	if err == nil {
		s.known[spec] = about
	}
	return about, err
}

// Shape returns the sizes of a spec's data that the cost of a training depends on, counting every input as nonzero.
func (s *Sources) Shape(spec dataset.Spec) (mlp.Shape, error) {
	about, err := s.Describe(spec)
	return mlp.Shape{In: about.In, Out: about.Out, Train: about.Train, Valid: about.Valid, Test: about.Test, Nonzero: 1,
		Bytes: about.Bytes}, err
}

// Fingerprint returns the digest that identifies the examples of a spec.
func (s *Sources) Fingerprint(spec dataset.Spec) (string, error) {
	about, err := s.Describe(spec)
	return about.Fingerprint, err
}

// Warnings lists what is doubtful about the files of a spec, a sentence each.
func (s *Sources) Warnings(spec dataset.Spec) ([]string, error) {
	about, err := s.Describe(spec)
	return about.Warnings, err
}

// Parameters counts the trainable parameters of a configuration's network, weights and biases.
func (s *Sources) Parameters(c study.Config) (int, error) {
	about, err := s.Describe(c.Data)
	if err != nil {
		return 0, err
	}
	return c.Config.Parameters(about.In, about.Out), nil
}

// nonzero is the share of the inputs of a spec that are not 0, in a sample. It
// is false where there is no such sample.
func (s *Sources) nonzero(spec dataset.Spec) (share float64, ok bool) {
	const sample = 200
	if spec.Train < 1 || spec.Train > sample {
		spec.Train = sample
	}
	spec.Valid, spec.Test = 0, 1
	d, err := s.files.Load(spec, 0)
	if err != nil {
		return 0, false
	}
	x := d.Train.Floats()
	for _, v := range x {
		if v != 0 {
			share++
		}
	}
	return share / float64(len(x)), true
}

// library holds the data that the remaining jobs need. Every data set is loaded
// once, by the first worker that asks for it, is shared by all workers, and is
// dropped with its last job.
type library struct {
	files   *dataset.Files
	mu      sync.Mutex
	entries map[dataKey]*dataEntry
}

type dataKey struct {
	spec dataset.Spec
	seed uint64
}

// loaded is a data set, how all its trainings see it, and what the store keeps of it, but for its identity.
type loaded struct {
	*dataset.Data
	training mlp.Data
	row      store.Dataset
}

// manyInputs is the number of inputs of a data set from which the memory used for reading it is returned to the system, which
// takes milliseconds.
const manyInputs = 1 << 24

type dataEntry struct {
	load func() (*loaded, error)
	jobs int // number of jobs that still need it
}

func newLibrary(files *dataset.Files, jobs []job) *library {
	lib := &library{files: files, entries: map[dataKey]*dataEntry{}}
	for _, j := range jobs {
		lib.add(j)
	}
	return lib
}

// add says that a job needs its data.
func (l *library) add(j job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := j.data()
	if l.entries[key] == nil {
		l.entries[key] = &dataEntry{load: sync.OnceValues(func() (*loaded, error) {
			d, err := l.files.Load(key.spec, key.seed)
			if err != nil {
				return nil, err
			}
			if d.Train.N*d.In >= manyInputs {
				debug.FreeOSMemory() // before preparing the data takes as much memory again
			}
			row, err := datasetRow("", l.files, key.spec, d)
			return &loaded{d, mlp.Prepare(trainingData(d)), row}, err
		})}
	}
	l.entries[key].jobs++
}

func (j job) data() dataKey { return dataKey{j.run.Data, j.run.Seeds.Data} }

// get gives the data of a job, which has not been released yet.
func (l *library) get(j job) (*loaded, error) {
	l.mu.Lock()
	s := l.entries[j.data()]
	l.mu.Unlock()
	return s.load()
}

// release says that a job does not need its data any more.
func (l *library) release(j job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.entries[j.data()]
	if s.jobs--; s.jobs == 0 {
		delete(l.entries, j.data())
	}
}

// trainingData is data as mlp sees it; the slices are shared.
func trainingData(d *dataset.Data) mlp.Data {
	examples := func(s dataset.Split) mlp.Examples {
		return mlp.Examples{N: s.N, X: s.X, Bytes: (*mlp.Bytes)(s.Bytes), Labels: s.Labels, Targets: s.Targets}
	}
	return mlp.Data{In: d.In, Out: d.Out, Train: examples(d.Train), Valid: examples(d.Valid), Test: examples(d.Test)}
}

// datasetRow is the row of the store that a report reads about a data set.
func datasetRow(id string, files *dataset.Files, spec dataset.Spec, d *dataset.Data) (store.Dataset, error) {
	text, err := files.Record(spec)
	test := d.Test
	if spec.Resample != "" { // each data seed has its own, which are no common sample
		test = dataset.Split{}
	}
	return store.Dataset{
		ID: id, Spec: text, Regression: d.Regression, In: d.In, Out: d.Out, Classes: d.Classes, Warnings: d.Warnings,
		NoiseVariance: d.NoiseVariance, TestLabels: test.Labels, TestTargets: test.Targets, TestTruth: test.Truth,
	}, err
}
