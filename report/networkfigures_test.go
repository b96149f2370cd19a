package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/array"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// trainedFigure is the only figure of a kind of a trained night, with the results that it is of.
func trainedFigure(t *testing.T, n *night, kind string) (figure.Figure, *results) {
	t.Helper()
	r := mustRead(t, again(n)())
	all := build(t, r, kind)
	if len(all) == 0 {
		t.Fatalf("there is no figure %s", kind)
	}
	return all[0], r
}

// mustPanel finds a panel.
func mustPanel(t *testing.T, f figure.Figure, title string) *figure.Panel {
	t.Helper()
	p := panelTitled(f, title)
	if p == nil {
		t.Fatalf("%s has no panel %q", f.Name, title)
	}
	return p
}

// Units that start alike stay so for ever: all cosines are 1, and the layer is worth one unit.
func TestEqualUnitsStayEqual(t *testing.T) {
	t.Parallel()
	f, _ := trainedFigure(t, trainedGlyphs(), "units")
	for _, epoch := range []int{0, 9} {
		p := mustPanel(t, f, fmt.Sprintf("equal, epoch %d", epoch))
		if len(p.Cells) != 36 {
			t.Errorf("%d squares of 6 units", len(p.Cells))
		}
		for _, c := range p.Cells {
			if c.Value != 1 {
				t.Errorf("epoch %d: %s have the cosine %v", epoch, c.Note, c.Value)
			}
		}
	}
	for _, s := range mustPanel(t, f, "What the units are worth").Series {
		for _, m := range s.Means {
			if worth := math.Abs(m.Y-1) < 1e-6; worth != (s.Label == "equal") {
				t.Errorf("%s is worth %v units after epoch %v", s.Label, m.Y, m.X)
			}
		}
	}
	if !strings.Contains(f.Statement, "equal: all 6 hidden units are alike, in every run") {
		t.Error(f.Statement)
	}
}

// Lines between networks, slices and surfaces go through the losses that the trainings measured.
func TestLossesAreThoseOfTheTraining(t *testing.T) {
	t.Parallel()
	barrier, r := trainedFigure(t, trainedGlyphs(), "barrier")
	first := r.cells[0].Runs
	want := 0.0
	for i, one := range first { // runs are first in their pairs 2, 1 and 0 times
		want += one.Train.Loss.V * float64(len(first)-1-i) / 3
	}
	for _, s := range mustPanel(t, barrier, "softmax, training").Series[:2] {
		if got := s.Means[0].Y; math.Abs(got-want) > 1e-6 {
			t.Errorf("lines %s begin at a loss of %v, want %v", s.Label, got, want)
		}
	}
	surface, _ := trainedFigure(t, trainedGlyphs(), "landscape")
	slices, _ := trainedFigure(t, trainedGlyphs(), "slices")
	ends := mustPanel(t, slices, "softmax, from start to end").Series[0]
	for i, one := range first {
		line := ends.Repeats[i].Points
		if got, want := line[0].Y, one.Measured[0].Train.Loss.V; math.Abs(got-want) > 1e-6 {
			t.Errorf("run %d starts at %v, want %v", i, got, want)
		}
		if got, want := line[len(line)-1].Y, one.Train.Loss.V; math.Abs(got-want) > 1e-6 {
			t.Errorf("run %d ends at %v, want %v", i, got, want)
		}
	}
	want = first[0].Train.Loss.V
	for _, c := range mustPanel(t, surface, "softmax, seed 0: "+number.Plain(want)+" in the middle").Cells {
		if c.X == 0 && c.Y == 0 && math.Abs(c.Value-want) > 1e-6 {
			t.Errorf("the middle of the surface is at %v, want %v", c.Value, want)
		}
	}
	around := mustPanel(t, slices, "softmax, around seed 0").Series[0]
	if got := around.Means[len(around.Means)/2]; got.X != 0 || math.Abs(got.Y-want) > 1e-6 {
		t.Errorf("the slice has %v at %v, want %v", got.Y, got.X, want)
	}
}

