package cost

import (
	"io/fs"
	"iter"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// groupFiles are the names of the files of one version of control groups.
type groupFiles struct {
	controller                     string // as in /proc/self/cgroup
	root, most, used, files, kills string
}

// groups are the two versions of control groups.
var groups = []groupFiles{
	{"", "sys/fs/cgroup", "memory.max", "memory.current", "inactive_file", "memory.events.local"},
	{"memory", "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "memory.oom_control"},
}

// groupDirs gives the directories of the control groups that limit the memory of this process: one of each version.
func groupDirs(machine fs.FS) iter.Seq2[groupFiles, string] {
	return func(yield func(groupFiles, string) bool) {
		for line := range strings.Lines(read(machine, "proc/self/cgroup")) {
			parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
			for _, g := range groups {
				if len(parts) == 3 && slices.Contains(strings.Split(parts[1], ","), g.controller) &&
					!yield(g, path.Join(g.root, parts[2])) {
					return
				}
			}
		}
	}
}

// FreeMemory says how many bytes can be used before the machine swaps, or the
// limit of a control group that this process is in ends it; 0 where that cannot
// be found out.
func FreeMemory(machine fs.FS) int64 {
	free := int64(math.MaxInt64)
	if kB, ok := field(read(machine, "proc/meminfo"), "MemAvailable:"); ok {
		free = kB * 1024
	}
	for g, dir := range groupDirs(machine) {
		for ; strings.HasPrefix(dir, g.root); dir = path.Dir(dir) {
			most, err := strconv.ParseInt(read(machine, path.Join(dir, g.most)), 10, 64)
			if err != nil { // no limit ("max"), or no such group to be seen from here
				continue
			}
			used, _ := strconv.ParseInt(read(machine, path.Join(dir, g.used)), 10, 64)
			files, _ := field(read(machine, path.Join(dir, "memory.stat")), g.files) // which are given back
			free = min(free, max(1, most-used+files))
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
