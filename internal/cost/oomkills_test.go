package cost

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// machineDir is a directory with files as Linux shows them: memory.events.local and memory.oom_control are those of the kernel's
// documentation of both versions of control groups.
func machineDir(t *testing.T, files map[string]string) (dir string, machine fs.FS) {
	t.Helper()
	dir = t.TempDir()
	write(t, dir, files)
	return dir, os.DirFS(dir)
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// Processes of others that were ended because memory ran out say nothing of one in a control group of its own; where the group
// is gone, or another one has its name, those of the machine are all that is known.
func TestOOMKills(t *testing.T) {
	const first = "sys/fs/cgroup/a b/memory.events.local"
	for _, c := range []struct {
		what          string
		before, after map[string]string
		want          bool
	}{
		{"nothing", map[string]string{"proc/vmstat": "oom_kill 7\n"}, nil, false},
		{"machine", map[string]string{"proc/vmstat": "nr 1\noom_kill 7\n"}, map[string]string{"proc/vmstat": "oom_kill 8\n"}, true},
		{"others", map[string]string{"proc/vmstat": "oom_kill 7\n", "proc/self/cgroup": "0::/a b\n", first: "oom 0\noom_kill 1\n"},
			map[string]string{"proc/vmstat": "oom_kill 8\n"}, false},
		{"group", map[string]string{"proc/vmstat": "oom_kill 7\n", "proc/self/cgroup": "0::/a b\n", first: "oom 0\noom_kill 1\n"},
			map[string]string{"proc/vmstat": "oom_kill 8\n", first: "oom_kill 2\n"}, true},
		{"seen from another group", map[string]string{"proc/vmstat": "oom_kill 7\n", "proc/self/cgroup": "0::/a b\n", first: "oom_kill 1\n"},
			map[string]string{"proc/vmstat": "oom_kill 8\n", "proc/self/cgroup": "0::/c\n"}, false},
		{"version 1", map[string]string{"proc/vmstat": "oom_kill 7\n", "proc/self/cgroup": "4:memory:/x\n0::/\n",
			"sys/fs/cgroup/memory/x/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n"},
			map[string]string{"proc/vmstat": "oom_kill 8\n"}, false},
		{"group gone", map[string]string{"proc/vmstat": "oom_kill 7\n", "proc/self/cgroup": "0::/a b\n", first: "oom_kill 1\n"},
			map[string]string{"proc/vmstat": "oom_kill 8\n", first: ""}, true},
	} {
		dir, machine := machineDir(t, c.before)
		counted, ok := CountOOMKills(machine)
		kills, err := ParseOOMKills(counted.String())
		if !ok || err != nil || kills != counted {
			t.Errorf("%s: %v is read as %v, %v (%v)", c.what, counted, kills, err, ok)
		}
		write(t, dir, c.after)
		if got := kills.More(machine); got != c.want {
			t.Errorf("%s: more: %v", c.what, got)
		}
	}
}

// A control group that was made anew under the same name counts from 0 and says nothing of the one before.
func TestOOMKillsOfGroupMadeAnew(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there are control groups on Linux only")
	}
	group := map[string]string{"sys/fs/cgroup/a/memory.events.local": "oom_kill 0\n"}
	dir, machine := machineDir(t, map[string]string{"proc/vmstat": "oom_kill 7\n", "proc/self/cgroup": "0::/a\n"})
	write(t, dir, group)
	before, _ := CountOOMKills(machine)
	if err := os.Rename(filepath.Join(dir, "sys/fs/cgroup/a"), filepath.Join(dir, "before")); err != nil {
		t.Fatal(err)
	}
	write(t, dir, group)
	write(t, dir, map[string]string{"proc/vmstat": "oom_kill 8\n"})
	if !before.More(machine) {
		t.Error("the group that is there now speaks for the one before")
	}
}

func TestParseOOMKills(t *testing.T) {
	for _, text := range []string{"", "7", "a,0,0,", "1,b,0,", "1,2,-3,", "1,2,3", "1,2,3,%zz"} {
		if got, err := ParseOOMKills(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}
