//go:build !linux

package store

import (
	"fmt"
	"os"
)

// networkOf names nothing: only Linux says what a folder is on.
func networkOf(string) string { return "" }

// writable says why an existing file cannot be written, without opening it.
func writable(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a directory", path)
	case info.Mode().Perm()&0o222 == 0:
		return &os.PathError{Op: "write", Path: path, Err: os.ErrPermission}
	}
	return nil
}
