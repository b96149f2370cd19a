package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"nightshift/runner"
)

// logEvery is how often a night that nobody watches on a terminal says how far it is.
const logEvery = 30 * time.Second

// progress tells how far a night is: a bar on a terminal, a line now and then
// elsewhere, nothing if quiet.
type progress struct {
	out   io.Writer
	quiet bool
	now   func() time.Time
	bars  *mpb.Progress // nil without a terminal
	bar   *mpb.Bar

	mu     sync.Mutex // the bar asks from a goroutine of its own
	began  time.Time
	logged time.Time
	left   int // runs to train when the night began
	state  runner.Progress
	epochs int
}

func newProgress(out io.Writer, quiet bool) *progress {
	p := &progress{out: out, quiet: quiet, now: time.Now}
	p.began = p.now()
	p.logged = p.began
	if terminal(out) && !quiet {
		p.bars = mpb.New(mpb.WithOutput(out), mpb.WithWidth(32))
	}
	return p
}

// barUnits is the resolution of the bar.
const barUnits = 10000

func (p *progress) observe(e runner.Event) {
	p.mu.Lock()
	switch {
	case p.left == 0: // the first event: all are left
		p.left = e.Left
	case e.Kind == runner.Trained && e.Epoch > 0:
		p.epochs++
	}
	p.state = e.Progress
	current := int64(p.part() * barUnits)
	p.mu.Unlock()

	switch {
	case p.quiet:
	case p.bars != nil:
		if p.bar == nil {
			p.bar = p.newBar()
		}
		p.bar.SetCurrent(current)
	case p.now().Sub(p.logged) >= logEvery:
		p.logged = p.now()
		fmt.Fprintln(p.out, p.line())
	}
}

func (p *progress) newBar() *mpb.Bar {
	return p.bars.AddBar(barUnits,
		mpb.BarRemoveOnComplete(),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + p.line() })))
}

// part is the share of tonight's work that is over, 0 to 1.
func (p *progress) part() float64 { return p.state.Worked / p.state.Work }

// line says how far the night is.
func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	elapsed := p.now().Sub(p.began).Seconds()
	line := fmt.Sprintf("%d/%d runs", p.left-p.state.Left, p.left)
	if p.state.Diverged > 0 {
		line += fmt.Sprintf(", %d diverged", p.state.Diverged)
	}
	if p.state.Failed > 0 {
		line += fmt.Sprintf(", %d failed", p.state.Failed)
	}
	if elapsed > 0 {
		line += fmt.Sprintf(", %.3g epochs/s", float64(p.epochs)/elapsed)
	}
	if part := p.part(); part > 0 {
		line += ", " + duration(elapsed*(1-part)/part) + " left"
	}
	return line
}

// close takes the bar away; the summary says the rest.
func (p *progress) close() {
	if p.bars == nil {
		return
	}
	if p.bar != nil {
		p.bar.Abort(true)
	}
	p.bars.Wait()
}
