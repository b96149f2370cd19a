package store

import (
	"errors"
	"fmt"
)

// Journal is how SQLite keeps a database whole while it is written.
type Journal string

// The journals.
const (
	AutoJournal     Journal = "auto"     // WAL on a disk of this machine, rollback on a file system of another
	WALJournal      Journal = "wal"      // any number of processes of one machine, which agree through shared memory
	RollbackJournal Journal = "rollback" // file locks only: slower, and readers and the writer wait for each other
)

// ErrNetworkFS refuses a write-ahead log on a file system of another machine: the processes that share a
// database agree through memory that does not reach across a network.
var ErrNetworkFS = errors.New("the folder is on a network file system, where a write-ahead log would not be safe")

// ParseJournal reads the name of a journal.
func ParseJournal(name string) (Journal, error) {
	switch j := Journal(name); j {
	case AutoJournal, WALJournal, RollbackJournal:
		return j, nil
	}
	return "", fmt.Errorf("no journal %q; there are %s (by the file system), %s and %s", name, AutoJournal, WALJournal,
		RollbackJournal)
}

// on is the journal for a file system of another machine, or for one of this ("").
func (j Journal) on(network string) (Journal, error) {
	switch {
	case j == WALJournal && network != "":
		return "", fmt.Errorf("%w (%s): leave --journal out, or name a database on a local disk with --db, of which --copy-to keeps a "+
			"copy here", ErrNetworkFS, network)
	case j == AutoJournal && network != "":
		return RollbackJournal, nil
	case j == AutoJournal:
		return WALJournal, nil
	}
	return j, nil
}

// pragmas of a connection that writes.
func (j Journal) pragmas() string {
	if j == RollbackJournal { // with NORMAL a power cut at the wrong moment may damage the file
		return "_pragma=journal_mode(DELETE)&_pragma=synchronous(FULL)"
	}
	return "_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
}
