package dataset

import (
	"path/filepath"
	"slices"
)

// Nearby copies files to this machine, into one folder under their own names, and gives that.
type Nearby func(files []string) (folder string, err error)

// Bring has the files of tables, arrays and IDX brought to this machine before they are read. Folders of images are read where
// they are; so is whatever cannot be found or brought, which is said when it is read.
func (f *Files) Bring(nearby Nearby) { f.nearby = nearby }

// brought gives the spec and the folders by which a set's files are found on this machine.
func (f *Files) brought(of set, r Spec, dirs []string) (Spec, []string) {
	if f.nearby == nil {
		return r, dirs
	}
	switch of.Name {
	case "csv", "npy":
		path := f.bring(r.Path, dirs)
		besides := append([]string{filepath.Dir(path.was)}, dirs...)
		r.Path, r.TestPath, r.Labels = path.is, f.bring(r.TestPath, dirs).is, f.bring(r.Labels, besides).is
	case "idx":
		if files, err := findIDX("", idxPlaces(r.Path), dirs); err == nil {
			if folder, err := f.nearby(files.all()); err == nil {
				r.Path = folder
			}
		}
	case "mnist":
		if files, err := findIDX("", mnistPlaces, dirs); err == nil {
			if folder, err := f.nearby(files.all()); err == nil {
				dirs = slices.Concat([]string{folder}, dirs)
			}
		}
	}
	return r, dirs
}

// broughtFile is a file that was brought: how it was named or found, and where it is.
type broughtFile struct{ was, is string }

func (f *Files) bring(place string, dirs []string) broughtFile {
	if place == "" {
		return broughtFile{}
	}
	for _, name := range []string{place, place + ".gz"} {
		found, err := find("", []string{name}, dirs)
		if err != nil || isFolder(found) {
			continue
		}
		if folder, err := f.nearby([]string{found}); err == nil {
			return broughtFile{found, filepath.Join(folder, filepath.Base(found))}
		}
	}
	return broughtFile{place, place}
}

// all are the files of both parts.
func (f idxFiles) all() []string {
	return []string{f.paths[0][idxImages], f.paths[0][idxLabels], f.paths[1][idxImages], f.paths[1][idxLabels]}
}
