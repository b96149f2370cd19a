// Package file reads and writes what users find in their folders.
package file

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace puts content under a name in one step: it is written under a
// temporary name beside it and renamed, so that there is never half a file, and
// a file that cannot be replaced stays whole. Folders are made where needed. What
// is no regular file, a pipe or a device, is written to as it is.
func Replace(path string, content []byte) error {
	return ReplaceBy(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// ReplaceBy is Replace of what write writes; nothing is replaced where it fails.
func ReplaceBy(path string, write func(io.Writer) error) error {
	mode := fs.FileMode(0o666) // without what the user's umask takes away
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("cannot write %s: %w", path, err)
	case info.IsDir():
		return fmt.Errorf("cannot write %s: it is a folder", path)
	case !info.Mode().IsRegular():
		return writeTo(path, write)
	default:
		mode = info.Mode().Perm()
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return fmt.Errorf("cannot write the file: %w", err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("folder for %s: %w", filepath.Base(path), err)
	}
	temporary := filepath.Join(filepath.Dir(path), ".tmp-"+rand.Text())
	err := create(temporary, mode, write)
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		if left := os.Remove(temporary); !errors.Is(left, fs.ErrNotExist) {
			err = errors.Join(err, left)
		}
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

// create writes a file that is not there yet. One that takes the place of another has its mode.
func create(path string, mode fs.FileMode, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if mode != 0o666 {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = write(f)
	}
	return errors.Join(err, f.Close())
}

// writeTo writes to a pipe or a device.
func writeTo(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("cannot write: %w", err)
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("cannot write to %s: %w", path, err)
	}
	return nil
}
