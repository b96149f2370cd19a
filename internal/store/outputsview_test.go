package store

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestOutputsView: SQL reads the float32 that were written, of any bits, and chooses the class that a walk over them chooses.
func TestOutputsView(t *testing.T) {
	const examples, classes = 600, 4
	special := []float32{0, float32(math.Copysign(0, -1)), 1, -1, math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32,
		-1e-40, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}
	random := rand.New(rand.NewPCG(1, 2))
	logits, labels := make([]float32, examples*classes), make([]int32, examples)
	for i := range logits {
		logits[i] = math.Float32frombits(random.Uint32())
		if i >= len(logits)/2 {
			logits[i] = special[random.IntN(len(special))]
		}
		labels[i/classes] = random.Int32N(classes)
	}
	db := open(t)
	r := result(planned("aa", "0.1"))
	r.Outputs = logits
	check(t, db.PutDataset(ctx, Dataset{ID: r.Run.Data, Spec: []byte(`{}`), In: 2, Out: classes,
		Classes: []string{"a", "b", "it's", "300"}, TestLabels: labels}))
	check(t, db.Finish(ctx, r))

	i := 0
	check(t, db.Query(ctx, `SELECT value FROM outputs WHERE run_id = 'aa' ORDER BY example, output`, noColumns, func(v []any) error {
		have, number := v[0].(float64)
		if !number {
			have = math.NaN()
		}
		if want := float64(logits[i]); have != want && (have == have || want == want) {
			t.Errorf("output %d is %v in SQL; written was %v", i, v[0], want)
		}
		i++
		return nil
	}))
	if i != len(logits) {
		t.Errorf("%d outputs of %d", i, len(logits))
	}
	i = 0
	names := []string{"a", "b", "it's", "300"}
	check(t, db.Query(ctx, `SELECT label, predicted, wrong FROM predictions ORDER BY example`, noColumns, func(v []any) error {
		best := 0
		for k, x := range logits[i*classes : (i+1)*classes] {
			if x > logits[i*classes+best] {
				best = k
			}
		}
		if v[0] != names[labels[i]] || v[1] != names[best] || (v[2] == int64(1)) != (int(labels[i]) != best) {
			t.Errorf("example %d: %v; label %s, largest of %v is %d", i, v, names[labels[i]], logits[i*classes:(i+1)*classes], best)
		}
		i++
		return nil
	}))
	if i != examples {
		t.Errorf("%d predictions of %d", i, examples)
	}
}

func noColumns([]string) error { return nil }
