//go:build unix

package dataset

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe, which would be waited for, and a device, which never ends, are no data.
func TestDataStay(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "data.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{pipe, "/dev/zero"} {
		if _, _, err := open(path); err == nil || !strings.Contains(err.Error(), "a pipe or a device") {
			t.Errorf("%s: %v", path, err)
		}
		files := []labelled{{path, "0/a.png", "0"}}
		if _, err := decodeAll(files, 0); err == nil || !strings.Contains(err.Error(), "a pipe or a device") {
			t.Errorf("%s as an image: %v", path, err)
		}
	}
}
