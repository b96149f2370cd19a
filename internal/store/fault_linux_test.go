package store

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A file system that is really full.
func TestDiskFull(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may mount a small file system")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("no small file system to fill: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(dir, "nightshift.db")
	ballast := filepath.Join(dir, "ballast")
	check(t, os.WriteFile(ballast, make([]byte, 700_000), 0o666))
	outOfSpace(t, path, func(*DB) {}, func(*DB) { check(t, os.Remove(ballast)) })
}
