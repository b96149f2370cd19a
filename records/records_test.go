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

// night trains a small study and gives its database, in the folder dir.
func night(dir string) (string, error) {
	file := filepath.Join(dir, "gates.yaml")
	text := "study: gates\nquestion: Is it solved?\ndata: {set: xor}\nbase: {width: 4, epochs: 2, lr: 0.5}\n" +
		"grid: {activation: [tanh, relu]}\nseeds: 3\nkeep: {weights: init+final}\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		return "", err
	}
	var out strings.Builder
	if code := cli.Main([]string{"run", file, "--out", dir, "--no-report"}, strings.NewReader(""), &out, &out); code != 0 {
		return "", errors.New(out.String())
	}
	return filepath.Join(dir, "nightshift.db"), nil
}

func TestRecords(t *testing.T) {
	ctx := t.Context()
	path, err := night(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	db, err := records.Open(path)
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
		layers, err := db.Layers(ctx, r)
		if err != nil || len(layers) != 6 || layers[0].Distance != 0 || layers[5].Epoch != 2 || layers[5].Layer != 1 ||
			!(layers[5].Distance > 0) {
			t.Errorf("layers %+v, %v", layers, err)
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

// Example reads the runs of a study, and what the last epoch of each has measured.
func Example() {
	dir, err := os.MkdirTemp("", "records")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path, err := night(dir) // trains a study; yours is results/nightshift.db
	if err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	db, err := records.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	runs, err := db.Runs(ctx, "gates")
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range runs {
		epochs, err := db.Epochs(ctx, r)
		if err != nil {
			log.Fatal(err)
		}
		last := epochs[len(epochs)-1]
		fmt.Printf("%v, seed %d: %s after epoch %d, test error below a half: %t\n",
			r.Axes["activation"], r.Init, r.Status, last.Epoch, last.Test.Error.V < 0.5)
	}
	// Output:
	// tanh, seed 0: done after epoch 2, test error below a half: true
	// relu, seed 0: done after epoch 2, test error below a half: true
	// tanh, seed 1: done after epoch 2, test error below a half: true
	// relu, seed 1: done after epoch 2, test error below a half: true
	// tanh, seed 2: done after epoch 2, test error below a half: true
	// relu, seed 2: done after epoch 2, test error below a half: true
}
