package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nightshift/internal/dataset"
	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

var ctx = context.Background()

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newPath is a file with an empty database, as store.Open makes it, but copied,
// since tests need hundreds.
func newPath(t testing.TB) string {
	t.Helper()
	file, err := emptyFile()
	check(t, err)
	path := filepath.Join(t.TempDir(), "nightshift.db")
	check(t, os.WriteFile(path, file, 0o666))
	return path
}

// emptyFile is the content of a database that was opened and closed.
var emptyFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "nightshift")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "empty.db")
	db, err := store.Open(path)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func openDB(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(newPath(t))
	check(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// newModel makes a model of what a database (nil for none) has of the studies.
func newModel(db *store.DB, studies ...Study) (*Model, error) {
	known, err := night.Read(ctx, db, studies, time.Now(), night.Lease)
	if err != nil {
		return nil, err
	}
	return NewModel(ctx, db, known, NewSources(nil), 0)
}

// small is a configuration that trains in a millisecond.
func small(t testing.TB, set string) study.Config {
	t.Helper()
	spec, ok := dataset.Default(set)
	if !ok {
		t.Fatalf("no data set %s", set)
	}
	spec.Train, spec.Valid, spec.Test = 40, 20, 20
	c := study.Config{Data: spec, Config: mlp.Default()}
	c.Hidden, c.Batch, c.Epochs, c.Init = []int{4}, 10, 3, he(t)
	if set == "sine1d" {
		c.Output, c.Loss, c.LR = "identity", "mse", 0.01
	}
	return c
}

func he(t testing.TB) mlp.Choice {
	t.Helper()
	options := mlp.Initializers()
	i := slices.IndexFunc(options, func(o mlp.Option) bool { return o.Name == "he_normal" })
	if i < 0 {
		t.Fatal("no initialiser he_normal")
	}
	return options[i].Default()
}

// studyOf spans configurations and seeds, seed-major.
func studyOf(name string, seeds int, configs ...study.Config) Study {
	s := Study{Study: &study.Study{Name: name, Question: "why?", YAML: "study: " + name + "\n", Select: "valid_error",
		Keep: study.Keep{Weights: "none"}}}
	for seed := range uint64(seeds) {
		for _, c := range configs {
			r := study.Run{Config: c, Cell: identity(c), Label: fmt.Sprintf("lr=%g", c.LR),
				Seeds: study.Seeds{Data: 7, Init: seed, Order: 100 + seed}}
			r.ID = identity(c, r.Seeds)
			r.Axes = []study.AxisValue{{Axis: "lr", Label: fmt.Sprint(c.LR), Value: c.LR}}
			s.Runs = append(s.Runs, r)
		}
	}
	return s
}

func identity(parts ...any) string {
	b, err := json.Marshal(parts)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func withLR(c study.Config, lr float64) study.Config {
	c.LR = lr
	return c
}

// contents is everything that a night has left in the database besides times.
type contents struct {
	Runs     []store.Run
	Epochs   map[string][]store.Epoch
	Layers   map[string][]store.Layer
	Outputs  map[string][]float32
	Weights  map[string][]store.Snapshot
	Datasets map[string]store.Dataset
}

func read(t testing.TB, db *store.DB) contents {
	t.Helper()
	c := contents{nil, map[string][]store.Epoch{}, map[string][]store.Layer{}, map[string][]float32{},
		map[string][]store.Snapshot{}, map[string]store.Dataset{}}
	var err error
	c.Runs, err = db.Runs(ctx, "")
	check(t, err)
	slices.SortFunc(c.Runs, func(a, b store.Run) int { return strings.Compare(a.ID, b.ID) })
	for i, r := range c.Runs {
		c.Runs[i].Started, c.Runs[i].Finished, c.Runs[i].Seconds = time.Time{}, time.Time{}, 0
		epochs, err := db.Epochs(ctx, r.ID)
		check(t, err)
		for i := range epochs {
			epochs[i].Seconds = 0
		}
		c.Epochs[r.ID] = epochs
		c.Layers[r.ID], err = db.Layers(ctx, r.ID)
		check(t, err)
		c.Outputs[r.ID], err = db.Outputs(ctx, r.ID)
		check(t, err)
		c.Weights[r.ID], err = db.Weights(ctx, r.ID)
		check(t, err)
		c.Datasets[r.Data], err = db.Dataset(ctx, r.Data)
		check(t, err)
	}
	return c
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// mixed is a study of classification and regression, with weights, whose last cell diverges.
func mixed(t testing.TB) Study {
	c, r := small(t, "xor"), small(t, "sine1d")
	r.Precision = "float64"
	s := studyOf("mixed", 4, c, withLR(c, 0.5), r, withLR(r, 1e30))
	s.Keep.Weights = "init+final"
	return s
}
