// Package stream makes the random generators of a run.
//
// Every purpose (drawing a training set, initial weights, shuffling, ...) has a
// generator of its own, keyed by the purpose's name and a seed. Adding a new
// purpose therefore never moves the numbers that another one draws, and runs
// that share a seed are paired.
package stream

import (
	"hash/fnv"
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