// The weights of a layer times 8 and of the next one by 8 are the same function where units are ReLUs, and have the same slices
// and surface.
func TestScaledNetworkHasTheSameSlices(t *testing.T) {
	t.Parallel()
	scale := map[string]float64{"layers.0.weight": 8, "layers.0.bias": 8, "layers.1.weight": 0.125, "layers.1.bias": 1}
	n := trainedNight("scaled", 2, cellOf{"plain", "glyphs", plain},
		cellOf{"scaled", "glyphs", func(c *study.Config) { c.Log.Every = 3 }})
	for i := range n.results[2:] { // in place of what was trained
		n.results[2+i].Weights = slices.Clone(n.results[i].Weights)
		for k, w := range n.results[2+i].Weights {
			n.results[2+i].Weights[k].Tensors = changed(t, w.Tensors, func(tensors []array.Tensor) {
				for _, tensor := range tensors {
					for j := range tensor.Data {
						tensor.Data[j] *= scale[tensor.Name]
					}
				}
			})
		}
	}
	f, _ := trainedFigure(t, n, "slices")
	a, b := mustPanel(t, f, "plain, around seed 0").Series[0], mustPanel(t, f, "scaled, around seed 0").Series[0]
	for d := range a.Repeats {
		for i, at := range a.Repeats[d].Points {
			if other := b.Repeats[d].Points[i]; math.Abs(at.Y-other.Y) > 1e-10 {
				t.Errorf("%s at %v: %v, and %v of the scaled network", a.Repeats[d].Name, at.X, at.Y, other.Y)
			}
		}
	}
	f, _ = trainedFigure(t, n, "landscape")
	for i, c := range f.Panels[0].Cells {
		if other := f.Panels[1].Cells[i]; math.Abs(c.Value-other.Value) > 1e-10 {
			t.Fatalf("surface at %v, %v: %v, and %v of the scaled network", c.X, c.Y, c.Value, other.Value)
		}
	}
}

// The path of weights that walk at random has the golden shares of a random walk, as the line beside it.
func TestPathOfARandomWalk(t *testing.T) {
	t.Parallel()
	n := trainedNight("walk", 1, cellOf{"walk", "glyphs", plain})
	r := rand.New(rand.NewPCG(3, 1))
	kept := n.results[0].Weights[:1]
	for epoch := 1; epoch < 150; epoch++ {
		kept = append(kept, store.Snapshot{Epoch: epoch, Tensors: changed(t, kept[epoch-1].Tensors, func(tensors []array.Tensor) {
			for _, tensor := range tensors {
				for i := range tensor.Data {
					tensor.Data[i] += 0.01 * r.NormFloat64()
				}
			}
		})})
	}
	n.results[0].Weights = kept
	f, _ := trainedFigure(t, n, "path")
	var golden []float64
	goldenEntry(t, "pca_random_walk", &golden)
	shares := mustPanel(t, f, "what the components explain").Series
	for k := range 3 {
		want := percent * golden[k]
		if got := shares[0].Means[k].Y; math.Abs(got-want) > 1.5 { // of 4,780 weights
			t.Errorf("component %d explains %.2f %%, want %.2f", k+1, got, want)
		}
		if got := shares[1].Means[k].Y; math.Abs(got-want) > 0.01 { // of 150 points
			t.Errorf("the line is at %.3f %%, want %.3f", got, want)
		}
	}
}

