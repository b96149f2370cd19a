package dataset

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// npyFiles reads arrays of NumPy: an .npz file with inputs and labels, an .npy
// file with labels: beside it, the folder that data export writes, or a folder
// with a file for each class, as QuickDraw's bitmaps are.
var npyFiles = set{
	Info: Info{
		Name:    "npy",
		Doc:     "arrays of NumPy: .npz with x and y, .npy with labels:, or a folder with an .npy file for each class",
		Default: Spec{Set: "npy", Scale: "unit"},
	},
	version: 1,
	path:    true,
	read:    readArrays,
}

// names by which programs call inputs and labels, of training and of test examples.
var (
	inputNames = [2][]string{
		{"x_train", "train_images", "train_x", "x", "data", "images", "features", "arr_0", "inputs", "train_data", "train_features"},
		{"x_test", "test_images", "test_x", "test_inputs", "test_data", "test_features"},
	}
	labelWords = [2][]string{
		{"y_train", "train_labels", "train_y", "y", "labels", "target", "label", "arr_1", "targets", "classes", "train_targets"},
		{"y_test", "test_labels", "test_y", "test_targets"},
	}
)

// pair are inputs and labels that belong together.
type pair struct {
	x, y   array
	has    bool
	unused []string // arrays beside those of training examples that belong to none
}

func readArrays(s Spec, dirs []string) (*corpus, error) {
	path, err := find("data set npy", []string{s.Path}, dirs)
	if err != nil {
		return nil, err
	}
	var parts [2]pair
	switch {
	case isFolder(path):
		if _, err := os.Stat(filepath.Join(path, "x_train.npy")); err != nil {
			parts[0], err = arraysByClass(path)
			return arrayCorpus(path, parts, err)
		}
		parts, err = namedArrays(folderArrays(path))
	case strings.EqualFold(filepath.Ext(path), ".npz"):
		parts, err = zippedArrays(path)
	default:
		parts, err = labelledArrays(s, path, dirs)
	}
	return arrayCorpus(path, parts, err)
}

// labelledArrays reads an .npy file of inputs and the one of its labels.
func labelledArrays(s Spec, path string, dirs []string) (parts [2]pair, err error) {
	if s.Labels == "" {
		if _, err = openArray(path); err == nil {
			err = errors.New("it has inputs and no labels: say labels: with the .npy file of its labels")
		}
		return parts, err
	}
	labelsPath, err := find("labels", []string{s.Labels}, append([]string{filepath.Dir(path)}, dirs...))
	if err != nil {
		return parts, err
	}
	if parts[0].x, err = openArray(path); err == nil {
		parts[0].y, err = openArray(labelsPath)
	}
	parts[0].has = true
	return parts, err
}

func openArray(path string) (array, error) {
	r, _, err := open(path)
	if err != nil {
		return array{}, err
	}
	defer r.Close()
	a, err := parseNpy(r)
	if err != nil {
		return a, fmt.Errorf("array %s: %w", filepath.Base(path), err)
	}
	return a, nil
}

// arraysByClass reads a folder with an array for each class, whose name is that
// of the file, without QuickDraw's full_numpy_bitmap_.
func arraysByClass(folder string) (pair, error) {
	s := folderArrays(folder)
	if len(s.names) < 2 {
		return pair{}, fmt.Errorf("it needs an .npy file for each class, or x_train.npy and y_train.npy; it holds %s",
			contents(folder))
	}
	p := pair{has: true, y: array{kind: 'S'}}
	var labels []string
	for i, name := range s.names {
		a, err := s.open(name)
		if err != nil {
			return p, err
		}
		if i == 0 {
			p.x = array{kind: a.kind, width: a.width, shape: append([]int{0}, a.shape[1:]...)}
		}
		if a.kind != p.x.kind || a.width != p.x.width || !slices.Equal(a.shape[1:], p.x.shape[1:]) {
			return p, fmt.Errorf("%s.npy holds arrays of another type or shape than %s.npy", name, s.names[0])
		}
		p.x.data = append(p.x.data, a.data...)
		p.x.shape[0] += a.shape[0]
		class := strings.TrimPrefix(name, "full_numpy_bitmap_")
		p.y.width = max(p.y.width, len(class))
		labels = append(labels, slices.Repeat([]string{class}, a.shape[0])...)
	}
	p.y.shape = []int{len(labels)}
	for _, label := range labels {
		p.y.data = append(p.y.data, label...)
		p.y.data = append(p.y.data, make([]byte, p.y.width-len(label))...)
	}
	return p, nil
}

