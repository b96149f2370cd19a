package serve

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
)

// source is the database as it is at a time.
type source struct {
	path     string
	db       *store.DB // nil where there is none
	follower *store.Follower

	states   map[string]store.State // of all runs
	allAt    time.Time              // when all of them were read
	readAt   time.Time              // when the last of them were
	complete bool                   // nothing has changed since all were read
	stale    bool                   // something has changed since these were read
	grown    int                    // how often there were other runs than before, or other plans
	owners   []night.Owner
	left     timeLeft
}

// look opens the database where it is not open, opens another one that has taken its place, and says whether anything has
// changed. Whoever reads is stopped before it is closed.
func (s *source) look(ctx context.Context, stopReaders func()) (changed bool, err error) {
	if s.db != nil {
		changed, err = s.follower.Changed(ctx)
		if !errors.Is(err, store.ErrGone) {
			return changed, err
		}
		stopReaders()
		s.close()
	}
	db, err := store.OpenReadOnly(s.path)
	if err != nil {
		return false, err
	}
	follower, err := db.Follow(ctx, s.path)
	if err != nil {
		return false, errors.Join(err, db.Close())
	}
	s.db, s.follower, s.states = db, follower, nil
	_, err = follower.Changed(ctx)
	return true, err
}

func (s *source) close() {
	if s.db != nil {
		s.follower.Close()
		s.db.Close() // it was only read
		s.db = nil
	}
}

// All states are read once in allEvery, and else those that are not over or have been since overlap before they were read last:
// so what a night has done long ago costs nothing, and clocks that differ delay news by no more than allEvery.
const (
	allEvery = 15 * time.Second
	overlap  = 3 * time.Second
)

// readStates reads how far the runs are, where something has changed.
func (s *source) readStates(ctx context.Context, now time.Time) error {
	if !s.stale && (s.complete || now.Sub(s.allAt) < allEvery) {
		return nil
	}
	if s.states != nil && now.Sub(s.allAt) < allEvery {
		some, all, err := s.db.StatesSince(ctx, s.readAt.Add(-overlap))
		if err != nil {
			return err
		}
		if all == len(s.states) {
			maps.Copy(s.states, some)
			s.readAt, s.stale, s.complete = now, false, false
			return nil
		}
	}
	states, err := s.db.States(ctx)
	if err != nil {
		return err
	}
	if len(states) != len(s.states) {
		s.grown++
	}
	s.states, s.stale, s.complete, s.allAt, s.readAt = states, false, true, now, now
	return nil
}

// interrupt marks what processes were training that are not alive.
func (s *source) interrupt() {
	alive := map[string]bool{}
	for _, o := range s.owners {
		alive[o.ID] = o.Alive
	}
	for id, state := range s.states {
		if state.Status == store.Running && !alive[state.Holder] {
			state.Status = store.Interrupted
			s.states[id] = state
		}
	}
}

// going says whether somebody trains.
func (s *source) going() bool {
	for _, o := range s.owners {
		if o.Alive {
			return true
		}
	}
	return false
}

// pause is how many times as long as it took something waits until it is done again.
func (s *source) pause() int {
	if s.going() {
		return besideNight
	}
	return inPeace
}

// absence says why there is nothing to be read; "" where there is.
func absence(path string, err error) string {
	switch {
	case err == nil:
		return ""
	case store.Missing(err):
		return fmt.Sprintf("There is no database %s: it comes with the first night (nightshift run quickstart), and is looked for "+
			"again and again.", path)
	}
	return fmt.Sprintf("The database cannot be read, and is tried again and again: %v.", err)
}

// timeLeft is the time that is left to the night as it was estimated last.
type timeLeft struct {
	pace
	stale   bool // something has changed since
	at      time.Time
	left    time.Duration // 0 where nothing is known
	atLeast bool
	claims  map[string]string // of the studies that go on until theirs are decided, how far they are
}
