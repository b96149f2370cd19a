package dataset

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	var wg sync.WaitGroup
	var total atomic.Int64 // bytes
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(files); i += workers {
				content, err := os.ReadFile(files[i].path)
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

// foldedImages finds files in a folder for each class. Training and test images
// may be in folders of their own, each with those of the classes.
func (c *corpus) foldedImages(s Spec, folder string, dirs []string) (train, test []labelled, err error) {
	root := folder
	if s.TestPath != "" {
		testFolder, err := find("folder of test images", []string{s.TestPath}, dirs)
		if err != nil {
			return nil, nil, err
		}
		if test, err = c.classFolders(testFolder); err != nil {
			return nil, nil, err
		}
	} else if at := subfolder(folder, trainFolders); at != "" {
		root = at
		c.besides(folder)
		for _, name := range testFolders {
			at := subfolder(folder, []string{name})
			switch {
			case at == "":
			case test != nil:
				c.warnings = append(c.warnings, "the images of "+name+" are not used; valid: says how many of train are for validation")
			default:
				if test, err = c.classFolders(at); err != nil {
					return nil, nil, err
				}
				if !strings.HasPrefix(name, "test") {
					c.warnings = append(c.warnings, "there is no folder test beside train: the images of "+name+" are the test examples")
				}
			}
		}
	}
	if root == folder {
		if err := notSplits(folder); err != nil {
			return nil, nil, err
		}
	}
	train, err = c.classFolders(root)
	return train, test, err
}

// Folders of training and of test images, the likelier one first.
var (
	trainFolders = []string{"train", "training"}
	testFolders  = []string{"test", "testing", "val", "valid", "validation"}
)

// notSplits refuses folders that are called as splits are, mnist_train and
// mnist_test, as those of classes.
func notSplits(folder string) error {
	entries, _ := os.ReadDir(folder)
	var splits, tables []string
	for _, e := range entries {
		switch {
		case e.IsDir() && !splitName.MatchString(e.Name()) && !strings.HasPrefix(e.Name(), "."):
			return nil
		case e.IsDir():
			splits = append(splits, e.Name())
		case strings.EqualFold(filepath.Ext(e.Name()), ".csv"):
			tables = append(tables, e.Name())
		}
	}
	if len(splits) == 0 {
		return nil
	}
	hint := "path: is the folder that has train and test in it, and a folder for each class in these"
	if len(tables) > 0 {
		hint = fmt.Sprintf("say which table beside them has the labels (%s) with labels:", Listed(tables))
	}
	return fmt.Errorf("its folders (%s) are called as splits are and not as classes; %s", Listed(splits), hint)
}

// splitName matches the names of folders that are splits.
var splitName = regexp.MustCompile(`(?i)(^|[-_. ])(train|training|test|testing|val|valid|validation)([-_. ]|$)`)

// besides warns of folders beside train that are none of a split.
func (c *corpus) besides(folder string) {
	entries, _ := os.ReadDir(folder)
	var others []string
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		split := slices.Contains(trainFolders, name) || slices.Contains(testFolders, name) || name == "__macosx"
		if e.IsDir() && !split && !strings.HasPrefix(e.Name(), ".") {
			others = append(others, e.Name())
		}
	}
	if len(others) > 0 {
		c.warnings = append(c.warnings, "folders beside train are not used: "+Listed(others))
	}
}

// subfolder is the folder that has the first of some names, in capitals or not;
// empty if there is none.
func subfolder(folder string, names []string) string {
	entries, _ := os.ReadDir(folder)
	for _, name := range names {
		for _, e := range entries {
			if at := filepath.Join(folder, e.Name()); strings.EqualFold(e.Name(), name) && isFolder(at) {
				return at
			}
		}
	}
	return ""
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// classFolders lists the images of a folder by class and name.
func (c *corpus) classFolders(folder string) ([]labelled, error) {
	classes, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []labelled
	var others []string
	for _, class := range classes {
		if !class.IsDir() || strings.HasPrefix(class.Name(), ".") || class.Name() == "__MACOSX" {
			continue
		}
		inside, err := os.ReadDir(filepath.Join(folder, class.Name()))
		if err != nil {
			return nil, err
		}
		for _, e := range inside {
			name := filepath.Join(class.Name(), e.Name())
			switch {
			case strings.HasPrefix(e.Name(), ".") || e.Name() == "Thumbs.db":
			case imageName(e.Name()):
				files = append(files, labelled{filepath.Join(folder, name), name, class.Name()})
			default:
				others = append(others, name)
			}
		}
	}
	if len(files) == 0 {
		inside := ""
		if len(others) > 0 {
			inside = ", which hold " + Listed(others)
		}
		return nil, fmt.Errorf("%s: there are no PNG or JPEG images in folders of classes, and no labels: says which table "+
			"names them; it holds %s%s", folder, contents(folder), inside)
	}
	if len(others) > 0 {
		c.warnings = append(c.warnings, "not taken, because they are no PNG or JPEG images: "+Listed(others))
	}
	return files, nil
}

func imageName(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg"}, strings.ToLower(filepath.Ext(name)))
}
