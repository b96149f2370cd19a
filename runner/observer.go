package runner

import (
	"fmt"

	"nightshift/internal/night"
	"nightshift/internal/panics"
	"nightshift/internal/store"
)

// observer keeps the counts and passes events on. It has a goroutine of its own, so that the receiver of events needs no lock
// and does not delay the writer.
type observer struct {
	events  chan Event
	ended   chan struct{}
	summary Summary
	pace    night.Pace            // of these runs, in this night and earlier ones
	partly  map[string]night.Pace // what was done of the runs that are not over
	waited  map[string]bool       // runs that have come to a rung in this night
	over    map[string]bool       // runs that need no more, to be read once the observer is closed
	round   bool                  // whether the night is a round, which is over for runs that wait at a rung
	err     error                 // after which nothing is counted or passed on
}

// newObserver observes a night of some jobs, given its summary and its pace before
// anything is trained.
func newObserver(o Options, so Summary, jobs []job, pace night.Pace) *observer {
	obs := &observer{
		events: make(chan Event, 64), ended: make(chan struct{}), summary: so,
		pace: pace, partly: map[string]night.Pace{}, waited: map[string]bool{}, over: map[string]bool{},
	}
	for _, j := range jobs {
		if j.checkpointEpoch > 0 {
			obs.partly[j.run.ID] = night.Pace{Work: j.part(float64(j.checkpointEpoch)), Seconds: j.priorSeconds}
		}
	}
	go func() {
		defer close(obs.ended)
		for e := range obs.events {
			if obs.err == nil { // a panic in Observe does not end the night
				obs.err = panics.Caught(func() error { obs.take(o, e); return nil })
			}
		}
	}()
	return obs
}

// take counts an event and passes it on.
func (o *observer) take(options Options, e Event) {
	o.count(e)
	o.updateWork(e)
	o.summary.TimeLeft = o.pace.Left(o.summary.Work-o.summary.Worked, min(options.Workers, o.summary.Remaining))
	e.Progress = o.summary.Progress
	if e.Kind == Finished {
		logFinished(options.Log, e)
	}
	if options.Observe != nil {
		options.Observe(e)
	}
}

// tellTakenOver sends an event for each process whose runs this one takes over.
func (o *observer) tellTakenOver(dead []night.Owner) {
	for _, owner := range dead {
		o.send(Event{Kind: TakenOver, Reason: fmt.Sprintf("process %d on %s %s: its runs are taken over", owner.PID, owner.Host,
			owner.State())})
	}
}

func (o *observer) send(e Event) { o.events <- e }

// close waits until all events have been passed on. No event may be sent after it is called. The error is that of a panic in
// Options.Observe.
func (o *observer) close() (Summary, error) {
	close(o.events)
	<-o.ended
	o.summary.Running = 0
	return o.summary, o.err
}

// updateWork moves the work done to where the event's run is. A run that has ended early has no work left; an interrupted one
// counts as not started.
func (o *observer) updateWork(e Event) {
	done, trained := 0.0, 0.0 // of the work; of it what was trained
	switch {
	case e.Kind == Expected:
		o.summary.Work += e.work
		return
	case e.Kind == Looked:
		o.summary.Work += e.opened.work
		o.summary.Worked += e.opened.worked
		return
	case e.Kind == Started, e.Kind == Waits, e.Kind == TakenOver:
		return
	case e.Kind == Trained:
		done = night.Part(e.work, &e.Run, float64(e.Epoch))
		trained = done
	case e.Status == store.Pruned:
		done = night.Part(e.work, &e.Run, float64(e.Epochs))
	case e.Kind == Elsewhere, e.Kind == Finished && e.Status != store.Interrupted && e.Status != store.Running:
		done = e.work
		trained = night.Part(e.work, &e.Run, float64(e.Epochs))
	}
	before := o.partly[e.Run.ID]
	o.summary.Worked += done - before.Work
	if trained > 0 && e.Seconds > 0 {
		o.pace.Add(trained-before.Work, e.Seconds-before.Seconds)
		before.Seconds = e.Seconds
	}
	before.Work = done
	o.partly[e.Run.ID] = before
	if e.Kind >= Finished {
		delete(o.partly, e.Run.ID)
	}
}

func (o *observer) count(e Event) {
	s := &o.summary
	switch e.Kind {
	case Started:
		s.Running++
		if e.reopens {
			s.Reopened++
		}
		return
	case Trained, Expected, TakenOver:
		return
	case Looked:
		o.open(e.opened)
		return
	case Waits:
		s.Running--
		s.Examples += e.Examples
		if !o.waited[e.Run.ID] {
			o.waited[e.Run.ID] = true
			s.Trained++
		}
		if o.round {
			s.Remaining--
			s.Waiting++
			o.over[e.Run.ID] = true
		}
		return
	case Elsewhere:
		s.Remaining--
		o.over[e.Run.ID] = true
		if e.Status == store.Failed {
			s.Failed++
			s.Failures = append(s.Failures, Failure{e.Run.ID, e.Run.Label, e.Reason})
		} else {
			s.Reused++
		}
		return
	}
	o.countEnd(e)
}

// countEnd counts a run that is trained no longer: by its status, which is Running where its hold was lost.
func (o *observer) countEnd(e Event) {
	s := &o.summary
	if e.Status != store.Pruned {
		s.Running--
	}
	if e.Status == store.Running {
		return
	}
	if !o.waited[e.Run.ID] {
		s.Trained++
	}
	s.Examples += e.Examples
	s.Seconds += e.Seconds
	switch e.Status {
	case store.Interrupted:
		s.Interrupted++
		return
	case store.Done:
		s.Done++
	case store.Diverged:
		s.Diverged++
	case store.Pruned:
		s.Pruned++
	case store.Failed:
		s.Failed++
		s.Failures = append(s.Failures, Failure{e.Run.ID, e.Run.Label, e.Reason})
	}
	s.Remaining--
	o.over[e.Run.ID] = true
}

// open counts the runs that have come to be wanted.
func (o *observer) open(n opened) {
	s := &o.summary
	s.Claims = n.claims
	s.Total += n.runs
	s.Reused += n.reused
	s.Failed += len(n.failures)
	s.Failures = append(s.Failures, n.failures...)
	s.Remaining += n.train + n.unpruned
	s.ToTrain += n.train + n.unpruned
	s.Backfilled += n.backfilled
	s.Pruned -= n.unpruned
}
