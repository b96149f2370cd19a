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
	check(t, db.Start(ctx, evening, Provenance{}, "1", "3"))
	check(t, db.PutCheckpoint(ctx, "a", Result{Run: running("1", 0)}, Checkpoint{RunID: "1", State: []byte("state")}))
	far := Reached{ID: "1", Epoch: 7, Seconds: 70, Loss: Number{V: 0.5, Valid: true}}
	check(t, db.Reach(ctx, far, Reached{ID: "1", Epoch: 8, Seconds: 80}, Reached{ID: "2", Epoch: 9}))
	const reached = `SELECT epochs || ' ' || seconds || ' ' || coalesce(train_loss, '-') FROM runs
		WHERE id IN ('1', '2') ORDER BY id`
	equal(t, "reached, where it is trained", column(t, db, reached), []string{"8 80.0 0.5", "0 0.0 -"})
	check(t, db.Forget(ctx, "a", "nobody"))
	equal(t, "as far as the checkpoints say", column(t, db, reached), []string{"0 0.0 -", "0 0.0 -"})
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

// holdModel is a database with two handles, and what is to be in it.
type holdModel struct {
	t       *testing.T
	handles []*DB
	owners  map[string]bool
	holds   map[string]string // the owner of a run
	status  map[string]Status // of a run
}

func newHoldModel(t *testing.T, path string) *holdModel {
	empty(t, path)
	m := &holdModel{t, []*DB{openAt(t, path), openAt(t, path)}, map[string]bool{}, map[string]string{}, map[string]Status{}}
	plan(t, m.handles[0], modelled...)
	for _, id := range modelled {
		m.status[id] = Pending
	}
	return m
}

var (
	modelled = []string{"1", "2", "3", "4", "5"}
	anOwner  = rapid.SampledFrom([]string{"a", "b", "c"})
	aRun     = rapid.SampledFrom(modelled)
	someRuns = rapid.SliceOfNDistinct(rapid.SampledFrom(append(slices.Clone(modelled), "unknown")), 0, -1, rapid.ID[string])
)

func (m *holdModel) db(rt *rapid.T) *DB { return rapid.SampledFrom(m.handles).Draw(rt, "handle") }

func (m *holdModel) hasResult(id string) bool {
	return m.status[id] == Done || m.status[id] == Diverged
}

func (m *holdModel) register(rt *rapid.T) {
	o := anOwner.Draw(rt, "owner")
	check(m.t, m.db(rt).Register(ctx, owner(o)))
	m.owners[o] = true
}

func (m *holdModel) forget(rt *rapid.T) {
	o := anOwner.Draw(rt, "owner")
	check(m.t, m.db(rt).Forget(ctx, o))
	delete(m.owners, o)
	for id, by := range m.holds {
		if by == o {
			delete(m.holds, id)
			if m.status[id] == Running {
				m.status[id] = Interrupted
			}
		}
	}
}

func (m *holdModel) hold(rt *rapid.T) {
	o, asked := anOwner.Draw(rt, "owner"), someRuns.Draw(rt, "runs")
	got, err := m.db(rt).Hold(ctx, o, evening, asked...)
	if !m.owners[o] {
		if !errors.Is(err, ErrHoldLost) {
			rt.Fatalf("Hold by nobody: %v", err)
		}
		return
	}
	check(m.t, err)
	var want []string
	for _, id := range asked {
		by, taken := m.holds[id]
		if m.status[id] != "" && !m.hasResult(id) && (!taken || by == o) {
			want = append(want, id)
			m.holds[id] = o
		}
	}
	if !slices.Equal(got, want) {
		rt.Fatalf("%s holds %v of %v, want %v", o, got, asked, want)
	}
}

func (m *holdModel) release(rt *rapid.T) {
	o, asked := anOwner.Draw(rt, "owner"), someRuns.Draw(rt, "runs")
	check(m.t, m.db(rt).Release(ctx, o, asked...))
	for _, id := range asked {
		if m.holds[id] == o {
			delete(m.holds, id)
		}
	}
}

func (m *holdModel) start(rt *rapid.T) {
	id := aRun.Draw(rt, "run")
	check(m.t, m.db(rt).Start(ctx, evening, Provenance{}, id))
	if !m.hasResult(id) {
		m.status[id] = Running
	}
}

func (m *holdModel) finish(rt *rapid.T) {
	id := aRun.Draw(rt, "run")
	r := Result{Run: planned(id, "0.1")}
	r.Run.Status = rapid.SampledFrom([]Status{Done, Diverged, Pruned, Failed, Interrupted}).Draw(rt, "status")
	check(m.t, m.db(rt).Finish(ctx, r))
	delete(m.holds, id)
	if s := r.Run.Status; s == Done || s == Diverged || !m.hasResult(id) {
		m.status[id] = s
	}
}

func (m *holdModel) compare(rt *rapid.T) {
	got, err := m.db(rt).Statuses(ctx)
	check(m.t, err)
	equal(m.t, "statuses", got, m.status)
	if n := count(m.t, m.db(rt), `SELECT count(*) FROM claim`); n != len(m.holds) {
		rt.Fatalf("%d holds, want %v", n, m.holds)
	}
}

// Holds behave as a map from runs to owners does.
func TestHoldModel(t *testing.T) {
	dir := t.TempDir()
	files := 0
	rapid.Check(t, func(rt *rapid.T) {
		files++
		m := newHoldModel(t, filepath.Join(dir, fmt.Sprint(files, ".db")))
		defer m.handles[0].Close()
		defer m.handles[1].Close()
		rt.Repeat(map[string]func(*rapid.T){
			"register": m.register, "forget": m.forget, "hold": m.hold, "release": m.release,
			"start": m.start, "finish": m.finish, "": m.compare,
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
