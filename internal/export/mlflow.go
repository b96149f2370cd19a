package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/file"
	"nightshift/internal/metric"
	"nightshift/internal/store"
)

// mlflowRun is a run as MLflow has it: parameters are the axes, the seeds and every key of the configuration; metrics the curves
// by split; tags what made it.
type mlflowRun struct {
	id, name     string
	status       string
	began, ended int64 // milliseconds since 1970
	params, tags map[string]string
	metrics      []mlflowMetric
}

type mlflowMetric struct {
	Key       string   `json:"key"`
	Value     number64 `json:"value"`
	Timestamp int64    `json:"timestamp"`
	Step      int64    `json:"step"`
}

// number64 is a double as the JSON of protocol buffers has it: NaN and the infinities are strings.
type number64 float64

func (n number64) MarshalJSON() ([]byte, error) {
	if text, ok := unusual(float64(n)); ok {
		return json.Marshal(text)
	}
	return json.Marshal(float64(n))
}

// unusual names NaN and the infinities as Python and protocol buffers read them.
func unusual(v float64) (string, bool) {
	switch {
	case math.IsNaN(v):
		return "NaN", true
	case math.IsInf(v, 1):
		return "Infinity", true
	case math.IsInf(v, -1):
		return "-Infinity", true
	}
	return "", false
}

// mlflowStatus are the words of the REST interface; their place among statusNumbers is the number in files.
var mlflowStatus = map[store.Status]string{
	store.Done: "FINISHED", store.Pruned: "FINISHED", store.Diverged: "FAILED", store.Failed: "FAILED", store.Running: "RUNNING",
	store.Pending: "SCHEDULED", store.Interrupted: "KILLED",
}

var statusNumbers = map[string]int{"RUNNING": 1, "SCHEDULED": 2, "FINISHED": 3, "FAILED": 4, "KILLED": 5}

// mlflowRuns hands on the runs of a study that have begun, one by one.
func mlflowRuns(ctx context.Context, db *store.DB, study string, yield func(mlflowRun) error) error {
	m, err := readMembers(ctx, db, study)
	if err != nil {
		return err
	}
	for _, r := range m.runs {
		if r.Started.IsZero() {
			continue
		}
		epochs, err := db.Epochs(ctx, r.ID)
		if err != nil {
			return err
		}
		one, err := m.mlflow(study, r, epochs)
		if err != nil {
			return fmt.Errorf("run %.12s: %w", r.ID, err)
		}
		if err := yield(one); err != nil {
			return fmt.Errorf("run %.12s: %w", r.ID, err)
		}
	}
	return nil
}

func (m members) mlflow(study string, r store.Run, epochs []store.Epoch) (mlflowRun, error) {
	if filepath.Base(r.ID) != r.ID || !filepath.IsLocal(r.ID) { // it names a folder
		return mlflowRun{}, fmt.Errorf("%q is no identity of a run: see what is wrong with nightshift fsck", r.ID)
	}
	began := r.Started.UnixMilli()
	one := mlflowRun{id: r.ID[:min(32, len(r.ID))], status: mlflowStatus[r.Status], began: began,
		name:   fmt.Sprintf("%s, seeds %d/%d/%d", m.label(r.ID), r.SeedData, r.SeedInit, r.SeedOrder),
		params: map[string]string{}, tags: map[string]string{}}
	if !r.Finished.IsZero() {
		one.ended = r.Finished.UnixMilli()
	}
	if err := flatten(one.params, r.Config); err != nil {
		return one, err
	}
	for i, v := range m.axisValues(r.ID) {
		if v != nil {
			one.params["axis."+mlflowKey(m.order[i])] = file.Cell(v)
		}
	}
	for name, seed := range map[string]uint64{"data": r.SeedData, "init": r.SeedInit, "order": r.SeedOrder} {
		one.params["seed."+name] = strconv.FormatUint(seed, 10)
	}
	for name, v := range map[string]string{"run_id": r.ID, "study": study, "cell": m.label(r.ID), "status": string(r.Status),
		"reason": r.Reason, "kernel": r.Kernel, "version": r.Version, "commit": r.Commit, "host": r.Host, "digest": r.Digest} {
		if v != "" {
			one.tags["nightshift."+name] = v
		}
	}
	one.tags["mlflow.runName"] = one.name
	// What MLflow calls the source is what its user has written.
	if r.Repository.Commit != "" {
		one.tags["mlflow.source.git.commit"] = r.Repository.Commit
	}
	if r.Repository.Remote != "" {
		one.tags["mlflow.source.git.repoURL"] = r.Repository.Remote
	}
	for _, e := range epochs {
		at := began + int64(1000*e.Seconds)
		for i, split := range metric.Splits() {
			for j, n := range [...]*store.Metrics{&e.Train, &e.Valid, &e.Test}[i].Fields() {
				if n.Valid {
					one.metrics = append(one.metrics, mlflowMetric{metric.All()[j].Of(split), number64(n.V), at, int64(e.Epoch)})
				}
			}
		}
	}
	return one, nil
}

