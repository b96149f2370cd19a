//go:build unix

package file

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe is written to, and stays one.
func TestReplaceWritesToPipes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	got := make(chan string)
	go func() {
		f, err := os.Open(path)
		if err != nil {
			t.Error(err)
		}
		text, _ := io.ReadAll(f)
		f.Close()
		got <- string(text)
	}()
	if err := Replace(path, []byte("text")); err != nil {
		t.Fatal(err)
	}
	if text := <-got; text != "text" {
		t.Errorf("%q has come through the pipe", text)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is %v now (%v)", info.Mode(), err)
	}
}

// Devices of the test's own are written to, and what they refuse is an error.
func TestReplaceWritesToDevices(t *testing.T) {
	for name, want := range map[string]struct {
		minor int
		err   error
	}{"null": {3, nil}, "full": {7, syscall.ENOSPC}} {
		path := filepath.Join(t.TempDir(), name)
		if err := syscall.Mknod(path, syscall.S_IFCHR|0o600, 1<<8|want.minor); err != nil {
			t.Skipf("only root makes devices: %v", err)
		}
		link := path + "-link"
		if err := os.Symlink(path, link); err != nil {
			t.Fatal(err)
		}
		for _, p := range []string{path, link} {
			if err := Replace(p, []byte("text")); !errors.Is(err, want.err) {
				t.Errorf("%s: %v, want %v", name, err, want.err)
			}
		}
		if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeDevice == 0 {
			t.Errorf("%s is %v now (%v)", name, info.Mode(), err)
		}
	}
}

// The umask of the user holds for new files, and files that are there keep their mode; links lead to them.
func TestReplaceKeepsModes(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o027))
	dir := t.TempDir()
	path, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	mode := func() os.FileMode {
		t.Helper()
		info, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	for _, p := range []string{path, link} {
		if err := Replace(p, []byte(p)); err != nil || mode() != 0o640 {
			t.Errorf("%v, %v", mode(), err)
		}
	}
	if err := os.Chmod(path, 0o604); err != nil {
		t.Fatal(err)
	}
	if err := Replace(path, []byte("again")); err != nil || mode() != 0o604 {
		t.Errorf("%v, %v", mode(), err)
	}
	if err := Replace(dir, nil); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("a folder: %v", err)
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	outside, in := filepath.Join(dir, "outside"), filepath.Join(dir, "in")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(os.WriteFile(outside, []byte("12345"), 0o666))
	check(os.Mkdir(in, 0o777))
	check(os.WriteFile(filepath.Join(in, "text"), []byte("123"), 0o666))
	check(os.Symlink("../outside", filepath.Join(in, "link")))
	check(os.Symlink("text", filepath.Join(in, "inner")))
	if text, err := Read(nil, outside, 5); err != nil || string(text) != "12345" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := Read(nil, outside, 4); err == nil || !strings.Contains(err.Error(), "more than 4 bytes") {
		t.Errorf("one byte more: %v", err)
	}
	for name, want := range map[string]string{"text": "123", "inner": "123", "link": "", "../outside": ""} {
		if text, err := ReadIn(nil, in, name, 9); string(text) != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	pipe := filepath.Join(dir, "pipe")
	check(syscall.Mkfifo(pipe, 0o600))
	stop := make(chan struct{})
	close(stop)
	if _, err := Read(stop, pipe, 9); !errors.Is(err, ErrStopped) {
		t.Errorf("a pipe without a writer: %v", err)
	}
	endless, err := os.OpenFile(pipe, os.O_RDWR, 0) // which ends the reading above, too
	check(err)
	defer endless.Close()
	go func() {
		for {
			if _, err := endless.Write(make([]byte, 1000)); err != nil {
				return
			}
		}
	}()
	if _, err := Read(nil, pipe, 10_000); err == nil || !strings.Contains(err.Error(), "more than 10000 bytes") {
		t.Errorf("an endless pipe: %v", err)
	}
}
