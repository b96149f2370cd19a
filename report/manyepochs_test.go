package report

import (
	"os"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// A study of which not all epochs are in memory at once has the page that it has when they are.
func TestPageCellByCell(t *testing.T) {
	t.Parallel()
	plans := []func() *night{halved}
	if os.Getenv("NIGHTSHIFT_LONG") != "" {
		plans = append(plans, full, manyCells)
	}
	for _, plan := range plans {
		n := plan()
		db := n.save(t)
		together, err := read(t.Context(), db, n.study.Study, Inputs{})
		if err != nil {
			t.Fatal(err)
		}
		apart, err := readCells(t.Context(), db, n.study.Study, Inputs{})
		if err != nil {
			t.Fatal(err)
		}
		apart.MostEpochs = 1
		if err := apart.readRest(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want, got := pageOf(t, together), pageOf(t, apart); got != want {
			at := 0
			for at < min(len(got), len(want)) && got[at] == want[at] {
				at++
			}
			t.Errorf("%s: of %d bytes, %d before, the first that differs is %d: %q", n.study.Study, len(got), len(want), at,
				got[at:min(len(got), at+80)])
		}
		epochs, err := apart.measuredEpochs(t.Context(), apart.cells)
		if want, _ := together.measuredEpochs(t.Context(), together.cells); err != nil || len(epochs) != len(want) {
			t.Errorf("%s: epochs %v, want %v, %v", n.study.Study, epochs, want, err)
		}
		of := study.Term{Number: 1, Measure: "test_error", Epoch: epochs[len(epochs)-1]}
		for i := range apart.cells {
			got, err := apart.Of(t.Context(), of, apart.cells[i].Cell)
			want, _ := together.Of(t.Context(), of, together.cells[i].Cell)
			if err != nil || len(got.Values) != len(want.Values) || got.Mean != want.Mean && len(want.Values) > 0 {
				t.Errorf("%s: %+v, want %+v, %v", apart.cells[i].Label, got, want, err)
			}
		}
	}
}

// The lines of very many cells are what they are of few, whether or not their runs are in memory.
func TestSummarisedLines(t *testing.T) {
	t.Parallel()
	r := mustRead(t, full())
	for _, c := range r.cells {
		line := lineOf(c.Runs, 3)
		summary := line
		summary.summarise(r.exploredMeasures())
		for _, m := range r.exploredMeasures() {
			want, err := packedLines([]exploredLine{line}, m, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			got, _ := packedLines([]exploredLine{summary}, m, 1<<20)
			if summary.taken(m) != line.taken(m) || line.taken(m) && got != want {
				t.Errorf("%s, %s: taken %t, want %t, or other values", c.Label, m.Name, summary.taken(m), line.taken(m))
			}
		}
		longest := 0
		for _, one := range c.Runs {
			longest = max(longest, one.Epochs)
		}
		if n := len(line.epochs); n != 3 || line.epochs[0] != 0 || line.epochs[2] != longest || !line.more {
			t.Errorf("%s: epochs %v of %d", c.Label, line.epochs, longest)
		}
	}
}

// A table of too many cells has those that are best on validation, in the order of the study.
func TestRowsOfVeryManyCells(t *testing.T) {
	t.Parallel()
	r := mustRead(t, manyCells())
	if rows := r.bestCells(r.cells, len(r.cells)); len(rows) != len(r.cells) {
		t.Errorf("%d rows of %d", len(rows), len(r.cells))
	}
	rows := r.bestCells(r.cells, 3)
	if len(rows) != 3 || !slices.Contains(rows, r.choose(r.cells)) {
		t.Fatalf("%d rows", len(rows))
	}
	for i, c := range rows[1:] {
		if slices.Index(r.cells, c) <= slices.Index(r.cells, rows[i]) {
			t.Error("rows are not in the order of the study")
		}
	}
	for _, c := range r.cells {
		if !slices.Contains(rows, c) && c.estimate(valid, measures["error"]).Mean < rows[0].estimate(valid, measures["error"]).Mean &&
			r.choose([]*cell{c, rows[0]}) == c {
			t.Errorf("%s is left out, though better than %s", c.Label, rows[0].Label)
		}
	}
}

// Where validation chooses none, the cells that were trained furthest are shown, as the page says.
func TestCellsThatWereTrainedFurthest(t *testing.T) {
	t.Parallel()
	r := mustRead(t, manyCells())
	for i, c := range r.cells {
		for k := range c.Runs {
			c.Runs[k].Status, c.Runs[k].Epochs = store.Pruned, i
		}
	}
	r.rank = nil
	if shown := r.bestCells(r.cells, 2); len(shown) != 2 || shown[0] != r.cells[len(r.cells)-2] ||
		!strings.Contains(r.preferred(), "furthest") {
		t.Errorf("%d cells are shown, the first of them %s: %s", len(shown), shown[0].Label, r.preferred())
	}
}
