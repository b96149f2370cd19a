package runner

import (
	"bufio"
	"cmp"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// Version of the program.
const Version = "0.1.0"

// Provenance returns the version of this program and the hardware and operating system of this machine. What cannot be found
// out is left empty, except for the commit, which is store.UnknownCommit then.
func Provenance() store.Provenance {
	p := store.Provenance{
		Version: Version,
		Commit:  store.UnknownCommit,
		Go:      runtime.Version(),
		OS:      runtime.GOOS + "/" + runtime.GOARCH,
		CPU:     cpu(),
		Kernel:  mlp.Kernel(),
	}
	p.Host, _ = os.Hostname()
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return p
	}
	for _, s := range build.Settings {
		switch s.Key {
		case "vcs.revision":
			p.Commit = s.Value
		case "vcs.modified":
			p.Dirty = s.Value == "true"
		}
	}
	return p
}

// cpu names the processor as Linux does, elsewhere by its architecture.
func cpu() string {
	var model string
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		defer f.Close()
		for lines := bufio.NewScanner(f); model == "" && lines.Scan(); {
			if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
				model = strings.TrimSpace(value)
			}
		}
	}
	return cmp.Or(model, runtime.GOARCH)
}
