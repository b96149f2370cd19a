package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// networkOf names the file system of another machine that a folder is on; "" for none.
func networkOf(dir string) string {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return "" // what is wrong with the folder is said by who writes to it
	}
	mounts := ""
	if uint32(s.Type) == magicFUSE {
		text, _ := os.ReadFile("/proc/self/mountinfo") // without it nothing is known against the folder
		mounts = string(text)
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return networkBy(uint32(s.Type), dir, mounts)
}

// networkBy decides by the magic number of a folder's file system and, for FUSE, by
// the lines of /proc/self/mountinfo.
func networkBy(magic uint32, dir, mounts string) string {
	if name, ok := networks[magic]; ok {
		return name
	}
	if magic != magicFUSE {
		return ""
	}
	if name := mountType(dir, mounts); networkFUSE[name] {
		return name
	}
	return ""
}

// mountType gives the type of the file system that a folder is on: that of the
// longest mount point above it, the last one where there are several.
func mountType(dir, mounts string) string {
	longest, kind := -1, ""
	for line := range strings.Lines(mounts) {
		before, after, ok := strings.Cut(line, " - ")
		fields, types := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || len(types) < 1 {
			continue
		}
		point := unescape(fields[4])
		below := point == "/" || dir == point || strings.HasPrefix(dir, point+"/")
		if below && len(point) >= longest {
			longest, kind = len(point), types[0]
		}
	}
	return kind
}

// unescape turns the octal escapes of blanks in mountinfo back.
func unescape(s string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(s)
}

// writable says why an existing file cannot be written, without opening it.
func writable(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return fmt.Errorf("%s is a directory", path)
	}
	if err == nil {
		err = unix.Access(path, unix.W_OK)
	}
	if err != nil {
		return &os.PathError{Op: "write", Path: path, Err: err}
	}
	return nil
}
