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
		files, err := findIDX("data set idx", idxPlaces(r.Path), dirs)
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
		files, err := findIDX("data set mnist", mnistPlaces, dirs)
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

// mnistPlaces are where MNIST is below a data folder.
var mnistPlaces = []string{"mnist", ".", "MNIST/raw", "mnist/MNIST/raw", "raw", "mnist/raw", "MNIST"}

// idxPlaces are where the files of a path may be.
func idxPlaces(path string) []string {
	return []string{path, filepath.Join(path, "raw"), filepath.Join(path, "*", "raw")}
}

// read reads a training and a test file of images and labels. The classes are
// the labels that occur.
func (f idxFiles) read() (*corpus, error) {
	hash := sha256.New()
	var both [2]*examples
	for i := range both {
		imagesPath, labelsPath := f.paths[i][idxImages], f.paths[i][idxLabels]
		var images *pixels
		size, err := readIDXFile(imagesPath, 3, hash, func(row []byte, of int) {
			if images == nil {
				images = newPixels(len(row), of)
			}
			images.add(row)
		})
		if err != nil {
			return nil, err
		}
		var labels []int32
		if _, err := readIDXFile(labelsPath, 1, hash, func(row []byte, _ int) { labels = append(labels, int32(row[0])) }); err != nil {
			return nil, err
		}
		switch n := size[0]; {
		case n == 0:
			return nil, fmt.Errorf("%s: it holds no images", imagesPath)
		case len(labels) != n:
			return nil, fmt.Errorf("%s has %d labels for the %d images of %s: the files do not belong together",
				labelsPath, len(labels), n, imagesPath)
		case images == nil:
			return nil, fmt.Errorf("%s: its images have no pixels (%d by %d)", imagesPath, size[1], size[2])
		}
		both[i] = images.examples()
		both[i].labels = labels
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

// readIDXFile reads a file of so many dimensions, as parseIDX does, and adds what it holds to the hash.
func readIDXFile(path string, dims int, hash io.Writer, add func(row []byte, of int)) (size []int, err error) {
	r, _, err := open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size, err = parseIDX(r, dims, hash, add); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return size, nil
}

// maxIDX bounds the values of an IDX file: 4 GiB. They are read in parts of about idxPart bytes.
const (
	maxIDX  = 1 << 32
	idxPart = 1 << 16
)

// parseIDX reads an array of unsigned bytes: two zero bytes, the type 0x08, the
// number of dimensions, each size as a big-endian 32-bit number, the values. It
// hands over row after row of them, valid until the next, and of how many, and never
// holds more than the file does, whatever its header claims. The hash gets the sizes and the values.
func parseIDX(r io.Reader, dims int, hash io.Writer, add func(row []byte, of int)) (size []int, err error) {
	size, err = parseIDXHeader(r, dims)
	if err != nil {
		return nil, err
	}
	fmt.Fprint(hash, size)
	width := 1
	for _, n := range size[1:] {
		width *= n
	}
	if width > maxPixels {
		return nil, fmt.Errorf("its header claims images of %d by %d pixels, over the limit of %d: is it the right file?",
			size[1], size[2], maxPixels)
	}
	total := size[0] * width
	whole := max(1, idxPart/max(1, width)) * width // rows
	var part bytes.Buffer
	for at := 0; at < total; at += whole {
		part.Reset()
		n, err := io.CopyN(&part, r, int64(min(whole, total-at)))
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil, fmt.Errorf("the file is cut short: sizes %d need %d bytes, it has %d; get it again", size, total, at+int(n))
		}
		if err != nil {
			return nil, damaged(err)
		}
		hash.Write(part.Bytes())
		for row := part.Bytes(); len(row) > 0; row = row[width:] {
			add(row[:width], size[0])
		}
	}
	switch n, err := io.ReadFull(r, make([]byte, 1)); {
	case n > 0:
		return nil, fmt.Errorf("there are more bytes than the %d that its sizes %d need: is it the right file?", total, size)
	case err != io.EOF:
		return nil, damaged(err)
	}
	return size, nil
}

// idxTypes are the values that IDX may hold, by the third byte of a file.
var idxTypes = map[byte]string{8: "bytes", 9: "signed bytes", 11: "whole numbers of 2 bytes", 12: "whole numbers of 4 bytes",
	13: "numbers of 4 bytes", 14: "numbers of 8 bytes"}

// beginningOf is more of a file whose first bytes have been read, for what it is to be told.
func beginningOf(first []byte, r io.Reader) []byte {
	more, _ := io.ReadAll(io.LimitReader(r, 512))
	return append(slices.Clip(first), more...)
}

// parseIDXHeader reads the sizes of an array of so many dimensions.
func parseIDXHeader(r io.Reader, dims int) (size []int, err error) {
	header := make([]byte, 4+4*dims)
	n, err := io.ReadFull(r, header)
	if want := []byte{0, 0, 8, byte(dims)}; n >= 4 && !bytes.Equal(header[:4], want) {
		if err := wrongKind(beginningOf(header[:n], r)); err != nil {
			return nil, err
		}
		if values := idxTypes[header[2]]; header[0] == 0 && header[1] == 0 && values != "" {
			return nil, fmt.Errorf("it is IDX of %s in %d dimensions, and images are bytes in 3 dimensions, labels bytes in 1: are they "+
				"swapped, or is it the right file?", values, header[3])
		}
		return nil, fmt.Errorf("it starts with % x, but IDX of bytes in %d dimensions starts with % x: is it the right file?",
			header[:4], dims, want)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil, fmt.Errorf("the file ends in its header, after %d bytes; get it again", n)
	}
	if err != nil {
		return nil, damaged(err)
	}
	total := uint64(1)
	for d := range dims {
		n := uint64(binary.BigEndian.Uint32(header[4+4*d:]))
		size = append(size, int(n))
		if total *= n; total > maxIDX {
			return nil, fmt.Errorf("its header claims sizes %d and more, over the limit of %d values: is it the right file?",
				size, maxIDX)
		}
	}
	return size, nil
}
