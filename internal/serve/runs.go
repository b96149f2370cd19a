package serve

import (
	"context"
	"encoding/json"
	"fmt"

	"nightshift/internal/store"
	"nightshift/report"
)

// runs is what the runs of a study have come to, with the time by a clock at which each changed last.
type runs struct {
	clock   int
	states  []store.State
	changed []int
}

func newRuns(n int) runs { return runs{states: make([]store.State, n), changed: make([]int, n)} }

// curves are those of a measure that somebody looks at, and the runs whose curves are to be read.
type curves struct {
	*report.Curves
	name    string // tells them from others of the measure, with other runs
	begun   bool   // all has been read once
	queue   []int
	waiting map[int]bool
}

func (c *curves) want(run int) {
	if !c.waiting[run] {
		c.waiting[run] = true
		c.queue = append(c.queue, run)
	}
}

// learn takes in how far the runs are, and has the curves read that have grown. Those of a run that is trained may have grown
// whenever anything was written: how far it is was told before they were.
func (one *shown) learn(states map[string]store.State, written bool) {
	if one.live == nil {
		return
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	one.runs.clock++
	news := false
	for i, id := range one.live.Runs {
		now, before := states[id], &one.runs.states[i]
		if now.Status == before.Status && now.Epochs == before.Epochs && now.Seconds == before.Seconds {
			if written && now.Status == store.Running {
				one.wantCurves(i)
			}
			continue
		}
		*before, one.runs.changed[i], news = now, one.runs.clock, true
		one.wantCurves(i)
	}
	if news {
		one.unbuilt = one.runs.clock
		one.tell()
	}
}

// wantCurves has the curves of a run read. The lock is held.
func (one *shown) wantCurves(run int) {
	for _, c := range one.curves {
		c.want(run)
	}
}

// curvesOf are the curves of a measure, which are read from now on; false where there is no such measure, or the study is not
// known yet. The lock is held.
func (one *shown) curvesOf(measure string) (*curves, bool) {
	if c, ok := one.curves[measure]; ok {
		return c, true
	}
	if one.live == nil {
		return nil, false
	}
	drawn, ok := one.live.Curves(measure)
	if !ok {
		return nil, false
	}
	one.begun++
	c := &curves{Curves: drawn, name: fmt.Sprint(one.begun), waiting: map[int]bool{}}
	for i, state := range one.runs.states {
		if state.Status != "" && state.Status != store.Pending {
			c.want(i)
		}
	}
	one.curves[measure] = c
	return c, true
}

// atOnce is how many runs are read in one query.
const atOnce = 64

// readCurves reads for a while what the curves have grown by, and says whether there is more to be read at once. Beside a night
// what grows is read no faster than the night can spare; curves that were just begun are.
func (s *Server) readCurves(ctx context.Context) (more bool) {
	began := s.o.Now()
	beside := s.database.going()
	if s.database.db == nil {
		return false
	}
	grown := false
	for _, one := range s.watched() {
		for _, c := range one.used() {
			spare := c.begun && beside
			if spare && !s.reading.due(began) {
				continue
			}
			for len(c.queue) > 0 && s.o.Now().Sub(began) < slice {
				if err := one.read(ctx, s.database.db, c); err != nil {
					return false // the next look tells
				}
				grown = grown || spare
			}
			more = more || !spare && len(c.queue) > 0
			c.begun = c.begun || len(c.queue) == 0
		}
	}
	if grown {
		s.reading.took(began, s.o.Now(), curvesPause)
	}
	return more
}

// used are the curves of the study that somebody looks at.
func (one *shown) used() []*curves {
	one.mu.Lock()
	defer one.mu.Unlock()
	var all []*curves
	for _, c := range one.curves {
		if one.watching[c.Measure] > 0 {
			all = append(all, c)
		}
	}
	return all
}

// read reads the curves of some runs.
func (one *shown) read(ctx context.Context, db *store.DB, c *curves) error {
	batch := c.queue[:min(atOnce, len(c.queue))]
	ids := make([]string, len(batch))
	for k, run := range batch {
		ids[k] = one.live.Runs[run]
	}
	type point struct {
		run, epoch int
		v          store.Number
	}
	var points []point
	err := db.EachValue(ctx, c.Measure, ids, func(run, epoch int, v store.Number) error {
		points = append(points, point{run, epoch, v})
		return nil
	})
	if err != nil {
		return err
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	for _, run := range batch {
		c.Begin(run)
		delete(c.waiting, run)
	}
	for _, p := range points {
		c.Add(batch[p.run], p.epoch, p.v)
	}
	c.End(batch)
	c.queue = c.queue[len(batch):]
	one.tell()
	return nil
}

// runsSince are the runs that changed since a time of the clock, as JSON: place, status, epochs. It is nil where none has.
func (one *shown) runsSince(clock int) ([]byte, error) {
	var all [][3]any
	for i, at := range one.runs.changed {
		if at > clock {
			all = append(all, [3]any{i, one.runs.states[i].Status, one.runs.states[i].Epochs})
		}
	}
	if all == nil {
		return nil, nil
	}
	return json.Marshal(all)
}
