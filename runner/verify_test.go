package runner

import (
	"database/sql"
	"math"
	"strings"
	"testing"

	"nightshift/internal/store"
)

// trained is a database with the runs of a night, and its path.
func trained(t *testing.T, s Study) (*store.DB, string) {
	t.Helper()
	path := newPath(t)
	db, err := store.Open(path)
	check(t, err)
	t.Cleanup(func() { db.Close() })
	_, err = Night(ctx, db, []Study{s}, Options{Workers: 2, Provenance: store.Provenance{Kernel: "k", Go: "go1"}})
	check(t, err)
	return db, path
}

// change edits the database behind the store's back.
func change(t *testing.T, path, query string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	check(t, err)
	defer db.Close()
	result, err := db.Exec(query, args...)
	check(t, err)
	if n, err := result.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("%s changed %d rows (%v)", query, n, err)
	}
}

// TestVerifyIdentical: whatever ends a run, diverging and stopping early included.
func TestVerifyIdentical(t *testing.T) {
	s := mixed(t)
	stopping := small(t, "xor")
	stopping.EarlyStop.Patience, stopping.Epochs, stopping.Log.Every = 1, 50, 3
	s.Runs = append(s.Runs, studyOf("", 1, stopping).Runs...)
	db, _ := trained(t, s)
	statuses := map[store.Status]int{}
	for _, r := range s.Runs {
		v, err := Verify(ctx, db, r.ID, NewSources(nil), Options{Provenance: store.Provenance{Kernel: "k", Go: "go1"}})
		check(t, err)
		statuses[v.Run.Status]++
		if v.Difference != nil || len(v.Changed) > 0 || v.Epochs < 2 || v.Digest != (v.Run.Status == store.Done) {
			t.Errorf("%s (%s): %+v", r.Label, v.Run.Status, v)
		}
	}
	if statuses[store.Done] == 0 || statuses[store.Diverged] == 0 {
		t.Errorf("runs are %v", statuses)
	}
}

func TestVerifyFindsWhatIsPlanted(t *testing.T) {
	db, path := trained(t, studyOf("s", 1, small(t, "xor")))
	runs, err := db.Runs(ctx, "")
	check(t, err)
	r := runs[0]
	epochs, err := db.Epochs(ctx, r.ID)
	check(t, err)
	layers, err := db.Layers(ctx, r.ID)
	check(t, err)
	next := math.Nextafter(epochs[2].Valid.NLL.V, 1)
	for _, c := range []struct {
		table, column, where string
		planted, back        any
		want                 Difference
	}{
		{"epoch", "valid_nll", "epoch = 2", next, epochs[2].Valid.NLL.V,
			Difference{2, "valid_nll", exact(next), exact(epochs[2].Valid.NLL.V)}},
		{"epoch", "test_error", "epoch = 0", "NaN", epochs[0].Test.Error.V,
			Difference{0, "test_error", "NaN", exact(epochs[0].Test.Error.V)}},
		{"epoch", "train_mse", "epoch = 3", nil, epochs[3].Train.MSE.V,
			Difference{3, "train_mse", "not there", exact(epochs[3].Train.MSE.V)}},
		{"layer", "gradient", "epoch = 1 AND layer = 1", -1.0, layers[3].Gradient,
			Difference{1, "gradient of layer 2", "-1", exact(layers[3].Gradient)}},
		{"run", "digest", "1", "0f", r.Digest, Difference{3, "digest of the weights", "0f", r.Digest}},
		{"run", "status", "1", "diverged", "done", Difference{3, "diverged", "true", "false"}},
	} {
		set := "UPDATE " + c.table + " SET " + c.column + " = ? WHERE " + c.where
		change(t, path, set, c.planted)
		v, err := Verify(ctx, db, r.ID[:10], NewSources(nil), Options{})
		check(t, err)
		if v.Difference == nil || *v.Difference != c.want {
			t.Errorf("%s %s: found %v, planted is %v", c.table, c.column, v.Difference, c.want)
		}
		change(t, path, set, c.back)
	}

	change(t, path, "UPDATE output SET logits = x'0000803f' || substr(logits, 5)")
	v, err := Verify(ctx, db, r.ID, NewSources(nil), Options{})
	check(t, err)
	if v.Difference == nil || v.Difference.Name != "output 0 of test example 0" || v.Difference.Then != "1" {
		t.Errorf("found %v, planted is an output of 1", v.Difference)
	}
}

func TestVerifyNamesWhatMadeTheResult(t *testing.T) {
	db, path := trained(t, studyOf("s", 1, small(t, "xor")))
	change(t, path, "UPDATE run SET digest = ''")
	runs, err := db.Runs(ctx, "")
	check(t, err)
	v, err := Verify(ctx, db, runs[0].ID, NewSources(nil),
		Options{Provenance: store.Provenance{Kernel: "other", Go: "go1", Commit: "c", Dirty: true, Host: "h"}})
	check(t, err)
	equal(t, "what has changed", v.Changed, []Difference{{0, "kernel", "k", "other"}, {0, "commit", "unknown", "c with changes"}})
	if v.Difference != nil || v.Digest {
		t.Errorf("%+v", v)
	}
}

func TestVerifyRefuses(t *testing.T) {
	db, path := trained(t, studyOf("s", 1, small(t, "xor")))
	runs, err := db.Runs(ctx, "")
	check(t, err)
	refused := func(id, because string) {
		t.Helper()
		if _, err := Verify(ctx, db, id, NewSources(nil), Options{}); err == nil || !strings.Contains(err.Error(), because) {
			t.Errorf("%v does not say %q", err, because)
		}
	}
	refused("zzz", "not in the database")
	change(t, path, "UPDATE cell SET data = 'xor/0'")
	refused(runs[0].ID, `the data are not those that it was trained on`)
	change(t, path, "UPDATE run SET status = 'failed'")
	refused(runs[0].ID, "is failed: only runs with a result")
}

// TestVerifyPruned: a run that was stopped at a rung is trained until there.
func TestVerifyPruned(t *testing.T) {
	db, path := trained(t, studyOf("s", 1, small(t, "xor")))
	change(t, path, "UPDATE run SET status = 'pruned', epochs = 2, digest = ''")
	change(t, path, "DELETE FROM epoch WHERE epoch = 3")
	change(t, path, "DELETE FROM output")
	change(t, path, "DELETE FROM layer WHERE epoch = 3 AND layer = 0")
	change(t, path, "DELETE FROM layer WHERE epoch = 3")
	runs, err := db.Runs(ctx, "")
	check(t, err)
	v, err := Verify(ctx, db, runs[0].ID, NewSources(nil), Options{})
	check(t, err)
	if v.Difference != nil || v.Epochs != 3 {
		t.Errorf("%+v", v)
	}
}
