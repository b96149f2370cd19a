package download

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// unpack takes files by their names, whatever folder of the archive they are in, and gives each its name when it is whole.
func unpack(archive, folder string, names []string) error {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("%w: %w", errWrong, err)
	}
	defer z.Close()
	left := slices.Clone(names)
	for _, entry := range z.File {
		name := path.Base(entry.Name)
		at := slices.Index(left, name)
		if at < 0 {
			continue
		}
		if err := extract(entry, filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		left = slices.Delete(left, at, at+1)
	}
	if len(left) > 0 {
		return fmt.Errorf("%w: the archive has no %s", errWrong, left[0])
	}
	return nil
}

func extract(entry *zip.File, to string) (err error) {
	from, err := entry.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	part, err := os.Create(to + ".part")
	if err != nil {
		return err
	}
	n, err := io.Copy(part, io.LimitReader(from, maxSize+1))
	if n > maxSize {
		err = fmt.Errorf("%w: it is longer than %d bytes", errWrong, int64(maxSize))
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	return os.Rename(part.Name(), to)
}
