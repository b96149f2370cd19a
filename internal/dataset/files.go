package dataset

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
)

// Files is where real data is looked for. What a file holds is read once, and
// kept for everything that is loaded from it. It may be used by many goroutines.
type Files struct {
	dirs   []string
	nearby Nearby // nil where files are read where they are
	mu     sync.Mutex
	held   map[source]func() (*corpus, error)
}

// source is what decides on the contents of a set's files.
type source struct {
	set, dir, path string
	label, last    List
	Format
}

// NewFiles looks for real data in the given folders, in their order (see Dirs).
func NewFiles(dirs []string) *Files {
	return &Files{dirs: dirs, held: map[source]func() (*corpus, error){}}
}

// read gives what the files of a spec hold.
func (f *Files) read(of set, r Spec) (*corpus, error) {
	key := source{r.Set, r.Dir, r.Path, r.Label, r.Last, r.Format}
	f.mu.Lock()
	read := f.held[key]
	if read == nil {
		dirs := f.looksIn(r)
		read = sync.OnceValues(func() (*corpus, error) {
			c, err := of.read(f.brought(of, r, dirs))
			if err == nil {
				c.warnings = append(c.warnings, c.classWarnings()...)
			}
			return c, err
		})
		f.held[key] = read
	}
	f.mu.Unlock()
	return read()
}

// looksIn lists the folders in which the files of a spec are looked for.
func (f *Files) looksIn(s Spec) []string {
	var first []string
	if s.Dir != "" && s.Path != "" {
		first = []string{s.Dir}
	}
	return slices.Concat(first, f.dirs, s.Last.Names())
}

// open opens a file that may be compressed with gzip, which its first bytes
// tell, whatever its name. size is about what it holds: exact for a plain file.
func open(path string) (r io.ReadCloser, size int64, err error) {
	if err := refuseStreams(path); err != nil {
		return nil, 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("it is a folder, not a file; it holds %s", contents(path))
	}
	if err == nil {
		var plain io.Reader
		if plain, err = uncompressed(f); err == nil {
			return struct {
				io.Reader
				io.Closer
			}{plain, f}, info.Size(), nil
		}
	}
	f.Close()
	return nil, 0, fmt.Errorf("%s: %w", path, err)
}

// refuseStreams refuses what is read only once, or never ends: data are read as often as they are needed.
func refuseStreams(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: it is a pipe or a device, and data are read more than once: write them to a file", path)
	}
	return err
}

// uncompressed reads what is in a gzip file, and any other as it is.
func uncompressed(r io.Reader) (io.Reader, error) {
	c := &counter{r: r}
	b := bufio.NewReaderSize(c, 1<<16)
	if magic, err := b.Peek(2); err != nil || !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return b, nil // a short file is for its format to refuse
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, damaged(err)
	}
	return &inflated{z: z, packed: c}, nil
}

// counter counts the bytes that are read of a file.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// A gzip file may hold maxInflated bytes, and more if it is not made of one
// thing only: maxRatio times the bytes that it is read from.
const (
	maxInflated = 64 << 20
	maxRatio    = 400
)

// inflated is what a gzip file holds, up to its limit.
type inflated struct {
	z      *gzip.Reader
	packed *counter
	n      int64
}

func (f *inflated) Read(p []byte) (int, error) {
	n, err := f.z.Read(p)
	f.n += int64(n)
	if f.n > maxInflated && f.n/maxRatio > f.packed.n {
		return n, fmt.Errorf("it unpacks to more than %d MiB, %d times its size: that is no data; the limit is %d times",
			maxInflated>>20, maxRatio, maxRatio)
	}
	return n, err
}

// damaged explains an error of reading a file's contents.
func damaged(err error) error {
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) ||
		strings.HasPrefix(err.Error(), "flate:") {
		return fmt.Errorf("the gzip file is damaged or cut short; get it again: %w", err)
	}
	return err
}
