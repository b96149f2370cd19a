//go:build !unix

package store

// fileSizeLimit is how large files of this process may become; false where there is no limit.
func fileSizeLimit() (bytes uint64, limited bool) { return 0, false }
