package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// idxFiles are the four files of a data set: of training and of test examples,
// each images and labels.
type idxFiles struct {
	folder string
	paths  [2][2]string
}

// The files of one part.
const (
	idxImages = iota
	idxLabels
)

// idxNames are LeCun's names of the files.
var idxNames = [2][2]string{
	{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"},
	{"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"},
}

// idxName matches their names and those that others gave them: with a dot, as
// train-images.idx3-ubyte, shorter ones, or a prefix, as EMNIST's emnist-letters-test-....
var idxName = regexp.MustCompile(`(?i)^(?:(.+)[-_.])?(train|t10k|test)[-_.](images|labels)` +
	`(?:[-_.]idx[13]?)?(?:[-_.]ubyte)?(\.gz)?$`)

// findIDX finds the files in the first of some places that has any. A place may
// also be a folder and the prefix of the files in it, as emnist/emnist-letters,
// or a pattern of folders.
func findIDX(what string, places, dirs []string) (idxFiles, error) {
	looked, err := lookups(what, places, dirs)
	if err != nil {
		return idxFiles{}, err
	}
	var there []string // folders without such files
	for _, place := range looked {
		folders := []string{place}
		if strings.Contains(place, "*") {
			folders, _ = filepath.Glob(place)
		}
		for _, folder := range folders {
			if exists(folder) && !isFolder(folder) {
				return idxFiles{}, fmt.Errorf("%s is a file, and path is the folder of the four files of IDX", folder)
			}
			sets := scanIDX(folder)
			if len(sets) == 0 {
				if _, err := os.Stat(folder); err == nil {
					there = append(there, folder)
				}
				if files, ok := scanIDX(filepath.Dir(folder))[filepath.Base(folder)]; ok {
					return files.complete()
				}
				continue
			}
			return onlySet(folder, sets)
		}
	}
	holds := ""
	for _, folder := range there[:min(1, len(there))] {
		holds = fmt.Sprintf(" (%s holds %s)", folder, contents(folder))
	}
	return idxFiles{}, notFound(what, looked, holds, idxNames[0][idxImages], idxNames[0][idxImages]+".gz")
}

// onlySet is the data set of a folder that must have one only.
func onlySet(folder string, sets map[string]idxFiles) (idxFiles, error) {
	if len(sets) > 1 {
		if files, ok := sets[""]; ok {
			return files.complete()
		}
		var prefixes []string
		for prefix := range sets {
			prefixes = append(prefixes, filepath.Join(folder, prefix))
		}
		slices.Sort(prefixes)
		return idxFiles{}, fmt.Errorf("%s holds %d data sets; say which with set: idx and path: %s", folder, len(sets),
			strings.Join(prefixes, " or "))
	}
	for _, files := range sets {
		return files.complete()
	}
	return idxFiles{}, nil
}

// scanIDX finds the data sets in a folder by the prefixes of their files. Of a
// file that is there twice, the plain one is taken.
func scanIDX(folder string) map[string]idxFiles {
	entries, _ := os.ReadDir(folder)
	sets := map[string]idxFiles{}
	for _, e := range entries {
		m := idxName.FindStringSubmatch(e.Name())
		if m == nil {
			continue
		}
		path := filepath.Join(folder, e.Name())
		if e.IsDir() { // a file unpacked into a folder of its name
			inside, _ := os.ReadDir(path)
			if len(inside) != 1 || !idxName.MatchString(inside[0].Name()) {
				continue
			}
			path = filepath.Join(path, inside[0].Name())
		}
		files := sets[m[1]]
		files.folder = folder
		part, kind := 0, idxImages
		if !strings.EqualFold(m[2], "train") {
			part = 1
		}
		if strings.EqualFold(m[3], "labels") {
			kind = idxLabels
		}
		if to := &files.paths[part][kind]; *to == "" {
			*to = path
		}
		sets[m[1]] = files
	}
	return sets
}

// complete tells which of the four files is missing.
func (f idxFiles) complete() (idxFiles, error) {
	for i, part := range f.paths {
		for kind, path := range part {
			if path == "" {
				name := idxNames[i][kind]
				return f, fmt.Errorf("%s: neither %s nor %s.gz is there; IDX data is four files, %s and %s, %s and %s; the folder holds %s",
					f.folder, name, name, idxNames[0][idxImages], idxNames[0][idxLabels], idxNames[1][idxImages], idxNames[1][idxLabels],
					contents(f.folder))
			}
		}
	}
	return f, nil
}

// contents lists what a folder holds.
func contents(folder string) string {
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) == 0 {
		return "nothing"
	}
	var names []string
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		names = append(names, name)
	}
	return Listed(names)
}
