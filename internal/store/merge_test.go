package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// holding makes a database of some runs.
func holding(t interface {
	Fatal(...any)
	Helper()
}, path string, results []Result) {
	t.Helper()
	empty(t, path)
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Finish(ctx, results...); err != nil {
		t.Fatal(err)
	}
	var members []StudyRun
	for _, r := range results {
		members = append(members, StudyRun{Study: "s", RunID: r.Run.ID, CellLabel: r.Run.Label, Axes: []byte("[]")})
	}
	s := Study{Study: "s", YAML: fmt.Sprint(len(results)), Set: []string{}, At: evening.Add(time.Duration(len(results)) * time.Hour)}
	if err := db.PutStudy(ctx, s, nil, members); err != nil {
		t.Fatal(err)
	}
}

// attempt draws what a machine may have made of one of three runs.
func attempt(t *rapid.T, id int) Result {
	r := result(planned(fmt.Sprint("run", id), "0.1"))
	began := rapid.IntRange(0, 2).Draw(t, "began")
	r.Run.Started, r.Run.Host = evening.Add(time.Duration(began)*time.Minute), fmt.Sprint("host", began)
	switch rapid.SampledFrom([]Status{Done, Diverged, Failed, Interrupted}).Draw(t, "status") {
	case Done:
		r.Run.Status, r.Run.Reason, r.Run.Stack = Done, "", ""
		r.Epochs[1].Train.Loss = is(float64(rapid.IntRange(1, 2).Draw(t, "bits")))
		r.Weights = r.Weights[:rapid.IntRange(0, 2).Draw(t, "weights")]
	case Failed:
		r = Result{Run: r.Run}
		r.Run.Status, r.Run.Epochs, r.Run.Digest = Failed, 0, ""
	case Interrupted:
		r.Run.Status, r.Run.Digest, r.Outputs, r.Weights = Interrupted, "", nil, nil
		r.Run.Epochs = rapid.IntRange(0, 1).Draw(t, "epochs")
		r.Epochs = r.Epochs[:r.Run.Epochs+1]
	}
	return r
}

// everything is the content of a database as other tools see it.
func everything(t *rapid.T, path string) map[string][]string {
	db, err := OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string][]string{}
	for _, query := range []string{
		`SELECT id || status || epochs || coalesce(train_loss, '') || digest || host || started_at FROM runs ORDER BY 1`,
		`SELECT run_id || epoch || split || loss FROM epochs ORDER BY 1`,
		`SELECT run_id || epoch || layer || weight FROM layers ORDER BY 1`,
		`SELECT run_id || status || host || started_at || coalesce(train_loss, '') FROM conflicts ORDER BY 1`,
		`SELECT study || yaml || at FROM studies`, `SELECT study || yaml || at FROM study_versions ORDER BY 1`,
		`SELECT run_id FROM study_runs ORDER BY 1`,
		`SELECT run.id || epoch FROM weight JOIN run ON run.key = weight.run ORDER BY 1`,
	} {
		rows, err := db.sql.QueryContext(ctx, query)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			all[query] = append(all[query], s)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// Whatever three databases hold, they come together to the same in any order,
// and once more changes nothing.
func TestMergeInAnyOrder(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		var paths []string
		for d := range 3 {
			var results []Result
			for id := range 3 {
				if rapid.Bool().Draw(t, "has") {
					results = append(results, attempt(t, id))
				}
			}
			path := filepath.Join(dir, fmt.Sprintf("%d-%d.db", n, d))
			holding(t, path, results)
			paths = append(paths, path)
		}
		var first map[string][]string
		another := rapid.SampledFrom([][]int{{2, 1, 0}, {1, 0, 2, 1, 0}, {2, 0, 1, 1}}).Draw(t, "another order")
		for o, order := range [][]int{{0, 1, 2}, another} {
			into := filepath.Join(dir, fmt.Sprintf("%d-into-%d.db", n, o))
			empty(t, into)
			db, err := Open(into)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range order {
				if _, err := Merge(ctx, db, paths[d], nil); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			got := everything(t, into)
			if first == nil {
				first = got
			}
			for query, want := range first {
				if fmt.Sprint(got[query]) != fmt.Sprint(want) {
					t.Fatalf("order %v: %s\n%q\nin order 0, 1, 2\n%q", order, query, got[query], want)
				}
			}
		}
	})
}

func TestMergeCounts(t *testing.T) {
	dir := t.TempDir()
	of := func(id string) Result { return result(planned(id, "1")) }
	same, new, ahead, odd, even := of("same"), of("new"), of("ahead"), of("odd"), of("odd")
	behind := Result{Run: ahead.Run}
	behind.Run.Status, behind.Run.Epochs, behind.Run.Digest = Failed, 0, ""
	even.Epochs[0].Train.Loss = is(2.5)
	holding(t, filepath.Join(dir, "a.db"), []Result{same, behind, odd})
	holding(t, filepath.Join(dir, "b.db"), []Result{same, new, ahead, even})
	db := openAt(t, filepath.Join(dir, "a.db"))
	m, err := Merge(ctx, db, filepath.Join(dir, "b.db"), nil)
	check(t, err)
	if m.Added != 1 || m.Completed != 1 || m.Same != 2 || len(m.Conflicts) != 1 || m.Conflicts[0].ID != "odd" {
		t.Errorf("%+v", m)
	}
	if n := count(t, db, `SELECT count(*) FROM conflicts WHERE run_id = 'odd'`); n != 1 {
		t.Errorf("%d conflicts are kept", n)
	}
}

