package runner

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"nightshift/internal/panics"
	"nightshift/internal/store"
)

// message tells the writer that a job has started or, if these are given, has
// a checkpoint or is finished; or, without a job, that somebody waits until what
// came before is written.
type message struct {
	job        job
	worker     int
	started    time.Time
	checkpoint *checkpoint
	outcome    *outcome
	flushed    chan error
}

// checkpoint is what a run can go on from, with what was measured since the
// last one. Whether it was written comes through saved.
type checkpoint struct {
	owner   string
	result  store.Result
	dataset *store.Dataset
	store.Checkpoint
	err   error // that the hold is lost
	saved chan error
}

// outcome is what a worker makes of a job.
type outcome struct {
	result      store.Result
	dataset     *store.Dataset // nil where the data could not be loaded
	resumedFrom int            // epoch that it went on from
	examples    int            // trained on
	recorded    bool           // with a checkpoint: there is nothing to write any more
	waits       bool           // at its rung
	lost        bool           // the run is another process's: nothing may be written
}

// writer is the only one who writes to the database while a night is going on.
// What comes within a batch's window goes into one transaction, so that runs of a few
// milliseconds do not pay for one each. After an error it stops the night and
// writes nothing more.
type writer struct {
	db       *store.DB
	obs      *observer
	stop     func()
	maxBatch int // messages in one transaction
	messages chan message
	ended    chan struct{}
	by       store.Provenance // of what has started
	datasets map[string]bool  // that are recorded
	err      error

	mu      sync.Mutex
	reached map[string]store.Reached // how far runs have come that others have not been told
}

// tellEvery is how often others are told how far runs have come.
const tellEvery = time.Second

const (
	batchWindow    = 50 * time.Millisecond
	batchPerWorker = 64 // messages of each worker that end a window early; as many more may wait before a worker has to
)

func newWriter(ctx context.Context, db *store.DB, obs *observer, stop func(), o Options) *writer {
	w := &writer{
		db: db, obs: obs, stop: stop, maxBatch: batchPerWorker * o.Workers, by: o.Provenance,
		messages: make(chan message, batchPerWorker*o.Workers), ended: make(chan struct{}), datasets: map[string]bool{},
		reached: map[string]store.Reached{},
	}
	go w.serve(ctx)
	return w
}

// serve writes what comes until nobody sends any more.
func (w *writer) serve(ctx context.Context) {
	defer close(w.ended)
	often := time.NewTicker(tellEvery)
	defer often.Stop()
	for {
		var batch []message
		select {
		case m, ok := <-w.messages:
			if !ok {
				return
			}
			batch = w.collect(m)
		case <-often.C:
		}
		if w.err == nil {
			w.err = panics.Caught(func() error {
				if batch == nil {
					return w.tell(ctx)
				}
				return w.write(ctx, batch)
			})
			if w.err != nil {
				w.stop()
			}
		}
		for _, m := range batch {
			switch {
			case m.checkpoint != nil:
				m.checkpoint.saved <- cmp.Or(m.checkpoint.err, w.err)
			case m.flushed != nil:
				m.flushed <- w.err
			}
		}
	}
}

// reach takes note of how far a run has come, for others.
func (w *writer) reach(r store.Reached) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !r.Loss.Valid { // as of the last epoch that was measured
		r.Loss = w.reached[r.ID].Loss
	}
	w.reached[r.ID] = r
}

// leave forgets how far a run has come that is not trained any more.
func (w *writer) leave(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.reached, id)
}

// tell tells others how far runs have come.
func (w *writer) tell(ctx context.Context) error {
	w.mu.Lock()
	list := slices.Collect(maps.Values(w.reached))
	clear(w.reached)
	w.mu.Unlock()
	if len(list) == 0 {
		return nil
	}
	return w.db.Reach(ctx, list...)
}

func (w *writer) send(m message) { w.messages <- m }

// save sends a checkpoint and waits until it is in the store.
func (w *writer) save(j job, c checkpoint) error {
	c.saved = make(chan error)
	w.send(message{job: j, checkpoint: &c})
	return <-c.saved
}

// flush waits until what was sent before is in the store.
func (w *writer) flush() error {
	flushed := make(chan error)
	w.send(message{flushed: flushed})
	return <-flushed
}

// close waits until everything is written. Nobody may send any more.
func (w *writer) close() error {
	close(w.messages)
	<-w.ended
	return w.err
}

