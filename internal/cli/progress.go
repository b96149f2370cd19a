package cli

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"nightshift/runner"
)

// logEvery is the interval in which a night prints its progress where its output is no terminal.
const logEvery = 30 * time.Second

// progress tells how far a night is: on a terminal a line for it and one for each
// worker, elsewhere a line now and then, nothing if quiet.
type progress struct {
	out    io.Writer
	quiet  bool
	now    func() time.Time
	screen *screen // nil without a terminal

	mu       sync.Mutex // the screen asks from a goroutine of its own
	began    time.Time
	logged   time.Time
	state    runner.Progress
	told     time.Time // when it was like this
	epochs   int
	workers  []training
	stopping bool
}

func newProgress(out io.Writer, quiet bool, now func() time.Time) *progress {
	p := &progress{out: out, quiet: quiet, now: now, began: now(), logged: now()}
	if !quiet {
		p.screen = newScreen(out, p.line)
	}
	return p
}

func (p *progress) observe(e runner.Event) {
	p.mu.Lock()
	p.note(e)
	rows, log := 1+len(p.workers), ""
	if !p.quiet && p.screen == nil && p.now().Sub(p.logged) >= logEvery {
		p.logged = p.now()
		log = p.total().String()
	}
	p.mu.Unlock()
	if e.Kind == runner.TakenOver {
		p.say(e.Reason)
	}
	if p.screen != nil {
		p.screen.grow(rows)
	}
	if log != "" {
		fmt.Fprintln(p.out, log)
	}
}

// say says something that stays, unless the night is quiet.
func (p *progress) say(line string) {
	switch {
	case p.quiet:
	case p.screen != nil:
		p.screen.say(line)
	default:
		fmt.Fprintln(p.out, line)
	}
}

func (p *progress) note(e runner.Event) {
	p.state, p.told = e.Progress, p.now()
	for len(p.workers) <= e.Worker {
		p.workers = append(p.workers, training{})
	}
	w := &p.workers[e.Worker]
	switch {
	case e.Kind == runner.Started:
		*w = training{id: e.Run.ID, label: e.Run.Label, seeds: e.Run.Seeds, of: e.Of}
	case w.id != e.Run.ID:
		// The worker is at another one already: this is the writer's word on the last.
	case e.Kind == runner.Trained:
		w.epoch = e.Epoch
		if e.Loss != 0 { // else it was not measured
			w.loss = e.Loss
		}
	case e.Kind == runner.Finished, e.Kind == runner.Waits:
		*w = training{}
	}
	if e.Kind == runner.Trained && e.Epoch > 0 {
		p.epochs++
	}
}

// line is what the screen has in a row: the night, and below it the workers.
func (p *progress) line(row, width int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if row == 0 {
		return p.total().line(width)
	}
	return p.workers[row-1].line(width)
}

func (p *progress) total() total {
	now := p.now()
	t := total{
		over: p.state.ToTrain - p.state.Remaining, runs: p.state.ToTrain, claims: p.state.Claims,
		diverged: p.state.Diverged, pruned: p.state.Pruned, failed: p.state.Failed,
		at: now, stopping: p.stopping,
	}
	elapsed := now.Sub(p.began).Seconds()
	if elapsed > 0 {
		t.rate = float64(p.epochs) / elapsed
	}
	if p.state.Work > 0 {
		t.part = p.state.Worked / p.state.Work
	}
	t.timeLeft = max(0, p.state.TimeLeft-now.Sub(p.told))
	return t
}

// snapshot is how far the night is, and what its workers train.
func (p *progress) snapshot() (total, []training) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.total(), slices.Clone(p.workers)
}

// stop says that the night is being stopped.
func (p *progress) stop() {
	p.mu.Lock()
	p.stopping = true
	p.mu.Unlock()
	if !p.quiet && p.screen == nil {
		fmt.Fprintln(p.out, "stopping; Ctrl-C again stops at once")
	}
}

// close removes the lines of progress; the summary has the rest.
func (p *progress) close() {
	if p.screen != nil {
		p.screen.close()
	}
}
