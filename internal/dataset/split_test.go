package dataset

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Every beginning and every end of a stratified order holds each class within
// 1 of its share, however uneven the classes.
func TestStratifiedShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 60), 1, 12).Draw(t, "sizes")
		var labels []int32
		var index []int32
		for class, n := range sizes {
			for range n {
				index = append(index, int32(len(labels)))
				labels = append(labels, int32(class))
			}
		}
		order := stratified(index, labels, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)))
		if !slices.Equal(slices.Sorted(slices.Values(order)), index) {
			t.Fatalf("not a permutation of %d: %v", len(index), order)
		}
		taken := make([]int, len(sizes))
		for n, i := range order {
			taken[labels[i]]++
			for class, size := range sizes {
				share := float64(size) / float64(len(order)) * float64(n+1)
				if math.Abs(float64(taken[class])-share) > 1 {
					t.Fatalf("after %d of %v: %d of class %d, a share of %.2f", n+1, sizes, taken[class], class, share)
				}
			}
		}
	})
}

func TestStratifiedIsRandomWithinClasses(t *testing.T) {
	labels := make([]int32, 1000)
	for i := range labels {
		labels[i] = int32(i % 2)
	}
	index := (&examples{n: 1000}).all().index
	order := stratified(index, labels, rand.New(rand.NewPCG(1, 2)))
	// The mean position of the first 250 examples of either class is 499.5 with
	// SD 1000/sqrt(12*250) * sqrt(1-1/2) = 12.9 if each is as likely as any other.
	for class := range int32(2) {
		sum, n := 0, 0
		for _, i := range order[:500] {
			if labels[i] == class {
				sum, n = sum+int(i), n+1
			}
		}
		if mean := float64(sum) / float64(n); math.Abs(mean-499.5) > 65 {
			t.Errorf("class %d: mean position %.1f of the first %d", class, mean, n)
		}
	}
}

// fileOf is a corpus of n examples in classes, each recognisable by its input.
func fileOf(n, classes int) *examples {
	ex := &examples{n: n, in: 1, row: func(i int, x []float64) { x[0] = float64(i) }}
	for i := range n {
		ex.labels = append(ex.labels, int32(i%classes))
	}
	return ex
}

func TestSplitsOfFilesAreDisjoint(t *testing.T) {
	c := &corpus{classes: numbered(3), train: fileOf(100, 3)}
	seen := map[int32]string{}
	p, err := c.split(Spec{Train: 50, Valid: 30, Test: 20}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, index := range map[string][]int32{"train": p.train.index, "valid": p.valid.index, "test": p.test.index} {
		for _, i := range index {
			if old, ok := seen[i]; ok {
				t.Fatalf("example %d is in %s and in %s", i, old, name)
			}
			seen[i] = name
		}
	}
	if len(seen) != 100 {
		t.Errorf("%d of 100 examples in the splits", len(seen))
	}
}

func TestSplitSizes(t *testing.T) {
	held := &corpus{classes: numbered(3), train: fileOf(100, 3)}
	own := &corpus{classes: numbered(3), train: fileOf(100, 3), test: fileOf(40, 3)}
	for _, c := range []struct {
		name              string
		c                 *corpus
		s                 Spec
		train, valid, all int    // test
		err               string // part of it
	}{
		{"a fifth is held out", held, Spec{}, 80, 0, 20, ""},
		{"all but validation", held, Spec{Valid: 10, Test: 25}, 65, 10, 25, ""},
		{"own test file", own, Spec{}, 100, 0, 40, ""},
		{"part of it", own, Spec{Train: 10, Valid: 90, Test: 7}, 10, 90, 7, ""},
		{"too many to test", own, Spec{Test: 41}, 0, 0, 0, "41 test examples asked for, but its test file has 40"},
		{"too many to hold out", held, Spec{Test: 100}, 0, 0, 0, "100 test examples asked for, but its file has 100 in all"},
		{"too many to train", own, Spec{Train: 101}, 0, 0, 0, "101 training and 0 validation examples asked for, but it has 100 " +
			"for both"},
		{"too many together", own, Spec{Train: 60, Valid: 41}, 0, 0, 0, "but it has 100 for both"},
		{"nothing left to train", own, Spec{Valid: 100}, 0, 0, 0, "leave nothing to train on: it has 100 besides"},
		{"absurd", own, Spec{Train: 1, Valid: math.MaxInt}, 0, 0, 0, "but it has 100 for both"},
	} {
		p, err := c.c.split(c.s, 1)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: error %v, want %q", c.name, err, c.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if len(p.train.index) != c.train || len(p.valid.index) != c.valid || len(p.test.index) != c.all {
			t.Errorf("%s: %d/%d/%d, want %d/%d/%d", c.name, len(p.train.index), len(p.valid.index), len(p.test.index), c.train,
				c.valid, c.all)
		}
	}
}

// Whole files keep all their examples and the test split its order.
func TestWholeTestFileKeepsItsOrder(t *testing.T) {
	own := &corpus{classes: numbered(3), train: fileOf(9, 3), test: fileOf(40, 3)}
	p, err := own.split(Spec{}, 5)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(p.test.index, own.test.all().index) {
		t.Errorf("test split %v", p.test.index)
	}
}

func TestLabelNoise(t *testing.T) {
	const n, classes = 30000, 3
	clean := fileOf(n, classes).labels
	replaced := func(p float64, seed uint64) []int32 {
		labels := slices.Clone(clean)
		replaceLabels(labels, classes, p, seed)
		return labels
	}
	if !slices.Equal(replaced(0, 1), clean) {
		t.Error("probability 0 replaced labels")
	}
	a, b := replaced(0.1, 1), replaced(0.3, 1)
	changed, moves := 0, [classes]int{}
	for i, label := range b {
		if a[i] != clean[i] && a[i] != label {
			t.Fatalf("label %d is replaced by %d at 0.1 and by %d at 0.3", i, a[i], label)
		}
		if label != clean[i] {
			changed++
			moves[(label-clean[i]+classes)%classes]++
		}
	}
	if sd := math.Sqrt(n * 0.3 * 0.7); math.Abs(float64(changed)-0.3*n) > 5*sd {
		t.Errorf("%d of %d labels replaced at 0.3", changed, n)
	}
	if d := moves[1] - moves[2]; math.Abs(float64(d)) > 5*math.Sqrt(0.3*n) {
		t.Errorf("other classes are not equally likely: %v", moves)
	}
	if slices.Equal(b, replaced(0.3, 2)) {
		t.Error("the seed does not matter")
	}
}