// arrayCorpus makes examples of arrays.
func arrayCorpus(path string, parts [2]pair, err error) (*corpus, error) {
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c := &corpus{}
	if unused := parts[0].unused; len(unused) > 0 {
		c.warnings = append(c.warnings, "arrays that are not used: "+Listed(unused))
	}
	c.pixels = parts[0].x.kind == 'u' && parts[0].x.width == 1
	hash := sha256.New()
	numbers := map[string]int32{}
	var words []string
	for k, p := range parts {
		if !p.has {
			continue
		}
		ex, labels, err := p.examples()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, a := range []array{p.x, p.y} {
			fmt.Fprintf(hash, "%c%d%v", a.kind, a.width, a.shape)
			hash.Write(a.data)
		}
		if k == 0 {
			c.train = ex
			words = orderedClasses(labels)
			for i, word := range words {
				numbers[word] = int32(i)
			}
		} else {
			c.test = ex
		}
		for i, label := range labels {
			number, ok := numbers[label]
			if !ok {
				return nil, fmt.Errorf("%s: label %d of the test examples is %s, which no training label is", path, i+1,
					shortened(label))
			}
			ex.labels = append(ex.labels, number)
		}
	}
	switch {
	case c.test != nil && c.test.in != c.train.in:
		return nil, fmt.Errorf("%s: training examples have %d inputs, test examples %d", path, c.train.in, c.test.in)
	case len(words) < 2:
		return nil, fmt.Errorf("%s: every label is %s; there is nothing to tell apart", path, shortened(words[0]))
	case len(words) > maxClasses || c.train.n >= 20 && 2*len(words) > c.train.n:
		return nil, fmt.Errorf("%s: %d labels have %d different values: that is a measurement and no class; write a regression as CSV",
			path, c.train.n,
			len(words))
	}
	for _, word := range words {
		c.classes = append(c.classes, printable(word))
	}
	c.sum = fmt.Sprintf("sha256=%x", hash.Sum(nil))
	return c, nil
}

// examples are the rows of a pair of arrays, and the words of their labels.
func (p pair) examples() (*examples, []string, error) {
	n, in := p.x.shape[0], p.x.inner()
	switch {
	case p.x.kind == 'U' || p.x.kind == 'S':
		return nil, nil, errors.New("the inputs are text, and inputs are numbers")
	case len(p.x.shape) == 1 && n > 0:
		return nil, nil,
			fmt.Errorf("inputs of the shape %v are no rows: of one input each save x.reshape(-1, 1); are inputs and labels "+
				"swapped?", p.x.shape)
	case n == 0 || in == 0:
		return nil, nil, fmt.Errorf("inputs of the shape %v are no rows of numbers", p.x.shape)
	case p.y.shape[0] == n && p.y.inner() > 1:
		return nil, nil, fmt.Errorf("labels of the shape %v, and a label is one value: of one-hot labels save y.argmax(axis=1)",
			p.y.shape)
	case p.y.shape[0] != n || p.y.inner() != 1:
		return nil, nil, fmt.Errorf("labels of the shape %v do not belong to inputs of the shape %v", p.y.shape, p.x.shape)
	}
	labels := make([]string, n)
	for i := range labels {
		labels[i] = p.y.word(i)
		if missing(labels[i]) {
			return nil, nil, fmt.Errorf("label %d is missing%s: give it, or leave the example out", i+1, inParentheses(labels[i]))
		}
		if strings.ContainsAny(labels[i], ".") && p.y.kind == 'f' {
			return nil, nil, fmt.Errorf("label %d is %s, and labels are text or whole numbers; write a regression as CSV", i+1,
				shortened(labels[i]))
		}
	}
	if p.x.kind == 'u' && p.x.width == 1 {
		return pixelRows(p.x.data, in).examples(), labels, nil
	}
	ex := &examples{n: n, in: in}
	for i := range n * in {
		if v := p.x.value(i); !finite(v) {
			return nil, nil, fmt.Errorf("input %d of example %d is %g, and inputs are finite numbers", i%in+1, i/in+1, v)
		}
	}
	ex.row = func(i int, x []float64) {
		for j := range x {
			x[j] = p.x.value(i*in + j)
		}
	}
	return ex, labels, nil
}
