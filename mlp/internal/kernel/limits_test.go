package kernel

import (
	"math/rand/v2"
	"testing"
)

// The loops that say what a processor can do stay within their memory and count what they do.
func TestLimits(t *testing.T) {
	if n := MultiplyAdds(3); n <= 0 || MultiplyAdds(6) != 2*n {
		t.Errorf("%v operations", n)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 191, 192, 500} {
		x, all := guarded[float32](r, n)
		read, written := Read(x), 0
		if written = Write(x); read != written || read > 4*n || n-read/4 >= 192 {
			t.Errorf("%d bytes are read and %d written of %d numbers", read, written, n)
		}
		intact(t, "write", n, all)
		for i, v := range x[:written/4] {
			if v != x[0] {
				t.Fatalf("number %d of %d is %v, not %v", i, n, v, x[0])
			}
		}
	}
}
