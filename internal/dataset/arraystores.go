package dataset

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// store is where arrays are kept by name.
type store struct {
	names []string
	open  func(name string) (array, error)
}

func folderArrays(folder string) store {
	entries, _ := os.ReadDir(folder)
	s := store{open: func(name string) (array, error) { return openArray(filepath.Join(folder, name+".npy")) }}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".npy"); ok && !strings.HasPrefix(name, ".") {
			s.names = append(s.names, name)
		}
	}
	return s
}

func zippedArrays(path string) (parts [2]pair, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return parts, errors.New("it is no .npz file, or a damaged one; get it again")
	}
	defer z.Close()
	return namedArrays(zipStore(&z.Reader))
}

// zipStore are the arrays of an .npz file.
func zipStore(z *zip.Reader) store {
	s := store{open: func(name string) (array, error) {
		f, err := z.Open(name + ".npy")
		if errors.Is(err, zip.ErrAlgorithm) {
			return array{}, errors.New("it is compressed in a way that is not read: write it with numpy.savez_compressed")
		}
		if err != nil {
			return array{}, err
		}
		defer f.Close()
		for _, entry := range z.File {
			packed, unpacked := entry.CompressedSize64, entry.UncompressedSize64
			if entry.Name == name+".npy" && unpacked > maxInflated && unpacked/maxRatio > packed {
				return array{}, fmt.Errorf("%s unpacks to more than %d times its size: that is no data", shortened(name),
					maxRatio)
			}
		}
		a, err := parseNpy(f)
		if err != nil {
			return a, fmt.Errorf("%s: %w", name, err)
		}
		return a, nil
	}}
	for _, f := range z.File {
		if name, ok := strings.CutSuffix(f.Name, ".npy"); ok {
			s.names = append(s.names, name)
		}
	}
	return s
}

// namedArrays finds inputs and labels by their names.
func namedArrays(s store) (parts [2]pair, err error) {
	unused := slices.Clone(s.names)
	for k := range parts {
		x, y := s.first(inputNames[k]), s.first(labelWords[k])
		if x == "" || y == "" {
			if k == 0 {
				have := "it has none"
				if len(s.names) > 0 {
					have = "they are " + Listed(s.names)
				}
				return parts, fmt.Errorf("no inputs (%s) with labels (%s) are among its arrays; %s",
					strings.Join(inputNames[0], ", "), strings.Join(labelWords[0], ", "), have)
			}
			continue
		}
		parts[k].has = true
		unused = slices.DeleteFunc(unused, func(name string) bool { return name == x || name == y })
		if parts[k].x, err = s.open(x); err != nil {
			return parts, err
		}
		if parts[k].y, err = s.open(y); err != nil {
			return parts, err
		}
	}
	parts[0].unused = unused
	return parts, nil
}

// first is the array that the first of some names has, in capitals or not, with underscores or without.
func (s store) first(names []string) string {
	plain := func(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
	for _, name := range names {
		if i := slices.IndexFunc(s.names, func(have string) bool { return plain(have) == plain(name) }); i >= 0 {
			return s.names[i]
		}
	}
	return ""
}
