package cost

import (
	"math"
	"runtime/debug"
	gauges "runtime/metrics"
	"testing"
)

func TestCollectSeldom(t *testing.T) {
	percent := func() uint64 {
		s := []gauges.Sample{{Name: "/gc/gogc:percent"}}
		gauges.Read(s)
		return s[0].Value.Uint64()
	}
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for _, c := range []struct {
		gogc      string
		needed    float64
		low, high uint64
	}{{"50", 0, 100, 100}, {"", 1 << 30, 100, 100}, {"", 2 * math.MaxInt64, 100, 100}, {"", 8 << 20, 110, 200}, {"", 0, 201, 400}} {
		t.Setenv("GOGC", c.gogc)
		end := CollectSeldom(c.needed)
		if percent() < c.low || percent() > c.high {
			t.Errorf("GOGC %q, %g bytes needed: %d %%, want %d to %d", c.gogc, c.needed, percent(), c.low, c.high)
		}
		if end(); percent() != 100 {
			t.Errorf("afterwards it is %d %%", percent())
		}
	}
}