// What cannot be read, or is not what was written, is left out and said; all else is merged.
func TestMergeGoesOn(t *testing.T) {
	for name, sql := range map[string]string{
		"a row":           `UPDATE run SET seconds = 'long' WHERE id = 'bad'`,
		"an epoch":        `UPDATE epoch SET train_loss = 'low' WHERE run = (SELECT key FROM run WHERE id = 'bad')`,
		"a configuration": `UPDATE cell SET config = '{}' WHERE id = 'of bad'`,
		"a data set":      `UPDATE dataset SET outputs = 7`,
		"a place":         `UPDATE member SET position = 9 WHERE run = (SELECT key FROM run WHERE id = 'bad')`,
		"a study":         `UPDATE study SET question = 'Why?'`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "from.db")
			good, bad := result(planned("good", "1")), result(planned("bad", "2"))
			bad.Run.Cell, good.Weights, bad.Weights = "of bad", nil, nil
			holding(t, path, []Result{good, bad})
			from := openAt(t, path)
			check(t, from.PutDataset(ctx, Dataset{ID: "xor/1"}))
			_, err := from.sql.Exec(sql)
			check(t, err)
			into := open(t)
			m, err := Merge(ctx, into, path, nil)
			check(t, err)
			if len(m.Damaged) == 0 {
				t.Error("nothing is said")
			}
			r, err := into.Run(ctx, "good")
			check(t, err)
			equal(t, "the other run", r, good.Run)
			found, err := into.Check(ctx, func(r Run) (string, error) { return r.ID, nil })
			check(t, err)
			equal(t, "findings in the new database", found, []Finding(nil))
		})
	}
}

// A result of ours that is not what was written gives way, and that is said.
func TestMergeReplaces(t *testing.T) {
	dir := t.TempDir()
	r := result(planned("aa", "1"))
	holding(t, filepath.Join(dir, "a.db"), []Result{r})
	holding(t, filepath.Join(dir, "b.db"), []Result{r})
	db := openAt(t, filepath.Join(dir, "a.db"))
	_, err := db.sql.Exec(`UPDATE epoch SET train_loss = 17`)
	check(t, err)
	m, err := Merge(ctx, db, filepath.Join(dir, "b.db"), nil)
	check(t, err)
	equal(t, "Replaced", m.Replaced, []Damaged{{"aa", r.Run.Label, "what was here was not what was written"}})
	epochs, err := db.Epochs(ctx, "aa")
	check(t, err)
	equal(t, "Epochs", epochs, r.Epochs)
}

func TestConflictDifference(t *testing.T) {
	kept, apart := candidate{Run: result(planned("aa", "1")).Run}, candidate{Run: result(planned("aa", "1")).Run}
	equal(t, "of the same", newConflict(kept, apart).Difference, 0.0)
	kept.Test.Loss, apart.Test.Loss = is(2), is(1.5)
	apart.Kernel = "another"
	c := newConflict(kept, apart)
	if c.Difference != 0.25 || !c.OtherArithmetic() {
		t.Errorf("%+v", c)
	}
}

// Runs are read in sets, and the next database while one is written; a file that is missing is named, and those before it are
// merged.
func TestMergeAll(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	n := 0
	for _, size := range []int{2*maxRuns + 1, 1} {
		var list []Result
		for range size {
			list = append(list, Result{Run: result(planned(fmt.Sprintf("%04d", n), fmt.Sprint(n%3))).Run})
			n++
		}
		paths = append(paths, filepath.Join(dir, fmt.Sprint(size)))
		holding(t, paths[len(paths)-1], list)
	}
	info, err := os.Stat(paths[0])
	check(t, err)
	if o := openOther(ctx, paths[0], nil, nil); int64(o.bytes()) < info.Size() {
		t.Errorf("%d bytes are said to be in memory, where the file has %d", o.bytes(), info.Size())
	} else {
		check(t, o.Close())
	}
	missing := filepath.Join(dir, "missing.db")
	into := open(t)
	var told []string
	err = MergeAll(ctx, into, append(paths, missing, paths[0]), nil, func(path string, m Merged) {
		told = append(told, fmt.Sprint(filepath.Base(path), " ", m.Added))
	})
	if err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("the error is %v, and the missing file %s", err, missing)
	}
	equal(t, "what was told", told, []string{fmt.Sprint(2*maxRuns+1, " ", 2*maxRuns+1), "1 1"})
	runs, err := into.Runs(ctx, "s")
	check(t, err)
	if len(runs) != n {
		t.Errorf("%d runs are members, of %d", len(runs), n)
	}
}

// What was brought in a transaction that has ended is told as it was, also when one that comes later cannot be read.
func TestMergeTellsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "some.db")
	holding(t, path, []Result{result(planned("aa", "0"))})
	var told []int
	err := MergeAll(ctx, open(t), []string{path, path, filepath.Join(dir, "missing.db")}, nil, func(_ string, m Merged) {
		told = append(told, m.Added, m.Same)
	})
	if err == nil {
		t.Error("a file that is missing is not noticed")
	}
	equal(t, "added and known", told, []int{1, 0, 0, 1})
}
