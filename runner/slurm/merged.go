package slurm

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"nightshift/internal/file"
)

// BeginMerge notes that a job begins to merge what tasks have copied back, by the time of the file system, as copies have it. The
// function that it returns notes that it is done. Its error is that of either: a merge does not need them.
func (f Folder) BeginMerge(job int) (done func() error) {
	begun := filepath.Join(string(f), "merging-"+strconv.Itoa(job))
	err := file.Replace(begun, nil)
	return func() error {
		if err == nil {
			err = os.Rename(begun, f.merged())
		}
		if err == nil || errors.Is(err, fs.ErrNotExist) { // the job runs twice, and the other one was faster
			return nil
		}
		return fmt.Errorf("what is merged could not be noted: %w", err)
	}
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
