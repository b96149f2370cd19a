//go:build race

// Package race says whether the race detector is in the program, which makes it
// many times slower: a test of one goroutine proves nothing more with it.
package race

// Enabled says whether it is.
const Enabled = true
