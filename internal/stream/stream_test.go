package stream

import (
	"math/rand/v2"
	"slices"
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

func TestShuffleIsThatOfTheLibrary(t *testing.T) {
	got, want := Source("order", 3), Source("order", 3)
	a, b := make([]int, 1792), make([]int, 1792)
	for i := range a {
		a[i], b[i] = i, i
	}
	for n := range len(a) {
		Shuffle(got, a[:n])
		rand.New(want).Shuffle(n, func(i, j int) { b[i], b[j] = b[j], b[i] })
	}
	if !slices.Equal(a, b) || *got != *want {
		t.Error("the order or what is left of the generator is not that of math/rand/v2")
	}
	for range 1000 { // limits that reject about half of the generator's numbers
		if g, w := below(got, 1<<63+1), rand.New(want).Uint64N(1<<63+1); g != w {
			t.Fatalf("%d, the library says %d", g, w)
		}
	}
}
