package runner

import (
	gauges "runtime/metrics"
	"testing"
)

func TestGarbageWaitsBesideLittleMemory(t *testing.T) {
	percent := func() uint64 {
		s := []gauges.Sample{{Name: "/gc/gogc:percent"}}
		gauges.Read(s)
		return s[0].Value.Uint64()
	}
	t.Setenv("GOGC", "")
	before := percent()
	for inUse, want := range map[int64]uint64{5 << 20: 320, 8 << 20: 200, 1 << 30: before} {
		end := collectSeldom(inUse)
		if got := percent(); got != want {
			t.Errorf("beside %d bytes GOGC is %d, not %d", inUse, got, want)
		}
		if end(); percent() != before {
			t.Errorf("afterwards it is %d, not %d", percent(), before)
		}
	}
	t.Setenv("GOGC", "50")
	end := collectSeldom(1)
	defer end()
	if percent() != before {
		t.Error("the user's GOGC does not count")
	}
}
