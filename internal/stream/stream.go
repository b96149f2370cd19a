// Package stream makes the random generators of a run.
//
// Every purpose (drawing a training set, initial weights, shuffling, ...) has a
// generator of its own, keyed by the purpose's name and a seed. Adding a new
// purpose therefore never moves the numbers that another one draws, and runs
// that share a seed are paired.
package stream

import (
	"hash/fnv"
	"math/bits"
	"math/rand/v2"
)

// New returns the generator of a purpose for a seed: PCG with the seed and the
// FNV-1a hash of the purpose as its state. The same arguments give the same
// numbers on every machine.
func New(purpose string, seed uint64) *rand.Rand {
	return rand.New(Source(purpose, seed))
}

// Source is the generator behind New, for those who have to save its state.
func Source(purpose string, seed uint64) *rand.PCG {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	return rand.NewPCG(seed, h.Sum64())
}

// Shuffle brings v into the order that rand.Rand's Shuffle would, with the same numbers of the generator, in half of its time:
// small networks notice.
func Shuffle[T any](g *rand.PCG, v []T) {
	for i := len(v) - 1; i > 0; i-- {
		j := below(g, uint64(i+1))
		v[i], v[j] = v[j], v[i]
	}
}

// below is a number from 0 to n-1 (Lemire 2019, as in math/rand/v2).
func below(g *rand.PCG, n uint64) uint64 {
	if n&(n-1) == 0 {
		return g.Uint64() & (n - 1)
	}
	hi, lo := bits.Mul64(g.Uint64(), n)
	if lo < n {
		for least := -n % n; lo < least; {
			hi, lo = bits.Mul64(g.Uint64(), n)
		}
	}
	return hi
}
