package download

import (
	"bufio"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"nightshift/internal/file"
)

// sumsFile holds the SHA-256 of files whose publisher gives no checksum, as they were when they came first: sha256sum -c reads
// it.
const sumsFile = "SHA256SUMS"

// errWrong is that a file is not what is published.
var errWrong = errors.New("not the published file")

// verify compares a file that has come with what is published of it. Where several checksums are known, of different packings of
// the same data, one of them is enough.
func (f File) verify(path string) error {
	var known []string
	for _, sum := range []struct {
		name, want string
		new        func() hash.Hash
	}{{"MD5", f.MD5, md5.New}, {"SHA-256", f.SHA256, sha256.New}} {
		if sum.want == "" {
			continue
		}
		got, err := digest(path, sum.new())
		if err != nil {
			return err
		}
		if got == sum.want {
			known = nil
			break
		}
		known = append(known, fmt.Sprintf("its %s is %s, and %s is published", sum.name, got, sum.want))
	}
	if known != nil {
		return fmt.Errorf("%w: %s", errWrong, strings.Join(known, "; "))
	}
	if f.Bitmaps {
		return bitmaps(path)
	}
	return nil
}

func digest(path string, h hash.Hash) (string, error) {
	r, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer r.Close()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

var bitmapShape = regexp.MustCompile(`^\{'descr': '\|u1', 'fortran_order': False, 'shape': \((\d+), 784\), \}\s*$`)

// bitmaps is an error if a file is no array of [n, 784] bytes with all of its n rows (numpy/lib/format.py, version 1.0).
func bitmaps(path string) error {
	r, err := os.Open(path)
	if err != nil {
		return err
	}
	defer r.Close()
	head := make([]byte, 10)
	if _, err := io.ReadFull(r, head); err != nil || string(head[:8]) != "\x93NUMPY\x01\x00" {
		return fmt.Errorf("%w: it is no .npy file", errWrong)
	}
	text := make([]byte, int(head[8])|int(head[9])<<8)
	if _, err := io.ReadFull(r, text); err != nil {
		return fmt.Errorf("%w: its header is cut off", errWrong)
	}
	shape := bitmapShape.FindSubmatch(text)
	if shape == nil {
		return fmt.Errorf("%w: it has no [n, 784] bytes but %.80q", errWrong, text)
	}
	rows, err := strconv.ParseInt(string(shape[1]), 10, 32)
	if err != nil {
		return fmt.Errorf("%w: %w", errWrong, err)
	}
	info, err := r.Stat()
	if err != nil {
		return err
	}
	if want := int64(len(head)+len(text)) + rows*784; info.Size() != want {
		return fmt.Errorf("%w: it has %d bytes, and %d drawings take %d", errWrong, info.Size(), rows, want)
	}
	return nil
}

// kept reads the checksums that a folder keeps of files.
func keptSums(folder string) (map[string]string, error) {
	sums := map[string]string{}
	r, err := os.Open(filepath.Join(folder, sumsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return sums, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if sum, name, ok := strings.Cut(lines.Text(), "  "); ok && len(sum) == 2*sha256.Size {
			sums[name] = sum
		}
	}
	return sums, lines.Err()
}

// keepSum notes the checksum of a file in its folder.
func keepSum(folder, name string) error {
	sums, err := keptSums(folder)
	if err != nil {
		return err
	}
	if sums[name], err = digest(filepath.Join(folder, name), sha256.New()); err != nil {
		return err
	}
	var text strings.Builder
	for _, name := range sortedKeys(sums) {
		fmt.Fprintf(&text, "%s  %s\n", sums[name], name)
	}
	return file.Replace(filepath.Join(folder, sumsFile), []byte(text.String()))
}

// there says whether all that a file leaves in a folder is there, as published or as it was when it came; one that is another is
// an error.
func (f File) there(folder string) (bool, error) {
	sums, err := keptSums(folder)
	if err != nil {
		return false, err
	}
	for _, name := range f.kept() {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return false, nil
		} else if err != nil {
			return false, err
		}
		known := f
		if f.MD5 == "" || f.Unpack != nil {
			known = File{SHA256: sums[name], Bitmaps: f.Bitmaps}
		}
		if err := known.verify(path); err != nil {
			return false, fmt.Errorf("%s is there already and is %w; move it away, and get it again", path, err)
		}
	}
	return true, nil
}
