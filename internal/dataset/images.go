package dataset

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"nightshift/internal/panics"
)

// imageFiles reads PNG and JPEG files: a folder for each class, in train/ and
// test/ or in one folder; or files that a table names with their labels.
var imageFiles = set{
	Info: Info{
		Name:    "images",
		Doc:     "PNG and JPEG images of your own, a folder for each class, or labels: a CSV of file names and labels",
		Default: Spec{Set: "images", Scale: "unit"},
	},
	version: 1,
	pixels:  true,
	path:    true,
	label:   true,
	read:    readImages,
}

// labelled is an image file and its label.
type labelled struct{ path, name, label string }

func readImages(s Spec, dirs []string) (*corpus, error) {
	folder, err := find("folder of images", []string{s.Path}, dirs)
	if err != nil {
		return nil, err
	}
	if !isFolder(folder) {
		return nil, fmt.Errorf("%s is a file, and path is the folder of the images", folder)
	}
	c := &corpus{}
	var train, test []labelled
	if s.Labels != "" {
		if train, err = tabledImages(s, s.Labels, folder, dirs); err == nil && s.TestPath != "" {
			test, err = tabledImages(s, s.TestPath, folder, dirs)
		}
		c.compareTables(train, test)
	} else {
		train, test, err = c.foldedImages(s, folder, dirs)
	}
	if err != nil {
		return nil, err
	}
	if err := c.readPictures(s, train, test); err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	return c, nil
}

// readPictures decodes the files of both parts and gives the corpus its
// examples. If all of them are grey, a pixel is one input, else three.
func (c *corpus) readPictures(s Spec, train, test []labelled) error {
	files := append(slices.Clone(train), test...)
	pictures, err := decodeAll(files, s.Size)
	if err != nil {
		return err
	}
	first, grey := pictures[0], true
	for i, p := range pictures {
		if p.rows != first.rows || p.columns != first.columns {
			return fmt.Errorf("%s has %d by %d pixels, but %s has %d by %d; say size: %d to bring all to one size",
				files[i].name, p.rows, p.columns, files[0].name, first.rows, first.columns,
				min(28, max(first.rows, first.columns)))
		}
		grey = grey && p.gray()
	}
	number, err := c.nameClasses(train)
	if err != nil {
		return err
	}
	c.warnings = append(c.warnings, pictureWarnings(pictures)...)
	hash := sha256.New()
	fmt.Fprintf(hash, "%d %d %t %q", first.rows, first.columns, grey, c.classes)
	if c.train, err = examplesOf(train, pictures[:len(train)], number, grey, hash); err != nil {
		return err
	}
	if len(test) > 0 {
		if c.test, err = examplesOf(test, pictures[len(train):], number, grey, hash); err != nil {
			return err
		}
	}
	c.sum = fmt.Sprintf("sha256=%x", hash.Sum(nil))
	return nil
}

// pictureWarnings are what is doubtful about the pixels of images: those of which a part of the bits is left out, and
// those that are all the same.
func pictureWarnings(pictures []picture) (list []string) {
	deep, most, same := 0, uint16(0), true
	for _, p := range pictures {
		if p.deepest > 0 {
			deep++
		}
		most = max(most, p.deepest)
		same = same && bytes.Equal(p.rgb, pictures[0].rgb)
	}
	if deep > 0 {
		list = append(list, fmt.Sprintf("of %s with 16 bits a channel the upper 8 are taken; the largest value is %d of 65535: scale "+
			"them to that, or save arrays of the numbers (set: npy)", counted(deep, "image"), most))
	}
	if same {
		list = append(list, "all images are the same")
	}
	return list
}

// nameClasses gives the corpus the classes of training images, and says which
// number each has.
func (c *corpus) nameClasses(train []labelled) (number map[string]int32, err error) {
	var names []string
	for _, file := range train {
		names = append(names, file.label)
	}
	classes := orderedClasses(names)
	switch {
	case len(classes) < 2:
		return nil, fmt.Errorf("every image is of class %s; there is nothing to tell apart", shortened(classes[0]))
	case len(classes) > maxClasses:
		return nil, fmt.Errorf("there are %d classes, and the limit is %d", len(classes), maxClasses)
	case len(train) >= 20 && 2*len(classes) > len(train):
		return nil, fmt.Errorf("%d images have %d different labels (%s): those are names and no classes; say which column is the "+
			"label with label: NAME", len(train), len(classes), Listed(classes))
	}
	number = make(map[string]int32, len(classes))
	for i, name := range classes {
		number[name] = int32(i)
		c.classes = append(c.classes, printable(name))
	}
	return number, nil
}

// examplesOf makes examples of images, and adds them to the hash.
func examplesOf(files []labelled, pictures []picture, number map[string]int32, grey bool, hash io.Writer) (*examples, error) {
	in := pictures[0].rows * pictures[0].columns
	if !grey {
		in *= channels
	}
	var labels []int32
	for _, file := range files {
		class, ok := number[file.label]
		if !ok {
			return nil, fmt.Errorf("%s is of class %s, of which there is no training image", file.name, shortened(file.label))
		}
		labels = append(labels, class)
	}
	fmt.Fprint(hash, labels)
	rows := newPixels(in, len(pictures))
	for _, p := range pictures {
		values := p.rgb
		if grey {
			values = p.single()
		}
		hash.Write(values)
		rows.add(values)
	}
	ex := rows.examples()
	ex.labels = labels
	return ex, nil
}

// decodeAll decodes files on all processors, in their order. The first error is
// that of the first file that has one.
func decodeAll(files []labelled, size int) ([]picture, error) {
	pictures, errs := make([]picture, len(files)), make([]error, len(files))
	var wg panics.Group
	var total atomic.Int64 // bytes
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(files); i += workers {
				var content []byte
				err := refuseStreams(files[i].path)
				if err == nil {
					content, err = os.ReadFile(files[i].path)
				}
				if err == nil {
					pictures[i], err = decode(content, size)
				}
				if total.Add(int64(len(pictures[i].rgb))) > maxImagesBytes {
					pictures[i], err = picture{}, fmt.Errorf("the images before it have %d bytes, which is the limit; say size: to make "+
						"them smaller", maxImagesBytes)
				}
				if err != nil {
					errs[i] = fmt.Errorf("%s: %w", files[i].name, err)
				}
			}
		})
	}
	wg.Wait()
	return pictures, cmp.Or(errs...)
}

func imageName(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg"}, strings.ToLower(filepath.Ext(name)))
}
