package cost

import (
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// groups are the two versions of control groups, with the names of their files.
var groups = []struct {
	controller              string // as in /proc/self/cgroup
	root, most, used, files string
}{
	{"", "sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"},
	{"memory", "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"},
}

// FreeMemory says how many bytes can be used before the machine swaps, or the
// limit of a control group that this process is in ends it; 0 where that cannot
// be found out.
func FreeMemory(machine fs.FS) int64 {
	free := int64(math.MaxInt64)
	if kB, ok := field(read(machine, "proc/meminfo"), "MemAvailable:"); ok {
		free = kB * 1024
	}
	for line := range strings.Lines(read(machine, "proc/self/cgroup")) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		for _, g := range groups {
			if len(parts) < 3 || !slices.Contains(strings.Split(parts[1], ","), g.controller) {
				continue
			}
			for dir := path.Join(g.root, parts[2]); strings.HasPrefix(dir, g.root); dir = path.Dir(dir) {
				most, err := strconv.ParseInt(read(machine, path.Join(dir, g.most)), 10, 64)
				if err != nil { // no limit ("max"), or no such group to be seen from here
					continue
				}
				used, _ := strconv.ParseInt(read(machine, path.Join(dir, g.used)), 10, 64)
				files, _ := field(read(machine, path.Join(dir, "memory.stat")), g.files) // which are given back
				free = min(free, max(1, most-used+files))
			}
		}
	}
	if free == math.MaxInt64 {
		return 0
	}
	return free
}

// read gives the text of a small file; "" where there is none.
func read(machine fs.FS, name string) string {
	text, err := fs.ReadFile(machine, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// field gives the number behind a name at the beginning of a line.
func field(text, name string) (int64, bool) {
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == name {
			n, err := strconv.ParseInt(words[1], 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}
