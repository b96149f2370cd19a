package dataset

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// Files is where real data is looked for. What a file holds is read once, and
// kept for everything that is loaded from it. It may be used by many goroutines.
type Files struct {
	dirs []string
	mu   sync.Mutex
	held map[source]func() (*corpus, error)
}

// source is what decides on the contents of a set's files.
type source struct{ set, path, label string }

// NewFiles looks for real data in the given folders, in their order (see Dirs).
func NewFiles(dirs []string) *Files {
	return &Files{dirs: dirs, held: map[source]func() (*corpus, error){}}
}

// read gives what the files of a spec hold.
func (f *Files) read(of set, s Spec) (*corpus, error) {
	key := source{s.Set, s.Path, s.Label}
	f.mu.Lock()
	read := f.held[key]
	if read == nil {
		read = sync.OnceValues(func() (*corpus, error) { return of.read(s, f.dirs) })
		f.held[key] = read
	}
	f.mu.Unlock()
	return read()
}

// Dirs lists the folders in which real data is looked for, in order: the one
// given on the command line (empty for none), the environment variable
// NIGHTSHIFT_DATA, nightshift in the user's cache folder, and the folder that the
// program was started in. It is the only place of this package that reads the
// environment.
func Dirs(flag string) []string {
	var dirs []string
	for _, dir := range []string{flag, os.Getenv("NIGHTSHIFT_DATA")} {
		if dir != "" {
			dirs = append(dirs, dir)
		}
	}
	if cache, err := os.UserCacheDir(); err == nil {
		dirs = append(dirs, filepath.Join(cache, "nightshift"))
	}
	return append(dirs, ".")
}

// find returns the first of the places, each absolute or below a data folder,
// that exists. Where files are named it is a folder that holds one of them.
func find(what string, places, dirs []string, files ...string) (string, error) {
	var looked []string
	for _, place := range places {
		if filepath.IsAbs(place) {
			looked = append(looked, place)
		}
	}
	for _, dir := range dirs {
		for _, place := range places {
			if !filepath.IsAbs(place) {
				looked = append(looked, filepath.Join(dir, place))
			}
		}
	}
	holding := files
	if len(holding) == 0 {
		holding = []string{""} // the place itself
	}
	for _, path := range looked {
		for _, file := range holding {
			_, err := os.Stat(filepath.Join(path, file))
			if err == nil {
				return path, nil
			}
			if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
				return "", fmt.Errorf("%s: %w", what, err)
			}
		}
	}
	where := "there is no data folder"
	if len(looked) > 0 {
		where = "looked for " + strings.Join(looked, ", ")
		if len(files) > 0 {
			where += " with " + strings.Join(files, " or ")
		}
	}
	return "", fmt.Errorf("%s not found: %s; put it there, or say where your data is with --data DIR or NIGHTSHIFT_DATA", what, where)
}

// open opens a file that may be compressed with gzip, which its first bytes
// tell, whatever its name.
func open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := plain(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{r, f}, nil
}

// plain uncompresses what is compressed.
func plain(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	if magic, err := b.Peek(2); err != nil || !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return b, nil // a short file is for its format to refuse
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, damaged(err)
	}
	return z, nil
}

// damaged explains an error of reading a file's contents.
func damaged(err error) error {
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) || strings.HasPrefix(err.Error(), "flate:") {
		return fmt.Errorf("the gzip file is damaged or cut short; get it again: %w", err)
	}
	return err
}
