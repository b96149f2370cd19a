package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Mirror keeps a copy of a database that is being written in another file, such as one on a network file system: it is whole at
// every moment, and never holds less than it did, whoever else has a mirror there. A copy is open in no process, so that
// reading it takes nothing but its file.
type Mirror struct {
	path, to string      // of the database, and of its copy
	last     fs.FileInfo // of the copy when the database held all of it; nil for never
	patience time.Duration
}

// lockPatience is how long a lock may stay the same before whoever made it is taken for dead: far longer than one is held.
const lockPatience = 2 * time.Minute

// NewMirror is that of the database at a path, which need not be there yet, to a file.
func NewMirror(path, to string) (*Mirror, error) {
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder; name a file in it that the database is copied to", to)
	}
	here, err := os.Stat(path)
	if err == nil {
		if there, err := os.Stat(to); err == nil && os.SameFile(here, there) {
			return nil, fmt.Errorf("%s is the database itself; name another file that it is copied to", to)
		}
	}
	for _, dir := range []string{filepath.Dir(path), filepath.Dir(to)} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return nil, fmt.Errorf("folder for the database: %w", err)
		}
	}
	return &Mirror{path: path, to: to, patience: lockPatience}, nil
}

// Restore makes the database what its copy is, where there is a copy and no database.
func (m *Mirror) Restore() error {
	if _, err := os.Lstat(m.path); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	mine := temporary(m.path)
	defer remove(mine)
	last, err := m.fetch(mine)
	if err != nil || last == nil {
		return err
	}
	if err := os.Link(mine, m.path); err != nil {
		if errors.Is(err, fs.ErrExist) { // another process has begun meanwhile
			return nil
		}
		return fmt.Errorf("beginning from %s: %w", m.to, err)
	}
	m.last = last
	return nil
}

// Adopt merges what the copy holds into the database, unless it came from there.
func (m *Mirror) Adopt(ctx context.Context, db *DB) error {
	if m.last != nil {
		return nil
	}
	local := temporary(m.path)
	defer remove(local)
	last, err := m.fetch(local)
	if err != nil || last == nil {
		return err
	}
	if _, err := Merge(ctx, db, local, nil); err != nil {
		return err
	}
	m.last = last
	return nil
}

// fetch copies the copy to a local file, and says what it was; nil where there is none.
func (m *Mirror) fetch(local string) (fs.FileInfo, error) {
	before, err := os.Stat(m.to)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = copyFile(m.to, local)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", m.to, err)
	}
	return before, nil
}

// Update brings the copy to what the database holds. What the copy holds beyond that, because another process has a mirror
// there, stays in it.
func (m *Mirror) Update(ctx context.Context, db *DB) error {
	mine := temporary(m.path)
	defer remove(mine)
	if err := db.copyTo(ctx, mine); err != nil {
		return fmt.Errorf("copying the database to %s: %w", m.to, err)
	}
	l, err := lock(ctx, m.to+".lock", m.patience)
	if err != nil {
		return fmt.Errorf("copying the database to %s: %w", m.to, err)
	}
	return errors.Join(m.put(ctx, mine, l.held), l.release())
}

// put replaces the copy by a file, which gets what it has not of the copy.
func (m *Mirror) put(ctx context.Context, mine string, held func() bool) error {
	alone := false // whether the copy is what the database holds and nothing else
	switch now, err := os.Stat(m.to); {
	case errors.Is(err, fs.ErrNotExist), err == nil && m.last != nil && sameState(now, m.last):
		alone = true
	case err != nil:
		return fmt.Errorf("copy of the database: %w", err)
	default:
		db, err := OpenWith(mine, RollbackJournal)
		if err != nil {
			return err
		}
		other := Mirror{path: mine, to: m.to}
		if err := errors.Join(other.Adopt(ctx, db), db.Close()); err != nil {
			return fmt.Errorf("%s holds something else and is not replaced: %w", m.to, err)
		}
	}
	now, err := replace(mine, m.to, held)
	if err != nil {
		return fmt.Errorf("copying the database to %s: %w", m.to, err)
	}
	if m.last = nil; alone {
		m.last = now
	}
	return nil
}

// sameState says whether a file is the one that it was, and was not written since.
func sameState(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// copyTo writes what the database holds at one moment to a new file, in which nobody holds a run.
func (db *DB) copyTo(ctx context.Context, path string) error {
	if _, err := db.sql.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return fault(err)
	}
	snapshot, err := OpenWith(path, RollbackJournal)
	if err != nil {
		return err
	}
	owners, err := snapshot.Owners(ctx)
	if err == nil && len(owners) > 0 {
		ids := make([]string, len(owners))
		for i, o := range owners {
			ids[i] = o.ID
		}
		err = snapshot.Forget(ctx, ids...)
	}
	return errors.Join(err, snapshot.Close())
}

// temporary names a new file beside a path.
func temporary(path string) string { return path + ".tmp-" + rand.Text()[:10] }

func remove(path string) {
	os.Remove(path)
	os.Remove(path + "-journal")
}

// copyFile copies a file as a whole. One that is replaced meanwhile is read once more: on a network file system what was opened
// may be gone.
func copyFile(from, to string) (err error) {
	for range 3 {
		if err = copyOnce(from, to); err == nil || errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return err
}

func copyOnce(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// replace puts a copy of a file into the place of another in one step, if that is allowed at the last moment, and says what is
// there then.
func replace(from, to string, allowed func() bool) (fs.FileInfo, error) {
	far := temporary(to)
	defer os.Remove(far)
	if err := copyFile(from, far); err != nil {
		return nil, err
	}
	if !allowed() {
		return nil, errors.New("another process has taken this one's lock, which waited for too long; the next copy holds all of it")
	}
	if err := os.Rename(far, to); err != nil {
		return nil, err
	}
	return os.Stat(to)
}
