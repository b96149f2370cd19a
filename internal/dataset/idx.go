package dataset

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
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
	read: func(r Spec, dirs []string) (*corpus, error) {
		files, err := findIDX("data set idx", []string{r.Path, filepath.Join(r.Path, "raw"), filepath.Join(r.Path, "*", "raw")},
			dirs)
		if err != nil {
			return nil, err
		}
		return files.read()
	},
}

// mnist is LeCun's, in mnist/ below a data folder or in the folder itself, or
// where torchvision puts it.
var mnist = set{
	Info: Info{
		Name: "mnist", In: 28 * 28, Out: 10,
		Doc:     "60,000 and 10,000 handwritten digits of 28x28, from the four IDX files in mnist/ of a data folder",
		Default: Spec{Set: "mnist", Scale: "unit"},
	},
	version: 1,
	pixels:  true,
	read: func(_ Spec, dirs []string) (*corpus, error) {
		files, err := findIDX("data set mnist", []string{"mnist", ".", "MNIST/raw", "mnist/MNIST/raw", "raw"}, dirs)
		if err != nil {
			return nil, err
		}
		c, err := files.read()
		if err == nil && (c.train.in != 28*28 || len(c.classes) != 10) {
			err = fmt.Errorf("%s: %d pixels and %d classes are not MNIST's 784 and 10; use set: idx with this path",
				files.folder, c.train.in, len(c.classes))
		}
		return c, err
	},
}

// read reads a training and a test file of images and labels. The classes are
// the labels that occur.
func (f idxFiles) read() (*corpus, error) {
	hash := sha256.New()
	var both [2]*examples
	for i := range both {
		imagesPath, labelsPath := f.paths[i][idxImages], f.paths[i][idxLabels]
		pixels, err := readIDXFile(imagesPath, 3)
		if err != nil {
			return nil, err
		}
		values, err := readIDXFile(labelsPath, 1)
		if err != nil {
			return nil, err
		}
		n := pixels.size[0]
		if n == 0 {
			return nil, fmt.Errorf("%s: it holds no images", imagesPath)
		}
		if values.size[0] != n {
			return nil, fmt.Errorf("%s has %d labels for the %d images of %s: the files do not belong together",
				labelsPath, values.size[0], n, imagesPath)
		}
		ex := &examples{n: n, in: pixels.size[1] * pixels.size[2], labels: make([]int32, n)}
		if ex.in == 0 {
			return nil, fmt.Errorf("%s: its images have no pixels (%d by %d)", imagesPath, pixels.size[1], pixels.size[2])
		}
		for k, label := range values.values {
			ex.labels[k] = int32(label)
		}
		ex.row = byteRows(pixels.values, ex.in)
		both[i] = ex
		for _, a := range []idxArray{pixels, values} {
			fmt.Fprint(hash, a.size)
			hash.Write(a.values)
		}
	}
	c := &corpus{sum: "sha256=" + hex.EncodeToString(hash.Sum(nil)), train: both[0], test: both[1]}
	if c.train.in != c.test.in {
		return nil, fmt.Errorf("%s: training images have %d pixels, test images %d", f.folder, c.train.in, c.test.in)
	}
	if err := c.renumber(); err != nil {
		return nil, fmt.Errorf("%s: %w", f.folder, err)
	}
	return c, nil
}

// renumber makes the labels that occur the classes 0, 1, ..., named by what
// they were.
func (c *corpus) renumber() error {
	occur := map[int32]bool{}
	for _, label := range c.train.labels {
		occur[label] = true
	}
	values := slices.Sorted(maps.Keys(occur))
	class := map[int32]int32{}
	for i, value := range values {
		class[value] = int32(i)
		c.classes = append(c.classes, fmt.Sprint(value))
	}
	if len(values) < 2 {
		return fmt.Errorf("every training label is %d; there is nothing to tell apart", values[0])
	}
	if len(values) > maxClasses {
		return fmt.Errorf("its labels are %d classes, and the limit is %d", len(values), maxClasses)
	}
	for i, label := range c.train.labels {
		c.train.labels[i] = class[label]
	}
	if c.test != nil {
		for i, label := range c.test.labels {
			if !occur[label] {
				return fmt.Errorf("label %d of the test examples is %d, which no training label is", i+1, label)
			}
			c.test.labels[i] = class[label]
		}
	}
	if int(values[len(values)-1]) != len(values)-1 || values[0] != 0 {
		c.sum += " classes=" + strings.Join(c.classes, ",") // the first version had more
	}
	return nil
}

// readIDXFile reads a file of so many dimensions.
func readIDXFile(path string, dims int) (idxArray, error) {
	r, _, err := open(path)
	if err != nil {
		return idxArray{}, err
	}
	defer r.Close()
	a, err := parseIDX(r, dims)
	if err != nil {
		return a, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
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
		if err := disguised(header[:n]); err != nil {
			return a, err
		}
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
			return a, fmt.Errorf("its header claims sizes %d and more, over the limit of %d values: is it the right file?",
				a.size, maxIDX)
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
