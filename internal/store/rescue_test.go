package store

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nightshift/internal/store/page"
)

// manyRuns fills a database with results whose rows share pages in every way.
func manyRuns(t testing.TB, path string, runs int) {
	t.Helper()
	db, err := Open(path)
	check(t, err)
	defer db.Close()
	var rows []Run
	var results []Result
	var members []StudyRun
	for i := range runs {
		r := result(planned("", fmt.Sprint(i%6)))
		r.Run.SeedInit, r.Run.Host = uint64(i), fmt.Sprint("host", i%2)
		r.Run.ID, _ = identified(r.Run)
		r.Run.Status, r.Run.Reason, r.Run.Stack = Done, "", ""
		for e := range 10 {
			r.Epochs = append(r.Epochs, Epoch{Epoch: 2 + e, Steps: 8 * i, LR: 0.1, Train: Metrics{Loss: is(float64(e) / float64(i+1))}})
			r.Layers = append(r.Layers, Layer{Epoch: 2 + e})
		}
		r.Run.Epochs = 11
		r.Outputs = slices.Repeat(r.Outputs, 20+i%7*100)
		r.Weights = []Snapshot{{11, tensors(byte(i))}}
		rows, results = append(rows, r.Run), append(results, r)
		members = append(members, StudyRun{Study: "s", RunID: r.Run.ID, CellLabel: r.Run.Label, Axes: []byte(`[]`)})
	}
	check(t, db.PutDataset(ctx, Dataset{ID: "xor/1", Spec: []byte("{}"), Out: 2, TestLabels: make([]int32, 3000)}))
	check(t, db.PutStudy(ctx, Study{Study: "s", YAML: "study: s", At: evening}, rows, members))
	check(t, db.Finish(ctx, results...))
}

// saved gives the results that a database has of runs, as text, after what is not whole was repaired.
func saved(t testing.TB, path string) map[string]string {
	t.Helper()
	db, err := Open(path)
	check(t, err)
	defer db.Close()
	for range 5 {
		found, err := db.Check(ctx, identified)
		check(t, err)
		if !slices.ContainsFunc(found, Finding.Repairable) {
			break
		}
		check(t, db.Repair(ctx, found))
	}
	runs, err := db.Runs(ctx, "")
	check(t, err)
	all := map[string]string{}
	for _, r := range runs {
		if r.Status == Done {
			whole, err := db.artifacts(ctx, r)
			check(t, err)
			all[r.ID] = fmt.Sprintf("%+v", whole)
		}
	}
	return all
}

// touching gives the runs whose rows stand on a page, by page; pages that only
// go on with a row of another one are not among them.
func touching(t *testing.T, path string) map[int]map[string]bool {
	t.Helper()
	db, err := OpenReadOnly(path)
	check(t, err)
	defer db.Close()
	ids := map[int64]string{}
	for _, id := range column(t, db, `SELECT id FROM run ORDER BY key`) {
		ids[int64(len(ids)+1)] = id
	}
	f, err := page.Open(path)
	check(t, err)
	defer f.Close()
	all := map[int]map[string]bool{}
	_, err = f.Pages(func(p page.Page) error {
		if len(p.Rows) == 0 {
			return nil
		}
		all[p.Number] = map[string]bool{}
		for _, row := range p.Rows {
			switch key, _ := row.Values[0].(int64); p.Table {
			case "run", "output":
				all[p.Number][ids[row.ID]] = true
			case "epoch", "layer":
				all[p.Number][ids[key]] = true
			}
		}
		return nil
	})
	check(t, err)
	return all
}

// Whichever page is lost, and wherever a file ends: all runs that have no row there
// are saved, to the bit.
func TestRescue(t *testing.T) {
	runs, lost := 24, 12
	if os.Getenv("NIGHTSHIFT_LONG") != "" {
		runs, lost = 60, math.MaxInt
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "nightshift.db")
	manyRuns(t, path, runs)
	before := saved(t, path)
	file, err := os.ReadFile(path)
	check(t, err)
	rowsOn := touching(t, path)
	const size = 4096
	var pages []int
	for n := 1; n <= len(file)/size; n++ {
		pages = append(pages, n)
	}
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(pages)-1, func(i, j int) { pages[i+1], pages[j+1] = pages[j+1], pages[i+1] })
	pages = pages[:min(lost, len(pages))] // the first one among them
	for _, n := range pages {
		zeroed := slices.Clone(file)
		clear(zeroed[(n-1)*size : n*size])
		rescues(t, dir, fmt.Sprintf("page %d", n), zeroed, len(file)/size, before, rowsOn, func(page int) bool { return page == n })
		if n > 1 { // of less nothing is left
			rescues(t, dir, fmt.Sprintf("cut off in page %d", n), file[:(n-1)*size+1000], len(file)/size, before, rowsOn,
				func(page int) bool { return page >= n })
		}
	}
}

func rescues(t *testing.T, dir, what string, file []byte, last int, before map[string]string, rowsOn map[int]map[string]bool,
	lost func(page int) bool) {
	t.Helper()
	damaged, to := filepath.Join(dir, "damaged.db"), filepath.Join(dir, "rescued.db")
	check(t, os.WriteFile(damaged, file, 0o666))
	for _, end := range []string{"", "-wal", "-shm"} {
		os.Remove(to + end)
	}
	kept := slices.ContainsFunc(slices.Collect(maps.Keys(rowsOn)), func(page int) bool { return !lost(page) })
	if _, err := Rescue(ctx, damaged, to); errors.Is(err, ErrNotDatabase) && !kept {
		return // there is no row of ours in it
	} else if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	after := saved(t, to)
	gone, others := map[string]bool{}, 0
	for n := 1; n <= last; n++ {
		if !lost(n) {
			continue
		}
		if rowsOn[n] == nil {
			others++ // what a row of one run goes on with
		}
		for id := range rowsOn[n] {
			gone[id] = true
		}
	}
	missing := 0
	for id, want := range before {
		switch got := after[id]; {
		case got == "" && !gone[id]:
			missing++
		case got != "" && got != want:
			t.Errorf("%s: run %s is another", what, id)
		}
	}
	if missing > others {
		t.Errorf("%s: %d runs are lost that have no row there, of %d with a result", what, missing, len(before))
	}
}

// What is in the log of a night that was killed is saved, too, and nothing is written to the damaged file.
func TestRescueLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	db := openAt(t, path)
	_, err := db.sql.Exec(`PRAGMA wal_autocheckpoint = 0`)
	check(t, err)
	check(t, db.Finish(ctx, result(planned("aa", "0.1"))))
	file, err := os.ReadFile(path)
	check(t, err)
	to := filepath.Join(t.TempDir(), "rescued.db")
	_, err = Rescue(ctx, path, to)
	check(t, err)
	now, err := os.ReadFile(path)
	check(t, err)
	equal(t, "the file", now, file)
	rescued := openAt(t, to)
	r, err := rescued.Run(ctx, "aa")
	check(t, err)
	equal(t, "Run", r, result(planned("aa", "0.1")).Run)
	if _, err := Rescue(ctx, path, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file that is there: %v", err)
	}
}

// A file of an older schema is rescued as what it was, and brought up to date.
func TestRescueOld(t *testing.T) {
	to := filepath.Join(t.TempDir(), "rescued.db")
	_, err := Rescue(ctx, "testdata/schema3.db", to)
	check(t, err)
	old := contentOf(t, "testdata/schema3.db", nil)
	now := contentOf(t, to, old)
	for _, view := range []string{"runs", "epochs", "layers", "studies", "study_runs", "nights", "conflicts", "progress"} {
		equal(t, view, now[view], old[view])
	}
}
