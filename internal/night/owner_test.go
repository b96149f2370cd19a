package night

import (
	"os"
	"strings"
	"testing"
	"time"

	"nightshift/internal/store"
)

func TestAlive(t *testing.T) {
	host, start := Self()
	if start == "" {
		t.Skip("no /proc")
	}
	fields := strings.Fields(start)
	now := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	fresh, old := now.Add(-time.Minute), now.Add(-time.Minute-time.Second)
	for _, test := range []struct {
		what  string
		owner store.Owner
		want  bool
	}{
		{"this process", store.Owner{Host: host, PID: os.Getpid(), Start: start, Seen: old}, true},
		{"its pid, another start", store.Owner{Host: host, PID: os.Getpid(), Start: start + "1", Seen: fresh}, false},
		{"no such pid", store.Owner{Host: host, PID: 1 << 30, Start: start, Seen: fresh}, false},
		{"before the machine was booted", store.Owner{Host: host, PID: os.Getpid(), Start: "boot" + start, Seen: fresh}, false},
		{"another namespace, seen", store.Owner{Host: host, PID: 1 << 30, Start: fields[0] + " pid:[1] " + fields[2],
			Seen: fresh}, true},
		{"another namespace, not seen", store.Owner{Host: host, PID: 1 << 30, Start: fields[0] + " pid:[1] " + fields[2],
			Seen: old}, false},
		{"another host, seen", store.Owner{Host: host + "2", PID: 1 << 30, Start: start, Seen: fresh}, true},
		{"another host, not seen", store.Owner{Host: host + "2", PID: 1 << 30, Start: start, Seen: old}, false},
		{"nothing known, seen", store.Owner{Host: host, PID: os.Getpid(), Seen: fresh}, true},
	} {
		if got := alive(test.owner, host, start, now, time.Minute); got != test.want {
			t.Errorf("%s: %v", test.what, got)
		}
	}
}
