package runner

import (
	"os"
	"testing"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// The process that trains and one that looks at its database say the same of
// the time left, also where a run has gone on from a checkpoint.
func TestTimeLeftIsTheSameFromOutside(t *testing.T) {
	c := small(t, "xor")
	c.Epochs = 10
	s := studyOf("s", 4, c)
	db := openDB(t)
	p, err := newPlan([]Study{s}, NewSources(nil))
	check(t, err)
	now := time.Now()
	known, err := night.Read(ctx, db, []Study{s}, now, night.Lease)
	check(t, err)
	check(t, p.record(ctx, db, known.Agenda(false, s), now))
	host, start := night.Self()
	me := store.Owner{ID: "me", Host: host, Start: start, PID: os.Getpid(), Seen: now}
	check(t, db.Register(ctx, me))
	// reach trains a run up to an epoch, in so many seconds since its start.
	reach := func(i, epoch int, seconds float64, status store.Status) {
		t.Helper()
		r := p.jobs[i].row()
		_, err := db.Hold(ctx, "me", now, r.ID)
		check(t, err)
		check(t, db.Start(ctx, now, store.Provenance{}, r.ID))
		r.Status, r.Epochs, r.Seconds, r.Started = status, epoch, seconds, now
		if status == store.Done {
			check(t, db.Finish(ctx, store.Result{Run: r}))
			return
		}
		check(t, db.PutCheckpoint(ctx, "me", store.Result{Run: r},
			store.Checkpoint{RunID: r.ID, Epoch: epoch, Seconds: seconds, State: []byte{1}}))
	}
	work := func(r *study.Run) float64 { return p.jobs[p.at[r.ID]].work() }
	outside := func() time.Duration {
		t.Helper()
		known, err := night.Read(ctx, db, []Study{s}, now, night.Lease)
		check(t, err)
		for i := range known.Owners {
			if !known.Owners[i].Alive && start != "" {
				t.Fatal("this process is not taken to be alive")
			}
		}
		return known.Agenda(false, s).TimeLeft(work, now)
	}

	// An earlier night has left half a run, of 5 epochs in 20 seconds.
	reach(0, 5, 20, store.Interrupted)
	known, err = night.Read(ctx, db, []Study{s}, now, night.Lease)
	check(t, err)
	agenda := known.Agenda(false, s)
	var last Event
	o := Options{Workers: 1, Observe: func(e Event) { last = e }}.withDefaults()
	obs := newObserver(o, p.summary(agenda), p.remaining(agenda), p.pace(agenda))
	event := func(i int, e Event) {
		e.Run, e.work = *p.jobs[i].run, p.jobs[i].work()
		obs.send(e)
	}
	event(0, Event{Kind: Started})
	event(0, Event{Kind: Trained, Epoch: 6, Seconds: 22})
	event(0, Event{Kind: Finished, Status: store.Done, Epochs: 10, Seconds: 30})
	reach(0, 10, 30, store.Done)
	event(1, Event{Kind: Started})
	event(1, Event{Kind: Trained, Epoch: 2, Seconds: 6})
	reach(1, 2, 6, store.Running)
	want := outside()
	obs.close()
	// 12 epochs took 36 seconds, and 28 are left.
	if d := last.TimeLeft - want; d.Abs() > time.Millisecond || (want-84*time.Second).Abs() > time.Millisecond {
		t.Errorf("%v inside, %v outside", last.TimeLeft, want)
	}
}
