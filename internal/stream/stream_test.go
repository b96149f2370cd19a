package stream

import (
	"math/rand/v2"
	"testing"
)

// The FNV-1a hashes are those of the reference tables of its authors (Fowler,
// Noll, Vo: test vectors of fnv64a).
func TestStreamsAreKeyedByPurposeAndSeed(t *testing.T) {
	for purpose, hash := range map[string]uint64{"a": 0xaf63dc4c8601ec8c, "foobar": 0x85944171f73967e8} {
		want := rand.NewPCG(7, hash)
		got := New(purpose, 7)
		for range 3 {
			if g, w := got.Uint64(), want.Uint64(); g != w {
				t.Errorf("%s: %x, want %x", purpose, g, w)
			}
		}
	}
	first := func(purpose string, seed uint64) uint64 { return New(purpose, seed).Uint64() }
	if first("init", 1) == first("order", 1) || first("init", 1) == first("init", 2) {
		t.Error("two streams are the same")
	}
}
