//go:build race

package store

// raced says that the race detector is at work, under which SQLite takes twenty
// times as long: properties that no goroutines have to do with are drawn less often.
const raced = true
