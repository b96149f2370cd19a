package dataset

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// realData is the folder of real data sets that these tests read.
func realData(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("NIGHTSHIFT_DATA")
	if dir == "" {
		t.Skip("NIGHTSHIFT_DATA is not set: no real data to read")
	}
	return []string{dir}
}

// The counts, and the mean and SD of the training pixels, are those that are
// published everywhere for MNIST (torchvision normalises with 0.1307, 0.3081).
func TestMNIST(t *testing.T) {
	dirs := realData(t)
	s, _ := Default("mnist")
	d := mustLoad(t, s, 0, dirs)
	if d.In != 784 || d.Out != 10 || d.Train.N != 60000 || d.Valid.N != 0 || d.Test.N != 10000 {
		t.Fatalf("%d in, %d out, %d/%d/%d", d.In, d.Out, d.Train.N, d.Valid.N, d.Test.N)
	}
	sum, squares := 0.0, 0.0
	for _, v := range d.Train.X {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	mean := sum / float64(len(d.Train.X))
	sd := math.Sqrt(squares/float64(len(d.Train.X)) - mean*mean)
	if math.Abs(mean-0.1307) > 5e-5 || math.Abs(sd-0.3081) > 5e-5 {
		t.Errorf("pixels have mean %.5f, SD %.5f", mean, sd)
	}
	for _, c := range []struct {
		split Split
		want  []int
	}{
		{d.Train, []int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}},
		{d.Test, []int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}},
	} {
		for class, want := range c.want {
			if got := count(c.split.Labels, int32(class)); got != want {
				t.Errorf("%d of class %d, want %d", got, class, want)
			}
		}
	}
	if got, want := d.Test.Labels[:10], []int32{7, 2, 1, 0, 4, 1, 4, 9, 5, 9}; !slices.Equal(got, want) {
		t.Errorf("test begins with %v, want %v", got, want)
	}

	s.Train, s.Valid, s.Test = 1000, 500, 2000
	small := mustLoad(t, s, 0, dirs)
	if !equal(small.Train, head(d.Train, 1000, d)) {
		t.Error("1000 training examples are not the beginning of 60000")
	}
	for class, n := range []int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949} {
		if got := count(small.Train.Labels, int32(class)); math.Abs(float64(got)-float64(n)/60) > 1 {
			t.Errorf("%d of class %d among 1000, a share of %.1f", got, class, float64(n)/60)
		}
	}
	s.Valid = 59001
	_, err := NewFiles(dirs).Load(s, 0)
	wantError(t, err, "data set mnist: 1000 training and 59001 validation examples asked for, but it has 60000 for both")
}

func TestTables(t *testing.T) {
	dirs := realData(t)
	for _, c := range []struct {
		path       string
		n, in, out int
		classes    string
		sizes      []int
	}{
		{"tabular/iris.csv", 150, 4, 3, "setosa versicolor virginica", []int{50, 50, 50}},
		{"tabular/wine_data.csv", 178, 13, 3, "class_0 class_1 class_2", []int{59, 71, 48}},
		{"tabular/breast_cancer.csv", 569, 30, 2, "malignant benign", []int{212, 357}},
		{"tabular/digits.csv.gz", 1797, 64, 10, "0 1 2 3 4 5 6 7 8 9", []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}},
		{"xor/xor.csv", 750, 2, 2, "0 1", []int{376, 374}},
	} {
		s := Spec{Set: "csv", Path: c.path, Scale: "standard"}
		d := mustLoad(t, s, 1, dirs)
		if n := d.Train.N + d.Test.N; n != c.n || d.Test.N != c.n/5 || d.In != c.in || d.Out != c.out ||
			strings.Join(d.Classes, " ") != c.classes {
			t.Errorf("%s: %d + %d examples, %d in, %d out, %q", c.path, d.Train.N, d.Test.N, d.In, d.Out, d.Classes)
		}
		for class, want := range c.sizes {
			if got := count(d.Train.Labels, int32(class)) + count(d.Test.Labels, int32(class)); got != want {
				t.Errorf("%s: %d of class %d, want %d", c.path, got, class, want)
			}
		}
	}
}

// The program's own xor set resembles the lecture's file.
func TestXORResemblesTheLectures(t *testing.T) {
	dirs := realData(t)
	file := mustLoad(t, Spec{Set: "csv", Path: filepath.Join("xor", "xor.csv"), Test: 1, Scale: "standard"}, 0, dirs)
	s, _ := Default("xor")
	for name, d := range map[string]*Data{"file": file, "generated": mustLoad(t, s, 0, nil)} {
		centre, spread, crossed := quadrants(d.Train)
		if math.Abs(centre-0.93) > 0.02 || math.Abs(spread-0.36) > 0.02 || crossed < 0.002 || crossed > 0.022 {
			t.Errorf("%s: clusters at ±%.3f with SD %.3f, %.2f %% crossed", name, centre, spread, 100*crossed)
		}
	}
}

// quadrants folds xor onto one cluster: the mean and SD of |x|, and the share of
// points whose quadrant is that of the other class.
func quadrants(s Split) (centre, spread, crossed float64) {
	sum, squares := 0.0, 0.0
	for i, v := range s.X {
		a := math.Abs(float64(v))
		sum, squares = sum+a, squares+a*a
		if i%2 == 1 && (v*s.X[i-1] < 0) != (s.Labels[i/2] == 1) {
			crossed++
		}
	}
	n := float64(len(s.X))
	centre = sum / n
	return centre, math.Sqrt(squares/n - centre*centre), crossed / float64(s.N)
}
