package cost

import (
	"testing"
	"testing/fstest"
)

// The files are as Linux shows them (proc(5), cgroups(7), and the kernel's documentation of both versions of control groups).
func TestFreeMemory(t *testing.T) {
	machine := func(more map[string]string) fstest.MapFS {
		files := fstest.MapFS{"proc/meminfo": {Data: []byte("MemTotal:       8000000 kB\nMemFree:          100000 kB\nMemAvailable:    4000000 kB\n")}}
		for name, text := range more {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		return files
	}
	for name, c := range map[string]struct {
		machine fstest.MapFS
		want    int64
	}{
		"not Linux": {fstest.MapFS{}, 0},
		"machine":   {machine(nil), 4000000 * 1024},
		"no limit": {machine(map[string]string{
			"proc/self/cgroup": "0::/user.slice\n", "sys/fs/cgroup/user.slice/memory.max": "max\n",
			"sys/fs/cgroup/user.slice/memory.current": "5\n",
		}), 4000000 * 1024},
		"limit": {machine(map[string]string{
			"proc/self/cgroup": "1:cpu:/x\n0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "1000000\n",
			"sys/fs/cgroup/a/b/memory.current": "700000\n",
			"sys/fs/cgroup/a/b/memory.stat":    "anon 600000\ninactive_file 50000\n",
		}), 350000},
		"limit above": {machine(map[string]string{
			"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "max\n",
			"sys/fs/cgroup/a/memory.max": "900000\n", "sys/fs/cgroup/a/memory.current": "100000\n",
		}), 800000},
		"first version": {machine(map[string]string{
			"proc/self/cgroup": "9:cpuset:/\n4:cpu,memory:/a\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "700000\n",
			"sys/fs/cgroup/memory/a/memory.usage_in_bytes": "100000\n",
			"sys/fs/cgroup/memory/a/memory.stat":           "inactive_file 1\ntotal_inactive_file 1000\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":   "9223372036854771712\n",
		}), 601000},
		"container": {machine(map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "600000\n",
			"sys/fs/cgroup/memory.current": "600001\n"}), 1},
	} {
		if got := FreeMemory(c.machine); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
