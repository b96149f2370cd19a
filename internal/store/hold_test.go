package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func owner(id string) Owner { return Owner{ID: id, Host: "here", PID: 7, Start: "100", Seen: evening} }

// plan records pending runs with the given identities.
func plan(t testing.TB, db *DB, ids ...string) {
	t.Helper()
	var runs []Run
	for _, id := range ids {
		runs = append(runs, planned(id, "0.1"))
	}
	check(t, db.PutStudy(ctx, Study{Study: "s", At: evening}, runs, nil))
}

func TestOwners(t *testing.T) {
	db := open(t)
	a, b := owner("a"), owner("b")
	check(t, db.Register(ctx, a))
	check(t, db.Register(ctx, b))
	b.PID, b.Start = 8, "200"
	check(t, db.Register(ctx, b)) // again
	a.Seen = evening.Add(time.Minute)
	check(t, db.Beat(ctx, "a", a.Seen))
	got, err := db.Owners(ctx)
	check(t, err)
	equal(t, "Owners", got, []Owner{a, b})

	plan(t, db, "1", "2", "3")
	_, err = db.Hold(ctx, "a", evening, "1", "2")
	check(t, err)
	check(t, db.Start(ctx, evening, "1", "3"))
	check(t, db.PutCheckpoint(ctx, "a", Result{Run: running("1", 0)}, Checkpoint{RunID: "1", State: []byte("state")}))
	check(t, db.Forget(ctx, "a", "nobody"))
	statuses, err := db.Statuses(ctx)
	check(t, err)
	equal(t, "Statuses", statuses, map[string]Status{"1": Interrupted, "2": Pending, "3": Running})
	if _, ok, err := db.Checkpoint(ctx, "1"); !ok || err != nil {
		t.Errorf("the checkpoint of a forgotten owner's run: %v, %v", ok, err)
	}
	if err := db.Beat(ctx, "a", evening); !errors.Is(err, ErrHoldLost) {
		t.Errorf("Beat of a forgotten owner: %v", err)
	}
	if _, err := db.Hold(ctx, "a", evening, "3"); !errors.Is(err, ErrHoldLost) {
		t.Errorf("Hold of a forgotten owner: %v", err)
	}
	held, err := db.Hold(ctx, "b", evening, "2", "1")
	check(t, err)
	equal(t, "held by the other", held, []string{"2", "1"})
	if n := count(t, db, `SELECT count(*) FROM claim`); n != 2 {
		t.Errorf("%d holds, want those of b alone", n)
	}
}

// Holds behave as a map from runs to owners does.
func TestHoldModel(t *testing.T) {
	dir := t.TempDir()
	files := 0
	rapid.Check(t, func(rt *rapid.T) {
		files++
		path := filepath.Join(dir, fmt.Sprint(files, ".db"))
		empty(t, path)
		handles := []*DB{openAt(t, path), openAt(t, path)}
		defer handles[0].Close()
		defer handles[1].Close()
		ids := []string{"1", "2", "3", "4", "5"}
		plan(t, handles[0], ids...)
		owners := map[string]bool{}
		holds := map[string]string{}
		status := map[string]Status{}
		for _, id := range ids {
			status[id] = Pending
		}
		anOwner := rapid.SampledFrom([]string{"a", "b", "c"})
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(append(ids, "unknown")), 0, -1, rapid.ID[string])
		db := func() *DB { return rapid.SampledFrom(handles).Draw(rt, "handle") }
		rt.Repeat(map[string]func(*rapid.T){
			"register": func(rt *rapid.T) {
				o := anOwner.Draw(rt, "owner")
				check(t, db().Register(ctx, owner(o)))
				owners[o] = true
			},
			"forget": func(rt *rapid.T) {
				o := anOwner.Draw(rt, "owner")
				check(t, db().Forget(ctx, o))
				delete(owners, o)
				for id, by := range holds {
					if by == o {
						delete(holds, id)
						if status[id] == Running {
							status[id] = Interrupted
						}
					}
				}
			},
			"hold": func(rt *rapid.T) {
				o, asked := anOwner.Draw(rt, "owner"), some.Draw(rt, "runs")
				got, err := db().Hold(ctx, o, evening, asked...)
				if !owners[o] {
					if !errors.Is(err, ErrHoldLost) {
						rt.Fatalf("Hold by nobody: %v", err)
					}
					return
				}
				check(t, err)
				var want []string
				for _, id := range asked {
					by, taken := holds[id]
					if s := status[id]; s != "" && s != Done && s != Diverged && (!taken || by == o) {
						want = append(want, id)
						holds[id] = o
					}
				}
				if !slices.Equal(got, want) {
					rt.Fatalf("%s holds %v of %v, want %v", o, got, asked, want)
				}
			},
			"release": func(rt *rapid.T) {
				o, asked := anOwner.Draw(rt, "owner"), some.Draw(rt, "runs")
				check(t, db().Release(ctx, o, asked...))
				for _, id := range asked {
					if holds[id] == o {
						delete(holds, id)
					}
				}
			},
			"start": func(rt *rapid.T) {
				id := rapid.SampledFrom(ids).Draw(rt, "run")
				check(t, db().Start(ctx, evening, id))
				if status[id] != Done && status[id] != Diverged {
					status[id] = Running
				}
			},
			"finish": func(rt *rapid.T) {
				id := rapid.SampledFrom(ids).Draw(rt, "run")
				r := Result{Run: planned(id, "0.1")}
				r.Run.Status = rapid.SampledFrom([]Status{Done, Diverged, Pruned, Failed, Interrupted}).Draw(rt, "status")
				check(t, db().Finish(ctx, r))
				delete(holds, id)
				if s := r.Run.Status; s == Done || s == Diverged || status[id] != Done && status[id] != Diverged {
					status[id] = s
				}
			},
			"": func(rt *rapid.T) {
				got, err := db().Statuses(ctx)
				check(t, err)
				equal(t, "statuses", got, status)
				if n := count(t, db(), `SELECT count(*) FROM claim`); n != len(holds) {
					rt.Fatalf("%d holds, want %v", n, holds)
				}
			},
		})
	})
}

// Four processes that grab what they can get from one plan: each run goes to
// one of them, and nobody is told that the database is locked.
func TestHoldAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	const processes, runs, bite = 4, 400, 7
	var ids []string
	for i := range runs {
		ids = append(ids, fmt.Sprintf("%04d", i))
	}
	plan(t, openAt(t, path), ids...)
	var got [processes][]string
	var all sync.WaitGroup
	for p := range processes {
		db := openAt(t, path)
		me := fmt.Sprint("process ", p)
		all.Go(func() {
			if err := db.Register(ctx, owner(me)); err != nil {
				t.Error(err)
			}
			for from := 0; from < runs; from += bite {
				held, err := db.Hold(ctx, me, evening, ids[from:min(from+bite, runs)]...)
				if err != nil {
					t.Error(err)
				}
				got[p] = append(got[p], held...)
				var results []Result
				for i, id := range held {
					if i%2 == 0 {
						results = append(results, result(planned(id, "0.1")))
					}
				}
				if err := db.Finish(ctx, results...); err != nil {
					t.Error(err)
				}
				if err := db.Beat(ctx, me, evening); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	together := slices.Concat(got[:]...)
	slices.Sort(together)
	if !slices.Equal(together, ids) {
		t.Errorf("%d holds on %d runs: %v", len(together), runs, together)
	}
}
