package store

import (
	"path/filepath"
	"testing"
)

// A statement that has not ended would keep the log when the database is closed.
func TestReadingEpochsLeavesNoLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	empty(t, path)
	db := openAt(t, path)
	r := result(planned("aa11", "0.1"))
	check(t, db.PutStudy(t.Context(), Study{Study: "s", YAML: "study: s\n"}, []Run{r.Run}, nil))
	check(t, db.Finish(t.Context(), r))
	read := 0
	check(t, db.EpochsOf(t.Context(), [][]string{{"aa11"}, {"aa11"}}, func(_ int, all map[string][]Epoch, _ []string) error {
		read += len(all["aa11"])
		return nil
	}))
	check(t, db.Close())
	if read != 2*len(r.Epochs) || hasLog(path) {
		t.Errorf("%d epochs of %d were read, log left: %v", read, 2*len(r.Epochs), hasLog(path))
	}
}

// A run that somebody trains while those of other groups are read has the epochs and the checksum of one moment.
func TestReadingEpochsWhileTraining(t *testing.T) {
	db := open(t)
	r := result(planned("aa11", "0.1"))
	pruned := r
	pruned.Run.Status, pruned.Epochs = Pruned, r.Epochs[:1]
	check(t, db.Finish(ctx, pruned))
	check(t, db.EpochsOf(ctx, [][]string{{}, {"aa11"}}, func(group int, all map[string][]Epoch, changed []string) error {
		if group == 0 {
			return db.Finish(ctx, r)
		}
		equal(t, "changed epochs", changed, []string(nil))
		equal(t, "epochs", all["aa11"], r.Epochs)
		return nil
	}))
}
