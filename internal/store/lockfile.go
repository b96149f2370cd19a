package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// lockFile is a file that only one process can make, also on a network file system without locks.
type lockFile struct{ path, token string }

// lock waits until this process has made the file. One that stays the same for as long as patience is of a process that has died,
// and is removed.
func lock(ctx context.Context, path string, patience time.Duration) (lockFile, error) {
	host, _ := os.Hostname()
	mine := lockFile{path, fmt.Sprintf("%s %d %s\n", host, os.Getpid(), rand.Text())}
	theirs, since := "", time.Now()
	for {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil {
			_, err = f.WriteString(mine.token)
			return mine, errors.Join(err, f.Close())
		}
		if !errors.Is(err, fs.ErrExist) {
			return mine, err
		}
		text, err := os.ReadFile(path)
		switch now := string(text); {
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return mine, err
		case now != theirs:
			theirs, since = now, time.Now()
		case time.Since(since) > patience:
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return mine, err
			}
		}
		select {
		case <-ctx.Done():
			return mine, fmt.Errorf("another process (%.80q in %s) is at it: %w", theirs, path, ctx.Err())
		case <-time.After(min(100*time.Millisecond, patience)):
		}
	}
}

// held says whether nobody has taken the lock for that of a dead process.
func (l lockFile) held() bool {
	text, err := os.ReadFile(l.path)
	return err == nil && string(text) == l.token
}

// release gives the lock back.
func (l lockFile) release() error {
	if !l.held() {
		return nil
	}
	return os.Remove(l.path)
}
