package records_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nightshift/internal/cli"
	"nightshift/records"
)

// night trains a small study and gives its database.
func night(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "gates.yaml")
	text := "study: gates\nquestion: Is it solved?\ndata: {set: xor}\nbase: {width: 4, epochs: 2, lr: 0.5}\n" +
		"grid: {activation: [tanh, relu]}\nseeds: 3\nkeep: {weights: init+final}\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if code := cli.Main([]string{"run", file, "--out", dir, "--no-report"}, strings.NewReader(""), &out, &out); code != 0 {
		t.Fatal(out.String())
	}
	return filepath.Join(dir, "nightshift.db")
}

func TestRecords(t *testing.T) {
	ctx := t.Context()
	db, err := records.Open(night(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	studies, err := db.Studies(ctx)
	if err != nil || len(studies) != 1 || studies[0].Name != "gates" || studies[0].Question != "Is it solved?" {
		t.Fatalf("%v, %v", studies, err)
	}
	runs, err := db.Runs(ctx, "gates")
	if err != nil || len(runs) != 6 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	for _, r := range runs {
		if r.Status != "done" || r.Axes["activation"] != "tanh" && r.Axes["activation"] != "relu" || r.Parameters == 0 {
			t.Errorf("%+v", r)
		}
		epochs, err := db.Epochs(ctx, r)
		if err != nil || len(epochs) != 3 || epochs[2].Test != r.Test {
			t.Errorf("epochs %+v, %v", epochs, err)
		}
		p, err := db.Predictions(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		// The stored error is what the answers say.
		wrong := 0.0
		for i, answer := range p.Answers {
			if answer != p.Labels[i] {
				wrong++
			}
			if sum := p.Probabilities[i][0] + p.Probabilities[i][1]; math.Abs(sum-1) > 1e-6 {
				t.Errorf("probabilities sum up to %v", sum)
			}
		}
		if share := wrong / float64(len(p.Answers)); math.Abs(share-r.Test.Error.V) > 1e-9 {
			t.Errorf("%v wrong, stored %v", share, r.Test.Error.V)
		}
		if kept, err := db.Weights(ctx, r); err != nil || len(kept) != 2 || len(kept[0]) == 0 || len(kept[2]) == 0 {
			t.Errorf("weights of %d epochs, %v", len(kept), err)
		}
	}
	if _, err := db.Runs(ctx, "doors"); err == nil {
		t.Error("a study that is not there has runs")
	}
	if _, err := records.Open(filepath.Join(t.TempDir(), "none.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func Example() {
	ctx := context.Background()
	db, err := records.Open("results/nightshift.db")
	if err != nil {
		log.Print(err)
		return
	}
	defer db.Close()
	runs, err := db.Runs(ctx, "quickstart")
	if err != nil {
		log.Print(err)
		return
	}
	for _, r := range runs {
		if r.Test.Error.Valid {
			fmt.Printf("%s, seed %d: %.1f %%\n", r.Label, r.Init, 100*r.Test.Error.V)
		}
	}
}
