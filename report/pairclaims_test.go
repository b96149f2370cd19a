package report

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nightshift/internal/array"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/networks"
)

// Claims about pairs of runs and about units have the numbers of the figures of the same names.
func TestPairClaimsAreThoseOfFigures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		figure string
		term   study.Term
		scale  float64
	}{
		{"disagreement", study.Term{Stat: "disagreement"}, percent},
		{"barrier", study.Term{Stat: "barrier"}, 1},
		{"barrier", study.Term{Stat: "barrier", Aligned: true}, 1},
		{"barrier", study.Term{Stat: "distance_between"}, 1},
		{"barrier", study.Term{Stat: "distance_between", Aligned: true}, 1},
		{"units", study.Term{Measure: study.UnitCorrelation, Layer: 1}, 1},
	} {
		f, r := trainedFigure(t, trainedGlyphs(), c.figure)
		c.term.Number, c.term.Epoch = 1, -1
		for _, at := range r.cells[:2] {
			v, err := r.Of(t.Context(), c.term, at.Cell)
			if err != nil || v.N != 3 {
				t.Fatalf("%v: %v, %d runs", c.term, err, v.N)
			}
			d := v.Times(c.scale)
			if words := number.Interval(d.Mean, d.CI); !strings.Contains(f.Statement, number.Digits(d.Mean, d.CI)(d.Mean)) ||
				!strings.Contains(f.Statement, words) {
				t.Errorf("%v of %s is %v (%s), and the figure says: %s", c.term, at.Label, d.Mean, words, f.Statement)
			}
		}
	}
}

