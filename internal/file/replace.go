// Package file writes what users find in their folders.
package file

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Replace puts content under a name in one step: it is written under a
// temporary name beside it and renamed, so that there is never half a file, and
// a file that cannot be replaced stays whole. Folders are made where needed.
func Replace(path string, content []byte) error {
	return ReplaceBy(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// ReplaceBy is Replace of what write writes; nothing is replaced where it fails.
func ReplaceBy(path string, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("folder for %s: %w", filepath.Base(path), err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("cannot write %s: %w", path, err), os.Remove(f.Name()))
		}
	}()
	if err = write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	// Temporary files are private; this one takes its place among the user's.
	if err = errors.Join(f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
