package runner

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"nightshift/mlp"
)

func TestDigest(t *testing.T) {
	got := digest([]mlp.Tensor{{Name: "w", Shape: []int{1, 2}, Data: []float64{1, -2}},
		{Name: "b", Shape: []int{1}, Data: []float64{0.5}}})
	text := "w[1 2]\n" + "\x00\x00\x00\x00\x00\x00\xf0\x3f" + "\x00\x00\x00\x00\x00\x00\x00\xc0" + "b[1]\n" + "\x00\x00\x00\x00\x00\x00\xe0\x3f"
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte(text))); got != want {
		t.Errorf("got %s, want that of %q", got, text)
	}
}

// Every run that is done has the digest of the network that it ends with.
func TestDigestsOfRuns(t *testing.T) {
	db := openDB(t)
	s := mixed(t)
	_, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	for _, r := range s.Runs {
		row, err := db.Run(ctx, r.ID)
		check(t, err)
		weights, err := db.Weights(ctx, r.ID)
		check(t, err)
		want := ""
		if n := len(weights); n == 2 {
			want = digest(decodeTensors(t, weights[1].Tensors))
		}
		if row.Digest != want {
			t.Errorf("%s is %s with the digest %q, want %q", r.Label, row.Status, row.Digest, want)
		}
	}
}

// What a digest costs every run: 0.1 ms for 5000 parameters.
func BenchmarkDigest(b *testing.B) {
	tensors := []mlp.Tensor{{Name: "layers.0.weight", Shape: []int{50, 100}, Data: make([]float64, 5000)}}
	for b.Loop() {
		digest(tensors)
	}
}