// collect gives the message and those that come within a batch's window behind it, or
// before one that is waited for.
func (w *writer) collect(first message) []message {
	batch := []message{first}
	if first.awaited() {
		return batch
	}
	over := time.NewTimer(batchWindow)
	defer over.Stop()
	for len(batch) < w.maxBatch {
		select {
		case m, ok := <-w.messages:
			if !ok {
				return batch
			}
			batch = append(batch, m)
			if m.awaited() {
				return batch
			}
		case <-over.C:
			return batch
		}
	}
	return batch
}

// awaited says whether somebody waits for the message to be dealt with.
func (m message) awaited() bool { return m.checkpoint != nil || m.flushed != nil }

// write records a batch in one transaction: what has started, checkpoints, and what is finished, of which it tells then.
func (w *writer) write(ctx context.Context, batch []message) error {
	finished := slices.DeleteFunc(slices.Clone(batch), func(m message) bool { return m.outcome == nil })
	if err := w.db.Together(ctx, func(db *store.DB) error {
		if err := w.start(ctx, db, batch); err != nil {
			return err
		}
		for _, m := range batch {
			if c := m.checkpoint; c != nil {
				if err := w.putDataset(ctx, db, c.dataset); err != nil { // a run that is pruned has no other end
					return err
				}
				c.err = db.PutCheckpoint(ctx, c.owner, c.result, c.Checkpoint)
				if c.err != nil && !errors.Is(c.err, store.ErrHoldLost) { // of which nothing is written
					return c.err
				}
			}
		}
		return w.finish(ctx, db, finished)
	}); err != nil {
		return err
	}
	w.tellFinished(finished)
	return nil
}

// start marks the runs that have started. One that has a result keeps it; one
// that is over already need not be marked.
func (w *writer) start(ctx context.Context, db *store.DB, batch []message) error {
	ended := map[string]bool{}
	for _, m := range batch {
		if m.outcome != nil {
			ended[m.job.run.ID] = true
		}
	}
	var started []string
	var at time.Time // of the first of them: they are no more than a batch's window apart
	for _, m := range batch {
		if m.outcome == nil && !m.awaited() && m.job.oldResult == nil && !ended[m.job.run.ID] {
			if len(started) == 0 {
				at = m.started
			}
			started = append(started, m.job.run.ID)
		}
	}
	if len(started) == 0 {
		return nil
	}
	return db.Start(ctx, at, w.by, started...)
}

// finish records outcomes.
func (w *writer) finish(ctx context.Context, db *store.DB, finished []message) error {
	var results []store.Result
	for _, m := range finished {
		if m.outcome.recorded || m.outcome.lost {
			continue
		}
		if m.job.oldResult != nil && m.outcome.result.Run.Status != store.Interrupted {
			if err := addWeights(ctx, db, m.outcome.result); err != nil {
				return err
			}
			continue
		}
		results = append(results, m.outcome.result)
		if err := w.putDataset(ctx, db, m.outcome.dataset); err != nil {
			return err
		}
	}
	return db.Finish(ctx, results...)
}

// tellFinished tells of outcomes that are recorded.
func (w *writer) tellFinished(finished []message) {
	for _, m := range finished {
		r := m.outcome.result.Run
		if m.outcome.lost {
			r = store.Run{Status: store.Running}
		}
		w.obs.send(Event{
			Kind: Finished, Run: *m.job.run, Worker: m.worker, Status: r.Status, Reason: r.Reason,
			Seconds: r.Seconds, From: m.outcome.resumedFrom, Epochs: r.Epochs,
			Errors:   [3]store.Number{r.Train.Error, r.Valid.Error, r.Test.Error},
			Examples: m.outcome.examples, work: m.job.work(),
		})
	}
}

// putDataset records a data set, once in a night.
func (w *writer) putDataset(ctx context.Context, db *store.DB, d *store.Dataset) error {
	if d == nil || w.datasets[d.ID] {
		return nil
	}
	if err := db.PutDataset(ctx, *d); err != nil {
		return err
	}
	w.datasets[d.ID] = true
	return nil
}

// addWeights gives a run that has a result the weights of its second training,
// which came to the same; after a failure there are none.
func addWeights(ctx context.Context, db *store.DB, r store.Result) error {
	if r.Run.Status == store.Failed {
		r.Weights, r.Final = nil, nil
	}
	return db.PutWeights(ctx, r)
}