// flatten gives every leaf of a configuration under its path.
func flatten(to map[string]string, config []byte) error {
	var tree any
	d := json.NewDecoder(bytes.NewReader(config))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch x := v.(type) {
		case map[string]any:
			for k, v := range x {
				walk(strings.TrimPrefix(path+"."+mlflowKey(k), "."), v)
			}
		case []any:
			text, _ := json.Marshal(x) // of what was JSON
			to[path] = string(text)
		case nil:
		default:
			to[path] = fmt.Sprint(x)
		}
	}
	walk("", tree)
	return nil
}

// mlflowKey is a name with the characters that MLflow takes.
func mlflowKey(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-. ", r) || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
}

// MLflow writes the folder that mlflow ui --backend-store-uri shows: the study as an experiment, its runs below it. It gives the
// number of runs. What is there of the same runs is replaced.
func MLflow(ctx context.Context, db *store.DB, study, folder string) (int, error) {
	root, err := filepath.Abs(folder)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256([]byte(study))
	// the same for the same study, with 18 digits as MLflow's
	experiment := strconv.FormatUint(binary.BigEndian.Uint64(sum[:])>>4, 10)
	base := filepath.Join(root, experiment)
	n := 0
	var first, last int64
	err = mlflowRuns(ctx, db, study, func(r mlflowRun) error {
		n++
		if first == 0 || r.began < first {
			first = r.began
		}
		last = max(last, r.ended)
		return r.write(base, experiment)
	})
	if err != nil {
		return n, err
	}
	return n, writeYAML(filepath.Join(base, "meta.yaml"), map[string]any{
		"artifact_location": location(base), "creation_time": first, "experiment_id": experiment, "last_update_time": last,
		"lifecycle_stage": "active", "name": study,
	})
}

// write writes a run as files: mlflow/store/tracking/file_store.py says which.
func (r mlflowRun) write(base, experiment string) error {
	folder := filepath.Join(base, r.id)
	curves := map[string]*bytes.Buffer{}
	for _, m := range r.metrics {
		if curves[m.Key] == nil {
			curves[m.Key] = &bytes.Buffer{}
		}
		value, odd := unusual(float64(m.Value))
		if !odd {
			value = strconv.FormatFloat(float64(m.Value), 'g', -1, 64)
		}
		fmt.Fprintf(curves[m.Key], "%d %s %d\n", m.Timestamp, value, m.Step)
	}
	files := map[string][]byte{}
	for key, curve := range curves {
		files[filepath.Join("metrics", key)] = curve.Bytes()
	}
	for key, v := range r.params {
		files[filepath.Join("params", key)] = []byte(v)
	}
	for key, v := range r.tags {
		files[filepath.Join("tags", key)] = []byte(v)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := file.Replace(filepath.Join(folder, name), files[name]); err != nil {
			return err
		}
	}
	meta := map[string]any{
		"artifact_uri": location(filepath.Join(folder, "artifacts")), "end_time": nil, "entry_point_name": "",
		"experiment_id": experiment, "lifecycle_stage": "active", "run_id": r.id, "run_name": r.name, "run_uuid": r.id,
		"source_name": "", "source_type": 4, "source_version": "", "start_time": r.began, "status": statusNumbers[r.status],
		"tags": []string{}, "user_id": "",
	}
	if r.ended > 0 {
		meta["end_time"] = r.ended
	}
	return writeYAML(filepath.Join(folder, "meta.yaml"), meta)
}

// writeYAML writes JSON, which is YAML too.
func writeYAML(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return file.Replace(path, append(text, '\n'))
}

func location(path string) string {
	return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(path), "/")}).String()
}
