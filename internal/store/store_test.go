package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nightshift/internal/metric"
)

var (
	evening = time.Date(2026, 3, 1, 21, 30, 0, 123e6, time.UTC)
	ctx     = context.Background()
)

func open(t testing.TB) *DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "nightshift.db")
	empty(t, path)
	return openAt(t, path)
}

func openAt(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// empty makes a database with nothing in it, as Open does, but by copying one,
// since tests need hundreds.
func empty(t interface {
	Fatal(...any)
	Helper()
}, path string) {
	t.Helper()
	file, err := emptyFile()
	if err == nil {
		err = os.WriteFile(path, file, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// emptyFile is the content of a database that was opened and closed.
var emptyFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "nightshift")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "empty.db")
	db, err := Open(path)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func is(v float64) Number { return Number{V: v, Valid: true} }

func planned(id, cell string) Run {
	return Run{
		ID: id, Cell: cell, Label: "lr=" + cell, Status: Pending, SeedInit: 3, SeedOrder: math.MaxUint64,
		Config: json.RawMessage(`{"lr":` + cell + `}`), Data: "xor/1", Parameters: 9,
	}
}

// result is one with every kind of number in it.
func result(r Run) Result {
	final := Metrics{Loss: is(math.NaN()), Error: is(0.25), MSE: is(math.Inf(1)), NLL: is(math.Inf(-1)), Brier: is(1e-300)}
	r.Status, r.Reason, r.Stack = Diverged, "training loss became NaN in epoch 1", "goroutine 1"
	r.Epochs, r.Seconds, r.Digest = 1, 1.5, "d16e57"
	r.Started, r.Finished = evening, evening.Add(90*time.Second)
	r.Train, r.Test = final, Metrics{Loss: is(3)}
	r.Provenance = Provenance{Version: "1.0", Commit: "abc", Dirty: true, Go: "go1.26",
		OS: "linux/amd64", CPU: "some", Host: "here", Kernel: "plain",
		Repository: Repository{Remote: "https://example.org/mine", Commit: "def", Dirty: true}}
	return Result{
		Run: r,
		Epochs: []Epoch{
			{Epoch: 0, LR: 0.1, Train: Metrics{Loss: is(2)}, Test: Metrics{Loss: is(2)}},
			{Epoch: 1, Steps: 4, LR: 0.1, Distance: math.NaN(), Seconds: 1.5, Train: final, Test: Metrics{Loss: is(3)}},
		},
		Layers: []Layer{
			{Epoch: 0, Layer: 0, Measures: metric.Measures{Weight: 1, SD: 2}},
			{Epoch: 1, Layer: 0, Measures: metric.Measures{
				Weight: math.NaN(), Gradient: math.Inf(1), Update: 3, Distance: 4, Mean: -5, SD: 6, Saturated: 0.5, Dead: 1, Alpha: 0.25,
			}},
		},
		Outputs: []float32{1, -2.5, float32(math.Inf(1)), float32(math.NaN())},
		Weights: []Snapshot{{0, []byte("untrained")}, {1, []byte("trained")}},
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestRoundTrip(t *testing.T) {
	db := open(t)
	s := Study{Study: "pairs", Question: "why?", YAML: "study: pairs\n", Select: "valid_error",
		Set: []string{"seeds=2"}, At: evening}
	runs := []Run{planned("aa11", "0.1"), planned("aa22", "0.1"), planned("bb33", "0.2")}
	members := []StudyRun{
		{Study: "pairs", RunID: "bb33", CellLabel: "lr=0.2", Axes: json.RawMessage(`[{"axis":"lr"}]`)},
		{Study: "pairs", RunID: "aa11", CellLabel: "lr=0.1", Axes: json.RawMessage(`[]`)},
		{Study: "pairs", RunID: "aa22", CellLabel: "lr=0.1", Axes: json.RawMessage(`[]`)},
	}
	check(t, db.PutStudy(ctx, s, runs, members))
	want := result(runs[1])
	check(t, db.Start(ctx, evening, Provenance{}, "aa11", "aa22"))
	check(t, db.Finish(ctx, want))

	started := runs[0]
	started.Status, started.Started = Running, evening
	got, err := db.Runs(ctx, "pairs")
	check(t, err)
	equal(t, "Runs of the study", got, []Run{runs[2], started, want.Run})
	got, err = db.Runs(ctx, "")
	check(t, err)
	equal(t, "all Runs", got, []Run{started, want.Run, runs[2]})
	one, err := db.Run(ctx, "aa2")
	check(t, err)
	equal(t, "Run", one, want.Run)
	statuses, err := db.Statuses(ctx)
	check(t, err)
	equal(t, "Statuses", statuses, map[string]Status{"aa11": Running, "aa22": Diverged, "bb33": Pending})
	epochs, err := db.Epochs(ctx, "aa22")
	check(t, err)
	equal(t, "Epochs", epochs, want.Epochs)
	groups := [][]string{{"aa11"}, {"aa22", "none"}}
	check(t, db.EpochsOf(ctx, groups, func(group int, all map[string][]Epoch, changed []string) error {
		equal(t, "changed epochs", changed, []string(nil))
		equal(t, "EpochsOf", all, []map[string][]Epoch{{}, {"aa22": want.Epochs}}[group])
		return nil
	}))
	layers, err := db.Layers(ctx, "aa22")
	check(t, err)
	equal(t, "Layers", layers, want.Layers)
	outputs, err := db.Outputs(ctx, "aa22")
	check(t, err)
	equal(t, "Outputs", outputs, want.Outputs)
	none, err := db.Outputs(ctx, "aa11")
	check(t, err)
	equal(t, "Outputs of a run without", none, []float32(nil))
	weights, err := db.Weights(ctx, "aa22")
	check(t, err)
	equal(t, "Weights", weights, want.Weights)
	studies, err := db.Studies(ctx)
	check(t, err)
	equal(t, "Studies", studies, []Study{s})
	back, err := db.StudyRuns(ctx, "pairs")
	check(t, err)
	equal(t, "StudyRuns", back, members)
}

func TestDatasetRoundTrip(t *testing.T) {
	db := open(t)
	for _, d := range []Dataset{
		{ID: "xor/1", Spec: json.RawMessage(`{"set":"xor"}`), In: 2, Out: 2, Classes: []string{"0", "1"},
			Warnings: []string{`column 1 ("id")`}, TestLabels: []int32{0, 1, 1 << 30}},
		{ID: "sine/1", Spec: json.RawMessage(`{}`), Regression: true, In: 1, Out: 1, NoiseVariance: 0.01,
			TestTargets: []float32{0.5, -1}, TestTruth: []float32{0.25, -1}},
	} {
		check(t, db.PutDataset(ctx, d))
		changed := d
		changed.In = 99
		check(t, db.PutDataset(ctx, changed))
		got, err := db.Dataset(ctx, d.ID)
		check(t, err)
		equal(t, "Dataset", got, d)
	}
}

// A run trained again leaves nothing of the attempt before, recorded with it or earlier.
func TestFinishReplaces(t *testing.T) {
	db := open(t)
	for _, id := range []string{"aa", "bb"} {
		first := result(planned(id, "0.1"))
		first.Run.Status, first.Weights = Failed, nil
		second := Result{Run: first.Run, Epochs: first.Epochs[:1]}
		second.Run.Status, second.Run.Train, second.Run.Reason = Interrupted, Metrics{}, ""
		if id == "aa" {
			check(t, db.Finish(ctx, first)) // a run that no study has planned
			check(t, db.Finish(ctx, second))
		} else {
			check(t, db.Finish(ctx, first, second))
		}
		r, err := db.Run(ctx, id)
		check(t, err)
		equal(t, "Run", r, second.Run)
		for _, table := range []string{"layer", "output", "weight"} {
			if n := count(t, db, `SELECT count(*) FROM `+table); n != 0 {
				t.Errorf("table %s holds %d rows of the first attempt", table, n)
			}
		}
		epochs, err := db.Epochs(ctx, id)
		check(t, err)
		equal(t, "Epochs", epochs, second.Epochs)
	}
}

// A status that no schema knows never gets into a file, though the connection does not ask SQLite.
func TestUnknownStatus(t *testing.T) {
	db := open(t)
	r := result(planned("aa", "0.1"))
	r.Run.Status = "dozing"
	if err := db.Finish(ctx, r); err == nil || !strings.Contains(err.Error(), `"dozing"`) {
		t.Errorf("recorded: %v", err)
	}
	if n := count(t, db, `SELECT count(*) FROM run`); n != 0 {
		t.Errorf("%d runs", n)
	}
	check(t, db.Finish(ctx, result(planned("bb", "0.1"))))
	for _, s := range statuses { // as the schema has them
		if _, err := db.sql.Exec(`UPDATE run SET status = ?`, string(s)); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	if _, err := db.sql.Exec(`UPDATE run SET status = 'dozing'`); err == nil {
		t.Error("the schema knows others")
	}
}

// Whoever comes late with nothing does not take a result away.
func TestResultsStay(t *testing.T) {
	db := open(t)
	for _, status := range []Status{Done, Diverged} {
		want := result(planned(string(status), "0.1"))
		want.Run.Status = status
		check(t, db.Finish(ctx, want))
		check(t, db.Start(ctx, evening, Provenance{}, want.Run.ID))
		for _, late := range []Status{Interrupted, Failed, Pruned} {
			r := Result{Run: planned(want.Run.ID, "0.1")}
			r.Run.Status = late
			check(t, db.Finish(ctx, r))
		}
		got, err := db.Run(ctx, want.Run.ID)
		check(t, err)
		equal(t, "Run", got, want.Run)
		again := result(planned(want.Run.ID, "0.1"))
		check(t, db.Finish(ctx, again))
		got, err = db.Run(ctx, want.Run.ID)
		check(t, err)
		equal(t, "Run after another result", got, again.Run)
	}
}

func count(t *testing.T, db *DB, query string, args ...any) (n int) {
	t.Helper()
	check(t, db.sql.QueryRow(query, args...).Scan(&n))
	return n
}

// column gives the only column of a query, NULL as "-".
func column(t *testing.T, db *DB, query string, args ...any) []string {
	t.Helper()
	var list []string
	check(t, db.read(ctx, func(rows *sql.Rows) error {
		var s sql.Null[string]
		if err := rows.Scan(&s); err != nil {
			return err
		}
		if !s.Valid {
			s.V = "-"
		}
		list = append(list, s.V)
		return nil
	}, query, args...))
	return list
}
