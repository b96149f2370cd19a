package dataset

import (
	"path/filepath"
	"slices"
)

// Nearby copies files, and folders with all that is in them, to this machine, into one folder under their own names, and gives
// that.
type Nearby func(paths []string) (folder string, err error)

// Bring has data brought to this machine before they are read. What cannot be found or brought is read where it is: then it is
// said what is wrong with it.
func (f *Files) Bring(nearby Nearby) { f.nearby = nearby }

// brought gives the spec and the folders by which a set's files are found on this machine.
func (f *Files) brought(of set, r Spec, dirs []string) (Spec, []string) {
	if f.nearby == nil {
		return r, dirs
	}
	switch of.Name {
	case "csv", "npy":
		path := f.bringFile(r.Path, dirs)
		besides := append([]string{filepath.Dir(path.was)}, dirs...)
		r.Path, r.TestPath, r.Labels = path.is, f.bringFile(r.TestPath, dirs).is, f.bringFile(r.Labels, besides).is
	case "images":
		path := f.bringFolder(r.Path, dirs)
		if r.Labels == "" {
			r.TestPath = f.bringFolder(r.TestPath, dirs).is
		}
		if path.is != path.was {
			dirs = slices.Concat([]string{filepath.Dir(path.was)}, dirs) // where tables of labels are looked for, too
		}
		r.Path = path.is
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

// brought is what was brought: how it was named or found, and where it is.
type brought struct{ was, is string }

// bringFile brings a file, which may be there as one of gzip only.
func (f *Files) bringFile(place string, dirs []string) brought {
	return f.bring(place, []string{place, place + ".gz"}, dirs, false)
}

func (f *Files) bringFolder(place string, dirs []string) brought {
	return f.bring(place, []string{place}, dirs, true)
}

// bring brings the first of some names that is there and is a folder, or is none.
func (f *Files) bring(place string, names, dirs []string, folder bool) brought {
	for _, name := range names {
		if place == "" {
			break
		}
		found, err := find("", []string{name}, dirs)
		if err != nil || isFolder(found) != folder {
			continue
		}
		if to, err := f.nearby([]string{found}); err == nil {
			return brought{found, filepath.Join(to, filepath.Base(found))}
		}
	}
	return brought{place, place}
}

// all are the files of both parts.
func (f idxFiles) all() []string {
	return []string{f.paths[0][idxImages], f.paths[0][idxLabels], f.paths[1][idxImages], f.paths[1][idxLabels]}
}
