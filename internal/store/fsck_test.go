package store

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// tensors is a safetensors file of one float32, made by hand.
func tensors(value byte) []byte {
	header := `{"__metadata__":{"run":"aa"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(file, header...), value, 0, 0, 0)
}

// damage is something that goes wrong in a database with the runs "done" and "running".
type damage struct {
	sql   string
	run   string // that the finding is about
	says  string
	safe  bool   // to repair
	after Status // of the run
}

// Each kind of damage is found, as what it is, and what is safe to repair is clean afterwards.
func TestCheckAndRepair(t *testing.T) {
	for name, d := range map[string]damage{
		"nothing":            {},
		"no epochs":          {`DELETE FROM epoch WHERE run = 1`, "done", "missing", true, Pending},
		"epoch missing":      {`DELETE FROM epoch WHERE run = 1 AND epoch = 1`, "done", "missing", true, Pending},
		"running, unclaimed": {`DELETE FROM claim`, "running", "no process", true, Interrupted},
		"weights changed":    {`UPDATE weight SET digest = 'ab'`, "done", "not those", true, Done},
		"claim of no run":    {`INSERT INTO claim VALUES (99, 1, '')`, "", "table claim without their run: 1", true, ""},
		"another's identity": {`UPDATE cell SET id = 'of someone', checksum = NULL WHERE key = 1`, "done", "run someone", true, ""},
		"no identity":        {`UPDATE cell SET label = 'unknown', checksum = NULL WHERE key = 1`, "done", "no such key", false, ""},
		"configuration":      {`UPDATE cell SET config = '{}' WHERE key = 1`, "", "configuration of cell of done", true, Done},
		"night":              {`UPDATE night SET forecast = 7`, "", "night of study s", true, Done},
		"study":              {`UPDATE study SET question = 'Why not?'`, "", "study s: not what was written", true, Done},
		"members missing":    {`DELETE FROM member`, "", "members of study s are missing", true, Done},
		"member elsewhere": {`UPDATE member SET position = 5; UPDATE version SET members = NULL`, "done", "place in study s", true,
			Done},
		"place":            {`UPDATE place SET label = 'elsewhere'`, "", "place of cell elsewhere", true, Done},
		"data set":         {`UPDATE dataset SET outputs = 7`, "", "data set d", true, Done},
		"no maker":         {`DELETE FROM maker WHERE key = 1`, "", "run without their maker: 1", true, Done},
		"no configuration": {`DELETE FROM cell WHERE key = 1`, "", "run without their cell: 1", true, Done},
		"a view":           {`DROP VIEW epochs; CREATE VIEW epochs AS SELECT 1`, "", "view epochs", true, Done},
		"no metrics": {
			`UPDATE run SET train_loss = NULL, valid_loss = NULL, test_loss = NULL WHERE id = 'done'`,
			"done", "missing", true, Pending,
		},
		"weights cut off": {
			`UPDATE weight SET tensors = substr(tensors, 1, 60), digest = ''`,
			"done", "safetensors", true, Done,
		},
		"weights too short": {
			`UPDATE weight SET tensors = substr(tensors, 1, length(tensors) - 1)`,
			"done", "safetensors", true, Done,
		},
		"epochs of no run": {
			`INSERT INTO epoch (run, epoch, steps, lr, distance, seconds) VALUES (99, 1, 1, 0, 0, 0)`,
			"", "table epoch without their run: 1", true, "",
		},
		"member of no version": {
			`INSERT INTO member VALUES (99, 1, 1, 1, NULL)`,
			"", "table member without their version: 1", true, "",
		},
	} {
		t.Run(name, d.isFound)
	}
}

func (d damage) isFound(t *testing.T) {
	identify := func(r Run) (string, error) {
		if r.Label == "unknown" {
			return "", errors.New("no such key")
		}
		return strings.TrimPrefix(r.Cell, "of "), nil
	}
	db := open(t)
	done := result(planned("done", `"of done"`))
	done.Run.Cell, done.Run.Status, done.Weights = "of done", Done, []Snapshot{{1, tensors(7)}}
	check(t, db.Finish(ctx, done))
	r := planned("running", "0.1")
	r.Cell = "of running"
	check(t, db.PutStudy(ctx, Study{Study: "s"}, []Run{r}, []StudyRun{{Study: "s", RunID: "done", CellLabel: "here"}}))
	check(t, db.PutNight(ctx, Night{Study: "s", Started: evening}))
	check(t, db.PutDataset(ctx, Dataset{ID: "d"}))
	check(t, db.Register(ctx, owner("me")))
	_, err := db.Hold(ctx, "me", evening, "running")
	check(t, err)
	check(t, db.Start(ctx, evening, Provenance{}, "running"))
	_, err = db.sql.Exec(`PRAGMA foreign_keys = 0; ` + d.sql + `; PRAGMA foreign_keys = 1`)
	check(t, err)

	found, err := db.Check(ctx, identify)
	check(t, err)
	if d.sql == "" {
		equal(t, "findings", len(found), 0)
		return
	}
	if len(found) != 1 || found[0].Run != d.run || !strings.Contains(found[0].What, d.says) || found[0].Repairable() != d.safe ||
		found[0].Remedy == "" {
		t.Fatalf("found %+v, want one of run %q that says %q", found, d.run, d.says)
	}
	check(t, db.Repair(ctx, found))
	still, err := db.Check(ctx, identify)
	check(t, err)
	if d.safe { // what was removed may be missing elsewhere
		check(t, db.Repair(ctx, still))
		still, err = db.Check(ctx, identify)
		check(t, err)
	}
	if d.safe != (len(still) == 0) {
		t.Errorf("after the repair: %+v", still)
	}
	if d.after != "" {
		if d.run == "" {
			d.run = "done"
		}
		r, err := db.Run(ctx, d.run)
		check(t, err)
		equal(t, "status", r.Status, d.after)
	}
}

// Work that has gone on since the check is not undone by the repair.
func TestRepairLate(t *testing.T) {
	db := open(t)
	plan(t, db, "aa")
	check(t, db.Start(ctx, evening, Provenance{}, "aa"))
	found, err := db.Check(ctx, func(r Run) (string, error) { return r.ID, nil })
	check(t, err)
	equal(t, "findings", len(found), 1)
	check(t, db.Register(ctx, owner("me")))
	_, err = db.Hold(ctx, "me", evening, "aa")
	check(t, err)
	check(t, db.Repair(ctx, found))
	r, err := db.Run(ctx, "aa")
	check(t, err)
	equal(t, "status", r.Status, Running)
}