// changed is a network with other weights of the same shapes.
func changed(t *testing.T, weights []byte, change func([]array.Tensor)) []byte {
	t.Helper()
	tensors, err := array.ReadSafetensors(weights)
	if err != nil {
		t.Fatal(err)
	}
	change(tensors)
	encoded, err := array.Safetensors(tensors, array.F32)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// permute puts hidden units into another order, which is the same function.
func permute(tensors []array.Tensor, order []int) {
	h := len(order)
	for i, tensor := range tensors {
		moved := make([]float64, len(tensor.Data))
		switch tensor.Name {
		case "layers.0.weight", "layers.0.bias":
			row := len(tensor.Data) / h
			for to, from := range order {
				copy(moved[to*row:(to+1)*row], tensor.Data[from*row:(from+1)*row])
			}
		case "layers.1.weight":
			for k := range moved {
				moved[k] = tensor.Data[k/h*h+order[k%h]]
			}
		default:
			copy(moved, tensor.Data)
		}
		tensors[i].Data = moved
	}
}

// permutedCopies are eight networks that are one with its units in other orders.
func permutedCopies(t *testing.T) *night {
	n := trainedNight("copies", 8, cellOf{"softmax", "glyphs", plain})
	r := rand.New(rand.NewPCG(16, 1))
	original := n.results[0]
	last := original.Weights[len(original.Weights)-1]
	for i := range n.results {
		snapshot := last
		order := r.Perm(6)
		snapshot.Tensors = changed(t, last.Tensors, func(tensors []array.Tensor) { permute(tensors, order) })
		n.results[i].Weights = []store.Snapshot{snapshot}
		n.results[i].Outputs = original.Outputs
	}
	return n
}

// The figure of networks that are one with its units in other orders has a barrier between them as they are, and none, nor a
// distance, with units aligned.
func TestBarrierOfPermutedCopies(t *testing.T) {
	t.Parallel()
	n := permutedCopies(t)
	f, _ := trainedFigure(t, n, "barrier")
	for _, sample := range []string{"training", "test"} {
		p := mustPanel(t, f, sample)
		naive, aligned, chord := p.Series[0].Means, p.Series[1].Means, p.Series[2].Means
		if len(naive) != networks.LinePoints || naive[networks.LinePoints/2].Y < chord[0].Y+0.01 {
			t.Errorf("%s: the loss between them as they are is %v, and %v at the ends", sample, naive, chord)
		}
		for _, m := range aligned {
			if math.Abs(m.Y-chord[0].Y) > 1e-12 || math.Abs(m.Y-chord[1].Y) > 1e-12 {
				t.Errorf("%s: the loss between aligned copies is %v at %v, and %v at the ends", sample, m.Y, m.X, chord[0].Y)
			}
		}
		for _, s := range mustPanel(t, f, "Barriers, "+sample).Series {
			for _, pair := range s.Repeats {
				if at := pair.Points[0]; at.Y < 0.5 && math.Abs(at.X) > 1e-12 { // the lower row
					t.Errorf("%s: aligned, %s have the barrier %v", sample, pair.Name, at.X)
				}
			}
		}
	}
	if !strings.Contains(f.Statement, "and 0 (the same in every repeat) aligned") {
		t.Error(f.Statement)
	}
}

// Claims find that permuted copies are one function, apart as they stand, and together when their units are aligned.
func TestClaimsAboutPermutedCopies(t *testing.T) {
	t.Parallel()
	n := permutedCopies(t)
	claims := []string{
		"disagreement() = 0 within 1e-9",
		"distance_between() > 1",
		"distance_between(aligned) < 1e-6 * distance_between()",
		"barrier() > 0.01",
		"barrier(aligned) = 0 within 1e-9",
		"barrier(aligned) < 0.01 * barrier()",
		"barrier() - barrier(aligned) > 0.01",
		"correlation_of_units(layer=1) < 0.9",
	}
	n.study.YAML = "study: copies\ndata: {set: glyphs}\nseeds: 8\nkeep: {weights: final}\nexpect:\n  - " + strings.Join(claims,
		"\n  - ") + "\n"
	results := mustRead(t, n)
	verdicts, err := results.Verdicts(t.Context(), results.declared)
	if err != nil || len(verdicts) != len(claims) {
		t.Fatalf("%d verdicts, %v", len(verdicts), err)
	}
	for _, v := range verdicts {
		if v.Outcome != verdict.Held {
			t.Errorf("%s; %s", v.Line(), v.Sentence)
		}
	}
	if words := verdicts[5].Words; words != "the barrier in the training loss between two runs with aligned units at softmax "+
		"is below 0.01 × the barrier in the training loss between two runs at softmax" {
		t.Error(words)
	}
	if s := verdicts[0].Sentence; !strings.Contains(s, "pairs of 8 runs, init and order together, one training set") {
		t.Error(s)
	}

	// Without weights nothing is said of them.
	for i := range n.results {
		n.results[i].Weights = nil
	}
	results = mustRead(t, n)
	if verdicts, err = results.Verdicts(t.Context(), results.declared); err != nil {
		t.Fatal(err)
	}
	for i, v := range verdicts {
		want := map[bool]string{true: "8 runs of softmax are without kept weights", false: "8 without the measurement"}[i < 7]
		if i > 0 && (v.Outcome != verdict.Undecided || !strings.Contains(v.Because, want)) {
			t.Errorf("%s: %s (%s), want %s", v.Claim, v.Outcome, v.Because, want)
		}
	}
}

// Pairs of runs of which some share a training set are not alike: nothing that resamples runs as if they were has an interval.
func TestPairsThatAreNotAlike(t *testing.T) {
	t.Parallel()
	n := newNight("crossed", "")
	var together, crossed []planned
	for i := range uint64(6) {
		together = append(together, planned{init: i, order: i, err: 0.1})
		crossed = append(crossed, planned{data: i / 2, init: i % 2, err: 0.1})
	}
	n.cellOf(0.1, together...)
	n.cellOf(1, crossed...)
	for i := range together {
		together[i].digest = "one"
	}
	n.cellOf(10, together...)
	r := mustRead(t, n)
	if w := unlikePairs(r.cells[2:]); len(w) > 0 {
		t.Errorf("of copies of one network: %q", w)
	}
	d := make([][]float64, 6)
	for i := range d {
		for j := range d {
			d[i] = append(d[i], math.Abs(float64(i-j)))
		}
	}
	for i, alike := range []bool{true, false} {
		if _, ci := r.cells[i].overPairs(d, verdict.Mean); ci.Known() != alike || (len(unlikePairs(r.cells[i:i+1])) == 0) != alike {
			t.Errorf("%s: interval %v, %q", r.cells[i].Label, ci, unlikePairs(r.cells[i:i+1]))
		}
	}
}
