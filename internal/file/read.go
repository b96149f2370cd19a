package file

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrStopped says that reading was given up before its end.
var ErrStopped = errors.New("interrupted")

// Read reads a file of at most so many bytes, which may be a pipe that nobody writes to: it
// is ErrStopped when stop is closed before its end.
func Read(stop <-chan struct{}, path string, most int64) ([]byte, error) {
	return read(stop, path, most, func() (*os.File, error) { return os.Open(path) })
}

// ReadIn is Read of a file in a folder or below it, to which no link leads from outside.
func ReadIn(stop <-chan struct{}, folder, name string, most int64) ([]byte, error) {
	return read(stop, name, most, func() (*os.File, error) {
		f, err := os.OpenInRoot(folder, name)
		var of *fs.PathError
		if errors.As(err, &of) { // it has the name within the folder
			err = &fs.PathError{Op: "open", Path: filepath.Join(folder, name), Err: of.Err}
		}
		return f, err
	})
}

func read(stop <-chan struct{}, path string, most int64, open func() (*os.File, error)) ([]byte, error) {
	type result struct {
		text []byte
		err  error
	}
	over := make(chan result, 1)
	go func() {
		f, err := open() // of a pipe it waits for a writer
		if err != nil {
			over <- result{nil, err}
			return
		}
		defer f.Close()
		text, err := io.ReadAll(io.LimitReader(f, most+1))
		over <- result{text, err}
	}()
	select {
	case <-stop:
		return nil, ErrStopped
	case r := <-over:
		if r.err == nil && int64(len(r.text)) > most {
			return nil, fmt.Errorf("%s has more than %d bytes", path, most)
		}
		return r.text, r.err
	}
}
