package runner

import (
	"runtime"
	"testing"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// A run that is being trained says by whom.
func TestRunningHasItsProvenance(t *testing.T) {
	db := openDB(t)
	s := studyOf("s", 1, small(t, "xor"))
	by := store.Provenance{Version: "1.2", Host: "here", Kernel: "plain"}
	var seen store.Run
	_, err := Night(ctx, db, []Study{s}, Options{Provenance: by, start: script(func(_ mlp.Config, _ mlp.Seeds, epoch int) {
		for epoch == 1 && seen.Status != store.Running {
			var err error
			if seen, err = db.Run(ctx, s.Runs[0].ID); err != nil {
				t.Error(err)
				return
			}
			runtime.Gosched()
		}
	})})
	check(t, err)
	if seen.Provenance != by || seen.Started.IsZero() {
		t.Errorf("%+v", seen)
	}
}
