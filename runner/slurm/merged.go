package slurm

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"nightshift/internal/file"
)

// BeginMerge notes that a job begins to merge what tasks have copied back. The function that it returns notes that it is done.
// Both times are those of the file system, as are those of the copies.
func (f Folder) BeginMerge(job int) (done func() error, err error) {
	begun := filepath.Join(string(f), "merging-"+strconv.Itoa(job))
	if err := file.Replace(begun, nil); err != nil {
		return nil, fmt.Errorf("when the merge begins: %w", err)
	}
	return func() error {
		if err := os.Rename(begun, f.merged()); err != nil {
			return fmt.Errorf("when the merge began: %w", err)
		}
		return nil
	}, nil
}

// merged is a file with the time at which the last merge began that came to its end.
func (f Folder) merged() string { return filepath.Join(string(f), "merged") }

// Merged says whether a merge has come to its end that began when everything was copied back.
func (f Folder) Merged(s Submission) bool {
	var began time.Time
	if info, err := os.Stat(f.merged()); err == nil {
		began = info.ModTime()
	}
	for b, batch := range s.Batches {
		for t := range batch.Tasks {
			if info, err := os.Stat(f.Database(b+1, t+1)); err == nil && info.ModTime().After(began) {
				return false
			}
		}
	}
	return true
}
