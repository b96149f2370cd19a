package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nightshift/internal/file"
)

// writtenName is the file in which a report keeps what it wrote beside the page.
const writtenName = ".written.json"

// written has the SHA-256 of each file that reports have written into a folder.
type written map[string]string

// checksum is what tells whether a file is still as it was written.
func checksum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// readWritten reads what earlier reports wrote into a folder. Where nothing says so, or it cannot be read, no file is known to be
// theirs.
func readWritten(dir string) written {
	earlier := written{}
	if text, err := os.ReadFile(filepath.Join(dir, writtenName)); err == nil && json.Unmarshal(text, &earlier) != nil {
		return written{}
	}
	return earlier
}

// removeStale removes the files of figures that the report no longer has, and keeps the names of those that it does, in whatever
// format they were written. A file that was changed since, or that no report wrote, stays.
func (w written) removeStale(dir string) error {
	figures := map[string]bool{}
	for name := range w {
		figures[stem(name)] = true
	}
	for name, sum := range readWritten(dir) {
		path := filepath.Join(dir, name)
		if filepath.Base(name) != name { // no report has such a file
			continue
		}
		content, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return err
		case checksum(content) != sum:
			continue
		}
		if figures[stem(name)] {
			if _, again := w[name]; !again {
				w[name] = sum
			}
			continue
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(w, "", " ")
	if err != nil {
		return err
	}
	return file.Replace(filepath.Join(dir, writtenName), append(text, '\n'))
}

// stem is the name of a figure's file without its format.
func stem(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) }
