package cli

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"nightshift/internal/store"
)

// A process elsewhere that goes on giving signs of life is still there; one that does not for a lease is not, and neither
// is one of this machine whose number nobody has.
func TestStillAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const lease = 200 * time.Millisecond
		db, err := store.Open(filepath.Join(t.TempDir(), "a.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		register := func() {
			far := store.Owner{ID: "far", Host: "elsewhere", PID: 7, Start: "a b 1", Seen: time.Now()}
			if err := db.Register(t.Context(), far); err != nil {
				t.Error(err)
			}
		}
		register()
		if other, err := stillAlive(t.Context(), db, lease); other != nil || err != nil {
			t.Errorf("%v is alive, %v", other, err)
		}
		over, ended := make(chan struct{}), make(chan struct{})
		register()
		go func() {
			defer close(ended)
			for {
				select {
				case <-over:
					return
				case <-time.After(lease / 20):
					register()
				}
			}
		}()
		other, err := stillAlive(t.Context(), db, lease)
		close(over)
		<-ended
		if err != nil || other == nil || other.PID != 7 {
			t.Errorf("%v is alive, %v", other, err)
		}
	})
}
