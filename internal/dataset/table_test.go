package dataset

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// smallSpec is a spec of each set of the table that loads in an instant, and
// the data folders that it needs. Raw inputs, so that examples can be compared.
func smallSpec(t *testing.T, set set) (Spec, []string) {
	t.Helper()
	s, ok := Default(set.Name)
	if !ok {
		t.Fatalf("%s has no default", set.Name)
	}
	s.Train, s.Valid, s.Test, s.Scale = 40, 20, 30, "none"
	dir := t.TempDir()
	switch set.Name {
	case "mnist":
		writeIDX(t, filepath.Join(dir, "mnist"), 28, 28, 10, 100, 50)
	case "idx":
		s.Path = "mine"
		writeIDX(t, filepath.Join(dir, "mine"), 2, 3, 4, 100, 50)
	case "images":
		s.Path = "mine"
		for i := range 150 {
			part := []string{"train", "test"}[i/100]
			writePNG(t, filepath.Join(dir, s.Path, part, numbered(4)[i%4], numbered(150)[i]+".png"), byte(i), byte(i/100*100))
		}
	case "npy":
		s.Path = "mine.npz"
		writeNpz(t, filepath.Join(dir, s.Path), 100, 50)
	case "csv":
		s.Path = "mine.csv"
		text := "a,b,kind\n"
		for i := range 120 {
			text += numbered(120)[i] + ",0.5," + []string{"plum", "fig", "fig"}[i%3] + "\n"
		}
		write(t, filepath.Join(dir, s.Path), []byte(text))
	}
	return s, []string{dir}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func mustLoad(t *testing.T, s Spec, seed uint64, dirs []string) *Data {
	t.Helper()
	d, err := NewFiles(dirs).Load(s, seed)
	if err != nil {
		t.Fatal(err)
	}
	for _, split := range []*Split{&d.Train, &d.Valid, &d.Test} {
		split.X = split.Floats()
	}
	return d
}

// Every set of the table keeps these laws.
func TestSets(t *testing.T) {
	for _, set := range table {
		t.Run(set.Name, func(t *testing.T) {
			s, dirs := smallSpec(t, set)
			d := mustLoad(t, s, 1, dirs)

			t.Run("shape", func(t *testing.T) { checkShape(t, set, s, d) })

			t.Run("default", func(t *testing.T) {
				def := set.Default
				def.Path = s.Path
				if problems := def.Problems(); len(problems) > 0 {
					t.Errorf("default has problems %v", problems)
				}
				full := mustLoad(t, def, 0, dirs)
				if full.Train.N == 0 || full.Test.N == 0 {
					t.Errorf("default sizes %d/%d/%d", full.Train.N, full.Valid.N, full.Test.N)
				}
				if info, ok := Lookup(set.Name); !ok || info.In > 0 && (info.In != full.In || info.Out != full.Out) {
					t.Errorf("announced %d in, %d out; loaded %d and %d", info.In, info.Out, full.In, full.Out)
				}
			})

			t.Run("seeds", func(t *testing.T) {
				again := mustLoad(t, s, 1, dirs)
				other := mustLoad(t, s, 2, dirs)
				if !equal(d.Train, again.Train) || !equal(d.Valid, again.Valid) || !equal(d.Test, again.Test) {
					t.Error("one seed, two different data sets")
				}
				if equal(d.Train, other.Train) || equal(d.Valid, other.Valid) {
					t.Error("two seeds, the same training or validation split")
				}
				if !equal(d.Test, other.Test) {
					t.Error("the seed changed the test split")
				}
			})

			t.Run("nested", func(t *testing.T) {
				small, large := s, s
				small.Train, small.Valid = 15, 20
				large.Train, large.Valid = 55, 5
				if !set.Regression {
					small.LabelNoise, large.LabelNoise = 0.3, 0.3
				}
				a, b := mustLoad(t, small, 1, dirs), mustLoad(t, large, 1, dirs)
				if !equal(a.Train, head(b.Train, 15, b)) {
					t.Error("the smaller training split is not the beginning of the larger")
				}
				if a.Valid.N != 20 || b.Valid.N != 5 || !equal(a.Test, b.Test) {
					t.Error("sizes of other splits moved with the training split")
				}
			})

			t.Run("balance", func(t *testing.T) {
				if set.Regression {
					t.Skip("no classes")
				}
				for name, labels := range map[string][]int32{"train": d.Train.Labels, "valid": d.Valid.Labels, "test": d.Test.Labels} {
					for class := range int32(d.Out) {
						share := 1 / float64(d.Out)
						if set.Name == "csv" { // two figs to a plum
							share = float64(2-class) / 3
						}
						if got := count(labels, class); math.Abs(float64(got)-share*float64(len(labels))) > 1 {
							t.Errorf("%s has %d of class %d, a share of %.2f of %d", name, got, class, share, len(labels))
						}
					}
				}
			})

			t.Run("label noise", func(t *testing.T) {
				if set.Regression {
					t.Skip("no labels")
				}
				noisy := s
				noisy.LabelNoise = 0.4
				n := mustLoad(t, noisy, 1, dirs)
				if !equal(n.Valid, d.Valid) || !equal(n.Test, d.Test) || !slices.Equal(n.Train.X, d.Train.X) {
					t.Error("label noise changed more than training labels")
				}
				changed := 0
				for i, label := range n.Train.Labels {
					if label != d.Train.Labels[i] {
						changed++
					}
					if label < 0 || int(label) >= d.Out {
						t.Fatalf("label %d of %d classes", label, d.Out)
					}
				}
				if changed < 6 || changed > 26 { // 16 expected, SD 3.1
					t.Errorf("%d of 40 labels replaced at 0.4", changed)
				}
			})

			t.Run("scaling", func(t *testing.T) {
				for _, scale := range scales {
					scaled := s
					scaled.Scale = scale
					checkScaled(t, set, scale, mustLoad(t, scaled, 1, dirs), d)
				}
			})

			t.Run("fingerprint", func(t *testing.T) { checkFingerprint(t, set, s, dirs) })
		})
	}
}

func equal(a, b Split) bool {
	return a.N == b.N && slices.Equal(a.X, b.X) && slices.Equal(a.Labels, b.Labels) &&
		slices.Equal(a.Targets, b.Targets) && slices.Equal(a.Truth, b.Truth)
}

// head is the first n examples of a split.
func head(s Split, n int, d *Data) Split {
	h := Split{N: n, X: s.X[:n*d.In]}
	if d.Regression {
		h.Targets, h.Truth = s.Targets[:n*d.Out], s.Truth[:n*d.Out]
	} else {
		h.Labels = s.Labels[:n]
	}
	return h
}

func count(labels []int32, class int32) int {
	n := 0
	for _, label := range labels {
		if label == class {
			n++
		}
	}
	return n
}

// fingerprint is the one that Describe gives.
func fingerprint(s Spec, dirs []string) (string, error) {
	about, err := NewFiles(dirs).Describe(s)
	return about.Fingerprint, err
}
