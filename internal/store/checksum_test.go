package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// identified gives a run the identity that its configuration, data and seeds make.
func identified(r Run) (string, error) {
	sum := sha256.Sum256(fmt.Append(nil, r.Cell, string(r.Config), r.Data, r.SeedData, r.SeedInit, r.SeedOrder))
	return hex.EncodeToString(sum[:]), nil
}

// dump is everything that results consist of, as a query sees it.
func dump(db *DB) (all []string, err error) {
	for _, query := range []string{
		`SELECT runs.*, run.key FROM runs JOIN run USING (id)`, `SELECT * FROM epoch`, `SELECT * FROM layer`,
		`SELECT run, hex(logits) FROM output`, `SELECT run, epoch, hex(tensors) FROM weight`,
	} {
		rows, err := db.sql.Query(query)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			values, targets := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				targets[i] = &values[i]
			}
			if err := rows.Scan(targets...); err != nil {
				return nil, err
			}
			for i, c := range columns {
				if c == "label" { // of the cell, for people
					values[i] = nil
				}
			}
			all = append(all, fmt.Sprint(values...))
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	slices.Sort(all)
	return all, nil
}

// Whatever is written over the file: if a query sees other results than before,
// Check finds something, or the database cannot be read.
func TestOverwrittenBytes(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "nightshift.db")
	db := openAt(t, path)
	for i := range 8 {
		r := result(planned("", fmt.Sprint(i)))
		r.Run.ID, _ = identified(r.Run)
		r.Run.Status, r.Run.Reason, r.Run.Stack = Done, "", ""
		for e := range 30 {
			r.Epochs = append(r.Epochs, Epoch{Epoch: 2 + e, Steps: 8, LR: 0.1, Train: Metrics{Loss: is(math.Sqrt(float64(e)))}})
		}
		r.Outputs = slices.Repeat(r.Outputs, 100)
		r.Weights = []Snapshot{{1, tensors(byte(i))}}
		check(t, db.Finish(ctx, r))
	}
	found, err := db.Check(ctx, identified)
	check(t, err)
	equal(t, "findings of what is right", found, []Finding(nil))
	before, err := dump(db)
	check(t, err)
	check(t, db.Close())
	file, err := os.ReadFile(path)
	check(t, err)
	changed, named := 0, 0
	other := filepath.Join(dir, "other.db")
	rapid.Check(t, func(t *rapid.T) {
		for range 2 {
			at := rapid.IntRange(100, len(file)-1).Draw(t, "at")
			noise := rapid.SliceOfN(rapid.Byte(), 1, rapid.SampledFrom([]int{1, 8, 300}).Draw(t, "most")).Draw(t, "noise")
			copied := slices.Clone(file)
			copy(copied[at:], noise)
			if err := os.WriteFile(other, copied, 0o666); err != nil {
				t.Fatal(err)
			}
			found, after, err := examined(other)
			if err != nil || slices.Equal(after, before) {
				continue
			}
			changed++
			if len(found) == 0 {
				t.Fatal("nothing is found, but there are other results")
			}
			if slices.ContainsFunc(found, func(f Finding) bool { return f.Run != "" }) {
				named++
			}
		}
	})
	t.Logf("%d times a result was another, %d times it was named", changed, named)
	if named == 0 && os.Getenv("NIGHTSHIFT_LONG") != "" { // fewer draws may miss all results
		t.Error("no result was named: the test shows little")
	}
}

// examined gives what Check finds in a file, and its dump. An error is a file
// that cannot be read.
func examined(path string) (found []Finding, all []string, err error) {
	db, err := OpenReadOnly(path)
	if err != nil {
		return nil, nil, err
	}
	defer db.Close()
	if found, err = db.Check(ctx, identified); err != nil {
		return nil, nil, err
	}
	all, err = dump(db)
	if err != nil && len(found) > 0 {
		return found, nil, nil
	}
	return found, all, err
}

func BenchmarkChecksum(b *testing.B) {
	r := result(planned("aa", "0.1"))
	for e := range 10 { // a run of 10 ms
		r.Epochs = append(r.Epochs, r.Epochs[1])
		r.Epochs[e+2].Epoch = e + 2
		r.Layers = append(r.Layers, r.Layers[1], r.Layers[1])
	}
	r.Outputs = make([]float32, 10_000)
	for b.Loop() {
		checksum(r)
	}
}
