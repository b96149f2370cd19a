package dataset

import (
	"path/filepath"
	"strings"
	"testing"
)

var lecunsNames = [4]string{idxNames[0][0], idxNames[0][1], idxNames[1][0], idxNames[1][1]}

// The classes are the labels that occur, and label noise stays within them.
func TestIDXLabelsAreThoseThatOccur(t *testing.T) {
	dir := t.TempDir()
	writeFour(t, dir, lecunsNames, 3, 7)
	s := Spec{Set: "idx", Path: dir, Scale: "unit", LabelNoise: 0.5}
	d := mustLoad(t, s, 0, nil)
	if d.Out != 2 || strings.Join(d.Classes, " ") != "3 7" {
		t.Errorf("%d outputs, classes %q", d.Out, d.Classes)
	}
	for _, label := range d.Train.Labels {
		if label != 0 && label != 1 {
			t.Errorf("label %d", label)
		}
	}
	f, err := fingerprint(s, nil)
	if err != nil || !strings.Contains(f, " classes=3,7 ") { // the first version made eight classes of it
		t.Errorf("%q, %v", f, err)
	}
}

func TestIDXNamesOfOthers(t *testing.T) {
	for _, c := range []struct {
		what, dir, path string
		names           [4]string
	}{
		{"Kaggle's dots", "d", "d", [4]string{"train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
			"t10k-labels.idx1-ubyte"}},
		{"EMNIST's", "gzip", "gzip", [4]string{"emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte",
			"emnist-letters-test-images-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte"}},
		{"EMNIST's, by their prefix", "gzip", "gzip/emnist-letters", [4]string{"emnist-letters-train-images-idx3-ubyte",
			"emnist-letters-train-labels-idx1-ubyte", "emnist-letters-test-images-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte"}},
		{"torchvision's", "root/FashionMNIST/raw", "root", lecunsNames},
		{"torchvision's, one down", "FashionMNIST/raw", "FashionMNIST", lecunsNames},
		{"short names", "s", "s", [4]string{"train_images.idx3_ubyte", "train-labels.idx", "TEST-IMAGES", "t10k-labels"}},
		{"unpacked into folders", "d", "d", [4]string{"train-images.idx3-ubyte/train-images.idx3-ubyte",
			"train-labels-idx1-ubyte/train-labels.idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			dir := t.TempDir()
			writeFour(t, filepath.Join(dir, c.dir), c.names, 0, 1)
			if d := mustLoad(t, Spec{Set: "idx", Path: c.path, Scale: "unit"}, 0, []string{dir}); d.Train.N != 12 || d.Test.N != 6 {
				t.Errorf("%d and %d examples", d.Train.N, d.Test.N)
			}
		})
	}

	dir := t.TempDir()
	for _, prefix := range []string{"emnist-letters-", "emnist-digits-"} {
		writeFour(t, dir, [4]string{prefix + "train-images-idx3-ubyte", prefix + "train-labels-idx1-ubyte",
			prefix + "test-images-idx3-ubyte", prefix + "test-labels-idx1-ubyte"}, 0, 1)
	}
	_, err := NewFiles(nil).Load(Spec{Set: "idx", Path: dir, Scale: "unit"}, 0)
	wantError(t, err, "holds 2 data sets", filepath.Join(dir, "emnist-digits")+" or "+filepath.Join(dir, "emnist-letters"))
}

func TestMNISTOfTorchvision(t *testing.T) {
	dir := t.TempDir()
	writeIDX(t, filepath.Join(dir, "MNIST/raw"), 28, 28, 10, 20, 10)
	if d := mustLoad(t, Spec{Set: "mnist", Scale: "unit"}, 0, []string{dir}); d.Train.N != 20 {
		t.Errorf("%d training examples", d.Train.N)
	}
}
