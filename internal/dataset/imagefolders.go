package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

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
	var others, empty []string
	for _, class := range classes {
		if !class.IsDir() || strings.HasPrefix(class.Name(), ".") || class.Name() == "__MACOSX" {
			continue
		}
		inside, err := os.ReadDir(filepath.Join(folder, class.Name()))
		if err != nil {
			return nil, err
		}
		had := len(files)
		for _, e := range inside {
			name := filepath.Join(class.Name(), e.Name())
			switch {
			case strings.HasPrefix(e.Name(), ".") || e.Name() == "Thumbs.db" || e.Name() == "desktop.ini":
			case imageName(e.Name()):
				files = append(files, labelled{filepath.Join(folder, name), name, class.Name()})
			case e.IsDir():
				others = append(others, name+"/")
			default:
				others = append(others, name)
			}
		}
		if len(files) == had {
			empty = append(empty, class.Name())
		}
	}
	if len(files) == 0 {
		inside := ""
		if len(others) > 0 {
			inside = ", which hold " + Listed(others) + convertible(others)
		}
		return nil, fmt.Errorf("%s: there are no PNG or JPEG images in folders of classes, and no labels: says which table "+
			"names them; it holds %s%s", folder, contents(folder), inside)
	}
	if len(others) > 0 {
		c.warnings = append(c.warnings, "not taken, because they are no PNG or JPEG images: "+Listed(others))
	}
	if len(empty) > 0 {
		c.warnings = append(c.warnings, "folders without images are no classes: "+Listed(empty))
	}
	return files, nil
}

// convertible says what to do about files in folders of classes that are no images which are read.
func convertible(names []string) string {
	pictures := []string{".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".avif", ".svg", ".ppm", ".pgm"}
	switch end := filepath.Ext(names[0]); {
	case slices.Contains(pictures, strings.ToLower(end)):
		return "; convert them to PNG"
	case strings.HasSuffix(names[0], "/"):
		return "; images stand directly in the folder of their class"
	}
	return ""
}
