package dataset

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// idx reads the format of the MNIST files, for files of one's own: four files
// in a folder, plain or with .gz at the end of their names.
var idx = set{
	Info: Info{
		Name:    "idx",
		Doc:     "images of your own in the four files that MNIST has, plain or .gz; path is their folder",
		Default: Spec{Set: "idx", Scale: "unit"},
	},
	version: 1,
	pixels:  true,
	path:    true,
	read: func(s request, dirs []string) (*corpus, error) {
		folder, err := find("data set idx", []string{s.Path}, dirs)
		if err != nil {
			return nil, err
		}
		return readIDX(folder)
	},
}

// mnist is LeCun's, in mnist/ below a data folder or in the folder itself.
var mnist = set{
	Info: Info{
		Name: "mnist", In: 28 * 28, Out: 10,
		Doc:     "60,000 and 10,000 handwritten digits of 28x28, from the four IDX files in mnist/ of a data folder",
		Default: Spec{Set: "mnist", Scale: "unit"},
	},
	version: 1,
	pixels:  true,
	read: func(s request, dirs []string) (*corpus, error) {
		first := idxNames[0].images
		folder, err := find("data set mnist", []string{"mnist", "."}, dirs, first, first+".gz")
		if err != nil {
			return nil, err
		}
		c, err := readIDX(folder)
		if err == nil && (c.train.in != 28*28 || len(c.classes) != 10) {
			err = fmt.Errorf("%s: %d pixels and %d classes are not MNIST's 784 and 10; use set: idx with this path",
				folder, c.train.in, len(c.classes))
		}
		return c, err
	},
}

var idxNames = [2]struct{ images, labels string }{
	{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"},
	{"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"},
}

// readIDX reads a folder with a training and a test file of images and labels.
func readIDX(folder string) (*corpus, error) {
	hash := sha256.New()
	var both [2]*examples
	for i, name := range idxNames {
		imagesPath, images, err := readIDXFile(folder, name.images, 3)
		if err != nil {
			return nil, err
		}
		labelsPath, labels, err := readIDXFile(folder, name.labels, 1)
		if err != nil {
			return nil, err
		}
		n := images.size[0]
		if n == 0 {
			return nil, fmt.Errorf("%s: it holds no images", imagesPath)
		}
		if labels.size[0] != n {
			return nil, fmt.Errorf("%s has %d labels for the %d images of %s: the files do not belong together",
				labelsPath, labels.size[0], n, imagesPath)
		}
		ex := &examples{n: n, in: images.size[1] * images.size[2], labels: make([]int32, n)}
		if ex.in == 0 {
			return nil, fmt.Errorf("%s: its images have no pixels (%d by %d)", imagesPath, images.size[1], images.size[2])
		}
		for k, label := range labels.values {
			ex.labels[k] = int32(label)
		}
		ex.row = byteRows(images.values, ex.in)
		both[i] = ex
		for _, a := range []idxArray{images, labels} {
			fmt.Fprint(hash, a.size)
			hash.Write(a.values)
		}
	}
	train, test := both[0], both[1]
	if train.in != test.in {
		return nil, fmt.Errorf("%s: training images have %d pixels, test images %d", folder, train.in, test.in)
	}
	classes := int32(0)
	for _, label := range train.labels {
		classes = max(classes, label+1)
	}
	for i, label := range test.labels {
		if label >= classes {
			return nil, fmt.Errorf("%s: label %d of the test file is %d, but the training labels end at %d",
				folder, i+1, label, classes-1)
		}
	}
	if classes < 2 {
		return nil, fmt.Errorf("%s: every training label is 0; there is nothing to tell apart", folder)
	}
	return &corpus{
		sum:     "sha256=" + hex.EncodeToString(hash.Sum(nil)),
		classes: numbered(int(classes)),
		pixels:  true,
		train:   train, test: test,
	}, nil
}

// readIDXFile reads a file of a folder, or its .gz, and tells which it was.
func readIDXFile(folder, name string, dims int) (string, idxArray, error) {
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); err != nil {
		if _, err := os.Stat(path + ".gz"); err != nil {
			return "", idxArray{}, fmt.Errorf("%s: neither %s nor %s.gz is there; IDX data is four files, %s and %s, %s and %s",
				folder, name, name, idxNames[0].images, idxNames[0].labels, idxNames[1].images, idxNames[1].labels)
		}
		path += ".gz"
	}
	r, _, err := open(path)
	if err != nil {
		return "", idxArray{}, err
	}
	defer r.Close()
	a, err := parseIDX(r, dims)
	if err != nil {
		return "", a, fmt.Errorf("%s: %w", path, err)
	}
	return path, a, nil
}

// idxArray is the content of an IDX file of unsigned bytes.
type idxArray struct {
	size   []int
	values []byte
}

// maxIDX bounds the values of an IDX file: 4 GiB.
const maxIDX = 1 << 32

// parseIDX reads an array of unsigned bytes: two zero bytes, the type 0x08, the
// number of dimensions, each size as a big-endian 32-bit number, the values. It
// never holds more than the file does, whatever its header claims.
func parseIDX(r io.Reader, dims int) (idxArray, error) {
	var a idxArray
	header := make([]byte, 4+4*dims)
	n, err := io.ReadFull(r, header)
	if want := []byte{0, 0, 8, byte(dims)}; n >= 4 && !bytes.Equal(header[:4], want) {
		return a, fmt.Errorf("it starts with % x, but IDX of bytes in %d dimensions starts with % x: is it the right file?",
			header[:4], dims, want)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return a, fmt.Errorf("the file ends in its header, after %d bytes; get it again", n)
	}
	if err != nil {
		return a, damaged(err)
	}
	total := uint64(1)
	for d := range dims {
		size := uint64(binary.BigEndian.Uint32(header[4+4*d:]))
		a.size = append(a.size, int(size))
		if total *= size; total > maxIDX {
			return a, fmt.Errorf("its header claims sizes %d and more, over the limit of %d values: is it the right file?", a.size, maxIDX)
		}
	}
	a.values, err = io.ReadAll(io.LimitReader(r, int64(total)+1))
	if err != nil {
		return a, damaged(err)
	}
	switch have := uint64(len(a.values)); {
	case have < total:
		return a, fmt.Errorf("the file is cut short: sizes %d need %d bytes, it has %d; get it again", a.size, total, have)
	case have > total:
		return a, fmt.Errorf("there are more bytes than the %d that its sizes %d need: is it the right file?", total, a.size)
	}
	return a, nil
}
