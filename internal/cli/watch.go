package cli

import (
	"context"
	"fmt"
	"sync"
	"time"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// lookEvery is how often watch looks at the database, unless looking takes long.
const lookEvery = time.Second

// watch shows a night that other processes are having, and what it has come to
// when it is over.
func (a *app) watch(ctx context.Context, db *store.DB) error {
	n, err := a.follow(ctx, db)
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil:
		return err
	}
	a.printNight(n)
	fmt.Fprintln(a.out, "nobody is training now")
	return nil
}

// follow keeps the screen up to date until no process is training any more.
func (a *app) follow(ctx context.Context, db *store.DB) (nightStatus, error) {
	watched := map[string]bool{}
	w := &watcher{work: a.workOf()}
	if err := w.look(ctx, db, watched); err != nil || !w.night.isTraining() {
		return w.night, err
	}
	screen := newScreen(a.out, w.line)
	if screen != nil {
		defer screen.close()
	}
	var logged time.Time
	for w.night.isTraining() {
		if now := time.Now(); screen != nil {
			screen.grow(1 + len(w.night.Running))
		} else if now.Sub(logged) >= logEvery {
			logged = now
			fmt.Fprintln(a.out, w.night.total(now))
		}
		select {
		case <-ctx.Done():
			return nightStatus{}, ctx.Err()
		case <-time.After(max(lookEvery, 10*w.took)):
		}
		if err := w.look(ctx, db, watched); err != nil {
			return nightStatus{}, err
		}
	}
	return w.night, nil
}

// watcher has what the screen shows.
type watcher struct {
	work func(*study.Run) float64
	took time.Duration // the last look at the database

	mu    sync.Mutex // the screen asks from a goroutine of its own
	night nightStatus
}

func (w *watcher) look(ctx context.Context, db *store.DB, watched map[string]bool) error {
	began := time.Now()
	n, err := readNight(ctx, db, watched, w.work, began)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.night, w.took = n, time.Since(began)
	return err
}

func (w *watcher) line(row, width int) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case row == 0:
		return w.night.total(time.Now()).line(width)
	case row <= len(w.night.Running):
		return w.night.Running[row-1].training().line(width)
	}
	return ""
}

func (n nightStatus) total(now time.Time) total {
	return total{
		over: n.over, runs: n.runs, diverged: n.diverged, pruned: n.pruned, failed: n.failed, claims: n.claims, at: now,
		part: float64(n.over) / float64(max(1, n.runs)), timeLeft: time.Duration(n.SecondsLeft * float64(time.Second)),
	}
}

func (r runningRun) training() training {
	return training{id: r.ID, label: r.Label, seeds: r.Seeds, epoch: r.Epoch, of: r.Of, loss: r.Loss.V}
}
