package export

import (
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

func (m *Imported) readStudy(r *csvReader) {
	s := store.Study{Study: r.text("study"), Question: r.text("question"), Select: r.text("select"), At: r.moment("at"),
		Set: fromJSON[[]string](r, "set"), YAML: fromJSON[string](r, "yaml")}
	if len(m.versions) > 0 && s.Study != m.study.Study || s.Study == "" {
		r.fail("study is %q: a folder has the files of one study, and its rows name it", s.Study)
	}
	m.study, m.versions = s, append(m.versions, s)
}

func (m *Imported) readDataset(r *csvReader) {
	m.datasets = append(m.datasets, store.Dataset{ID: r.text("data"), Spec: []byte(r.text("spec")),
		Regression: r.logical("regression"),
		In:         r.integer("inputs"), Out: r.integer("outputs"), Classes: fromJSON[[]string](r, "classes"),
		Warnings: fromJSON[[]string](r, "warnings"), NoiseVariance: r.real("noise_variance"),
		TestLabels: numbersOf[int32](r, "test_labels"), TestTargets: numbersOf[float32](r, "test_targets"),
		TestTruth: numbersOf[float32](r, "test_truth")})
}

func (m *Imported) readRun(r *csvReader) {
	one := store.Run{
		ID: r.text("run_id"), Cell: r.text("cell"), Label: r.text("label"), Status: store.Status(r.text("status")),
		Reason: r.text("reason"), Stack: r.text("stack"), Config: []byte(r.text("config")), Data: r.text("data"),
		SeedData: uint64(r.integer("seed_data")), SeedInit: uint64(r.integer("seed_init")), SeedOrder: uint64(r.integer("seed_order")),
		Parameters: r.integer("parameters"), Epochs: r.integer("epochs"), Seconds: r.real("seconds"), Started: r.moment("started_at"),
		Finished: r.moment("finished_at"), Digest: r.text("digest"),
	}
	for i, split := range []*store.Metrics{&one.Train, &one.Valid, &one.Test} {
		*split = r.metrics(func(of metric.Metric) string { return of.Of(metric.Splits()[i]) })
	}
	one.Provenance = store.Provenance{Version: r.text("version"), Commit: r.text("commit"), Dirty: r.logical("dirty"),
		Go: r.text("go"),
		OS: r.text("os"), CPU: r.text("cpu"), Host: r.text("host"), Kernel: r.text("kernel")}
	if commit := r.text("repository_commit"); commit != store.UnknownCommit {
		one.Repository = store.Repository{Remote: r.text("repository"), Commit: commit, Dirty: r.logical("repository_dirty")}
	}
	seeds := study.Seeds{Data: one.SeedData, Init: one.SeedInit, Order: one.SeedOrder}
	if id, cell, err := study.Identify(one.Config, one.Data, seeds); err != nil {
		r.fail("%v", err)
	} else if id != one.ID || cell != one.Cell {
		r.fail("run %.12s is not the one of its configuration, data and seeds, which would be %.12s: the row is not what was written",
			one.ID, id)
	}
	if m.results[one.ID] != nil {
		r.fail("run %.12s is there twice", one.ID)
	}
	switch one.Status {
	case store.Running:
		one.Status = store.Interrupted
	case store.Pending, store.Done, store.Diverged, store.Pruned, store.Failed, store.Interrupted:
	default:
		r.fail("status is %q, which is none", one.Status)
	}
	m.runs = append(m.runs, one)
	m.results[one.ID] = &store.Result{Run: one}
	m.members = append(m.members, store.StudyRun{Study: m.study.Study, RunID: one.ID, CellLabel: r.text("cell_label"),
		Axes: []byte(r.text("axes")), Former: r.logical("former")})
}

// of is what the run of a row has left.
func (m *Imported) of(r *csvReader) *store.Result {
	if one := m.results[r.text("run_id")]; one != nil {
		return one
	}
	r.fail("run %.12s is not in runs.csv", r.text("run_id"))
	return &store.Result{}
}

func (m *Imported) readEpoch(r *csvReader) {
	of, epoch := m.of(r), r.integer("epoch")
	// The rows of an epoch stand together, as they were written.
	if n := len(of.Epochs); n == 0 || of.Epochs[n-1].Epoch != epoch {
		of.Epochs = append(of.Epochs, store.Epoch{Epoch: epoch, Steps: r.integer("steps"), LR: r.real("lr"),
			Distance: r.real("distance"),
			Seconds:  r.real("seconds")})
	}
	e := &of.Epochs[len(of.Epochs)-1]
	splits := metric.Splits()
	at := slices.Index(splits[:], r.text("split"))
	if at < 0 {
		r.fail("split is %q, which is none of %s", r.text("split"), strings.Join(splits[:], ", "))
		return
	}
	split := []*store.Metrics{&e.Train, &e.Valid, &e.Test}[at]
	if split.Loss.Valid {
		r.fail("epoch %d of run %.12s has its %s twice", epoch, of.Run.ID, r.text("split"))
	}
	*split = r.metrics(func(of metric.Metric) string { return of.Name })
}

func (m *Imported) readLayer(r *csvReader) {
	of, l := m.of(r), store.Layer{Epoch: r.integer("epoch"), Layer: r.integer("layer")}
	for i, v := range l.Fields() {
		*v = r.real(metric.Layers()[i].Name)
	}
	of.Layers = append(of.Layers, l)
}

func (m *Imported) readOutput(r *csvReader) {
	of := m.of(r)
	at := slices.IndexFunc(m.datasets, func(d store.Dataset) bool { return d.ID == of.Run.Data })
	if at < 0 {
		r.fail("the data set of run %.12s is not in data.csv", of.Run.ID)
		return
	}
	out := m.datasets[at].Out
	if example := r.integer("example"); example*out != len(of.Outputs) {
		r.fail("example %d of run %.12s is not the one that follows", example, of.Run.ID)
	}
	for k := range out {
		name := "output_" + strconv.Itoa(k)
		if _, ok := r.columns[name]; !ok {
			r.fail("there is no column %s", name)
			return
		}
		of.Outputs = append(of.Outputs, float32(r.real(name)))
	}
}

func (m *Imported) readRemark(r *csvReader) {
	one := store.Remark{Run: r.text("run_id"), Kind: store.RemarkKind(r.text("kind")), Text: r.text("text"), At: r.moment("at")}
	if one.Run == "" {
		one.Study = m.study.Study
	} else {
		m.of(r)
	}
	if one.Kind != store.Note && one.Kind != store.Tag {
		r.fail("kind is %q, which is neither note nor tag", one.Kind)
	}
	m.remarks = append(m.remarks, one)
}