// Right answers of a confusion matrix are the accuracy; failures are the others.
func TestConfusionCountsErrors(t *testing.T) {
	t.Parallel()
	f, r := trainedFigure(t, trainedGlyphs(), "confusion")
	c := r.cells[0]
	of := map[int32]float64{}
	for _, label := range c.Data.TestLabels {
		of[label]++
	}
	right := 0.0
	for _, cell := range mustPanel(t, f, "softmax").Cells {
		if class := 9 - cell.Y; class == cell.X {
			right += cell.Value / percent * of[int32(class)]
		}
	}
	wrong := 0.0
	for _, one := range c.Runs {
		wrong += one.Test.Error.V / float64(len(c.Runs))
	}
	if n := float64(len(c.Data.TestLabels)); math.Abs(right/n-(1-wrong)) > 1e-9 {
		t.Errorf("%v of %v are right, and the mean error is %v", right, n, wrong)
	}
	failures, r := trainedFigure(t, trainedGlyphs(), "failures")
	best := r.choose(r.cells)
	for _, one := range best.Runs {
		name := titled(r.blocks[0].where(best), best.seedName(one))
		if strings.HasPrefix(failures.Statement, name) {
			want := fmt.Sprintf("%s: %.0f of 40 test examples are answered wrongly", name, 40*one.Test.Error.V)
			if !strings.HasPrefix(failures.Statement, want) {
				t.Errorf("%q, want %q", failures.Statement, want)
			}
			return
		}
	}
	t.Errorf("no run of the best cell: %q", failures.Statement)
}

// Trained seeds never agree on all examples, a seed is not compared with itself, and every pair has a dot.
func TestDisagreementOfSeeds(t *testing.T) {
	t.Parallel()
	f, _ := trainedFigure(t, trainedGlyphs(), "disagreement")
	for _, c := range mustPanel(t, f, "softmax, test examples").Cells {
		if (c.X == c.Y) != math.IsNaN(c.Value) || c.Value == 0 {
			t.Errorf("%s answer %v %% differently", c.Note, c.Value)
		}
	}
	series := mustPanel(t, f, "softmax, pairs").Series
	if n := len(series[len(series)-1].Repeats); n != 3 {
		t.Errorf("%d pairs of 3 seeds", n)
	}
	// A claim about pairs takes five runs, and so does their interval; and of 100 examples no two runs answer 135 differently.
	if said := plainSpaces(f.Statement); !strings.Contains(said, "(no interval; 3 runs); they err too often to err on different examples only") ||
		strings.Contains(said, "would come to 1") || len(series) > 1 && series[0].Means[1].Y > 100 {
		t.Errorf("%d series, %q", len(series), said)
	}
}

// The mean of a fan is that of the outputs, and its truth is the sine.
func TestFanIsOverTheTestInputs(t *testing.T) {
	t.Parallel()
	f, _ := trainedFigure(t, trainedSine(), "fan")
	fits, truth := f.Panels[0].Series[0], f.Panels[0].Series[1]
	for i, m := range fits.Means {
		sum := 0.0
		for _, one := range fits.Repeats {
			if one.Points[i].X != m.X {
				t.Fatal("fits have other inputs than their mean")
			}
			sum += one.Points[i].Y / float64(len(fits.Repeats))
		}
		if math.Abs(sum-m.Y) > 1e-9 || i > 0 && m.X < fits.Means[i-1].X {
			t.Errorf("mean %v at %v, want %v", m.Y, m.X, sum)
		}
		if math.IsNaN(truth.Means[i].Y) || truth.Means[i].X != m.X {
			t.Errorf("truth %v", truth.Means[i])
		}
	}
}

// Figures whose data are others now are left out, and the page says why.
func TestFiguresOfOtherDataAreLeftOut(t *testing.T) {
	t.Parallel()
	n := again(trainedXOR())()
	for i := range n.runs {
		n.runs[i].Data = strings.Replace(n.runs[i].Data, "/", "/0", 1)
		n.results[i].Run.Data = n.runs[i].Data
	}
	datasets := map[string]store.Dataset{}
	for id, d := range n.datasets {
		d.ID = strings.Replace(id, "/", "/0", 1)
		datasets[d.ID] = d
	}
	n.datasets = datasets
	r := mustRead(t, n)
	for _, kind := range []string{"barrier", "landscape", "path", "regions", "slices"} {
		if all := build(t, r, kind); len(all) != 0 {
			t.Errorf("%s is drawn with other data", kind)
		}
		why := fmt.Sprintf("The figure %s is left out: the data are not there as they were", kind)
		if !strings.Contains(strings.Join(r.warnings, "\n"), why) {
			t.Errorf("%q does not say %q", r.warnings, why)
		}
	}
}
