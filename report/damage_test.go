package report

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/store"
)

// reported is all that a report says: numbers of figures and tables, claims, facts. The words
// about damage are apart. An error is a word, too.
func reported(path, study string) (says []string, damage []string, err error) {
	ctx := context.Background()
	db, err := store.OpenReadOnly(path)
	if err != nil {
		return nil, nil, err
	}
	defer db.Close()
	r, err := read(ctx, db, study, Inputs{})
	if err != nil {
		return nil, nil, err
	}
	verdicts, err := r.Verdicts(ctx, r.declared)
	if err != nil {
		return nil, nil, err
	}
	figures, err := r.shown(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range figures {
		says = append(says, string(f.CSV()), f.Statement)
	}
	for _, b := range r.blocks {
		says = append(says, fmt.Sprintf("%+v", r.table(b, nil)))
	}
	says = append(says, string(verdictsCSV(verdicts)))
	for _, l := range r.provenance() {
		says = append(says, l[1])
	}
	return append(says, r.facts()...), append(r.Changes(), r.warnings...), nil
}

// Whatever bit of the file changes: a report says the same, or says that something
// is not what was written.
func TestFlippedBits(t *testing.T) {
	flips := 15
	if os.Getenv("NIGHTSHIFT_LONG") != "" {
		flips = 1000
	}
	n := full()
	path := filepath.Join(t.TempDir(), "night.db")
	if err := n.saveAt(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	want, damage, err := reported(path, n.study.Study)
	if err != nil || slices.ContainsFunc(damage, func(s string) bool { return strings.Contains(s, "not what was written") }) {
		t.Fatal(damage, err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	other := filepath.Join(t.TempDir(), "other.db")
	same, said, failed := 0, 0, 0
	for range flips {
		bit := random.IntN(8 * len(file))
		flipped := slices.Clone(file)
		flipped[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(other, flipped, 0o666); err != nil {
			t.Fatal(err)
		}
		now, words, err := reported(other, n.study.Study)
		switch {
		case err != nil:
			failed++
		case slices.Equal(now, want):
			same++
		case slices.Equal(words, damage):
			t.Errorf("bit %d (page %d): something else is reported, without a word", bit, bit/8/4096+1)
			for i := range min(len(now), len(want)) {
				if now[i] != want[i] {
					at := 0
					for at < min(len(now[i]), len(want[i])) && now[i][at] == want[i][at] {
						at++
					}
					t.Logf("%.300s\n%.300s", now[i][max(0, at-150):], want[i][max(0, at-150):])
					break
				}
			}
		default:
			said++
		}
	}
	t.Logf("%d flips: %d times the same, %d times with a word, %d times an error", flips, same, said, failed)
	if said == 0 {
		t.Error("no flip met anything that is reported: the test shows little")
	}
}
