package store

import (
	"os"
	"path/filepath"
	"testing"
)

// What is saved is what the night has written, also where another database has its name, and where no connection of the pool is
// left that was made before.
func TestSaveAsWhatWasOpened(t *testing.T) {
	dir := t.TempDir()
	path, saved := filepath.Join(dir, "night.db"), filepath.Join(dir, "saved.db")
	for _, other := range []bool{false, true} {
		db := openAt(t, path)
		check(t, db.PutStudy(t.Context(), Study{Study: "ours", At: evening}, nil, nil))
		place, err := db.Place(t.Context(), path)
		check(t, err)
		check(t, os.Remove(path))
		if other {
			empty, err := emptyFile()
			check(t, err)
			check(t, os.WriteFile(path, empty, 0o666))
		}
		db.sql.SetMaxIdleConns(0)
		check(t, place.SaveAs(t.Context(), saved))
		studies, err := openAt(t, saved).Studies(t.Context())
		if err != nil || len(studies) != 1 || studies[0].Study != "ours" {
			t.Errorf("another in its place %v: saved %v, %v", other, studies, err)
		}
		check(t, place.Close())
		for _, name := range []string{path, path + "-wal", path + "-shm", saved} {
			os.Remove(name)
		}
	}
}
