package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"nightshift/internal/metric"
	"nightshift/internal/store"
)

// Imported is a study as its CSV files have it.
type Imported struct {
	Lacking []string // files that are not there

	study    store.Study
	versions []store.Study // in the order of time, the study itself last
	datasets []store.Dataset
	runs     []store.Run
	members  []store.StudyRun
	remarks  []store.Remark
	results  map[string]*store.Result // by run
}

// Study is the name of the study.
func (m *Imported) Study() string { return m.study.Study }

// Runs says how many there are.
func (m *Imported) Runs() int { return len(m.runs) }

// CSVFile is a file of a folder that has a study: the name, and the table that is written into it.
type CSVFile struct {
	Name    string
	needed  bool
	columns []string // without which it cannot be read
	Table   func(context.Context, *store.DB, string) (Table, error)
	read    func(*Imported, *csvReader)
}

// csvFiles are in the order in which they are read: each may speak of what those before it have.
var csvFiles = []CSVFile{
	{"study.csv", true, []string{"study", "question", "select", "at", "set", "yaml"}, Study, (*Imported).readStudy},
	{"data.csv", false, []string{"data", "spec", "regression", "inputs", "outputs", "classes", "warnings", "noise_variance",
		"test_labels", "test_targets", "test_truth"}, Data, (*Imported).readDataset},
	{"runs.csv", true, append([]string{"run_id", "cell", "cell_label", "seed_data", "seed_init", "seed_order", "status",
		"reason", "epochs",
		"parameters", "seconds", "started_at", "finished_at", "digest", "host", "kernel", "version", "commit", "go",
		"os", "cpu", "data",
		"config", "dirty", "repository", "repository_commit", "repository_dirty", "label", "axes", "former", "stack"}, finalNames()...),
		Runs, (*Imported).readRun},
	{"epochs.csv", false, append([]string{"run_id", "epoch", "split", "steps", "lr", "distance", "seconds"}, namesOf(metric.All(),
		func(m metric.Metric) string { return m.Name })...), Epochs, (*Imported).readEpoch},
	{"layers.csv", false, append([]string{"run_id", "epoch", "layer"}, namesOf(metric.Layers(),
		func(m metric.Measure) string { return m.Name })...), Layers, (*Imported).readLayer},
	{"predictions.csv", false, []string{"run_id", "example"}, Predictions, (*Imported).readOutput},
	{"notes.csv", false, []string{"run_id", "kind", "at", "text"}, Notes, (*Imported).readRemark},
}

func namesOf[T any](list []T, name func(T) string) []string {
	var all []string
	for _, one := range list {
		all = append(all, name(one))
	}
	return all
}

// finalNames are the columns of the metrics at the end of a run.
func finalNames() []string {
	var all []string
	for _, split := range metric.Splits() {
		all = append(all, namesOf(metric.All(), func(m metric.Metric) string { return m.Of(split) })...)
	}
	return all
}

// CSVFiles are those that together have all of a study but for the weights, checkpoints and nights.
func CSVFiles() []CSVFile { return slices.Clone(csvFiles) }

// ReadCSV reads the files of CSVFiles in a folder, of which study.csv and runs.csv are needed. An error names the file and the
// line of what cannot be read, or is not what was written: a run whose identity is not that of its configuration, data and seeds.
func ReadCSV(ctx context.Context, folder string) (*Imported, error) {
	m := &Imported{results: map[string]*store.Result{}}
	for _, f := range csvFiles {
		r, err := openCSV(filepath.Join(folder, f.Name), f.columns)
		switch {
		case errors.Is(err, fs.ErrNotExist) && f.needed:
			return nil, fmt.Errorf("%w; nightshift export csv STUDY -o %s writes all files that are needed", err, folder)
		case errors.Is(err, fs.ErrNotExist):
			m.Lacking = append(m.Lacking, f.Name)
			continue
		case err != nil:
			return nil, err
		}
		for r.next() && ctx.Err() == nil {
			f.read(m, r)
		}
		if err := cmp.Or(r.close(), ctx.Err()); err != nil {
			return nil, err
		}
	}
	if len(m.versions) == 0 {
		return nil, fmt.Errorf("%s has no study", filepath.Join(folder, csvFiles[0].Name))
	}
	return m, m.inOrder()
}

// inOrder puts epochs and layers into their order, and finds what is there twice or not whole.
func (m *Imported) inOrder() error {
	for _, one := range m.runs {
		of := m.results[one.ID]
		slices.SortStableFunc(of.Epochs, func(a, b store.Epoch) int { return cmp.Compare(a.Epoch, b.Epoch) })
		slices.SortStableFunc(of.Layers, func(a, b store.Layer) int {
			return cmp.Or(cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.Layer, b.Layer))
		})
		for i := range of.Epochs[min(1, len(of.Epochs)):] {
			if of.Epochs[i].Epoch == of.Epochs[i+1].Epoch {
				return fmt.Errorf("epochs.csv: the rows of epoch %d of run %.12s do not stand together", of.Epochs[i].Epoch, one.ID)
			}
		}
		for i := range of.Layers[min(1, len(of.Layers)):] {
			if a, b := of.Layers[i], of.Layers[i+1]; a.Epoch == b.Epoch && a.Layer == b.Layer {
				return fmt.Errorf("layers.csv: layer %d of epoch %d of run %.12s is there twice", a.Layer, a.Epoch, one.ID)
			}
		}
		// The metrics of a result are those of its last epoch, or of its best one.
		ends := slices.ContainsFunc(of.Epochs, func(e store.Epoch) bool {
			return fmt.Sprint(e.Train, e.Valid, e.Test) == fmt.Sprint(one.Train, one.Valid, one.Test) // NaN is NaN
		})
		if one.Status == store.Done && len(of.Epochs) > 0 && !ends {
			return fmt.Errorf("runs.csv: the metrics of run %.12s are those of no epoch in epochs.csv: one of the files is not what "+
				"was written", one.ID)
		}
	}
	return nil
}

// Put records the study in a database.
func (m *Imported) Put(ctx context.Context, db *store.DB) error {
	for _, d := range m.datasets {
		if err := db.PutDataset(ctx, d); err != nil {
			return err
		}
	}
	former := slices.DeleteFunc(slices.Clone(m.members), func(s store.StudyRun) bool { return !s.Former })
	newest := slices.DeleteFunc(slices.Clone(m.members), func(s store.StudyRun) bool { return s.Former })
	// The last row is the study itself, of which its newest version is the one before. Of versions before only the last is
	// taken to have had what the newest does not.
	last := len(m.versions) - 1
	if last < 2 {
		newest, former = append(newest, former...), nil
	}
	for i, v := range m.versions {
		var of []store.StudyRun
		switch i {
		case last - 2:
			of = former
		case last:
			of = newest
		}
		if err := db.PutStudy(ctx, v, m.runs, of); err != nil {
			return err
		}
	}
	var results []store.Result
	for _, one := range m.runs {
		if one.Status != store.Pending {
			results = append(results, *m.results[one.ID])
		}
	}
	const together = 100
	for some := range slices.Chunk(results, together) {
		if err := db.Finish(ctx, some...); err != nil {
			return err
		}
	}
	return db.PutRemarks(ctx, m.remarks...)
}
