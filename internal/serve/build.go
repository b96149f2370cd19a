package serve

import (
	"context"
	"fmt"
	"time"

	"nightshift/internal/panics"
	"nightshift/report"
)

// builder makes one page at a time, beside the loop.
type builder struct {
	cancel context.CancelFunc
	done   chan built // nil where nothing is being made
}

// built is a page with what it shows.
type built struct {
	of      *shown
	clock   int
	page    []byte
	version string
	live    *report.Live
	err     error
	began   time.Time
	ended   time.Time
}

// stop ends what is being made, and waits for it: the database may be closed then.
func (b *builder) stop() {
	if b.done != nil {
		b.cancel()
		<-b.done
		b.done = nil
	}
}

// build takes a page that is made, and begins with the next one that is due. A study that has come to its end is shown at once.
func (s *Server) build(ctx context.Context, b *builder) {
	if b.done != nil {
		select {
		case made := <-b.done:
			b.cancel()
			b.done = nil
			made.of.pace.took(made.began, made.ended, s.database.pause())
			if made.err != nil {
				made.of.fail(made.err)
			} else {
				made.of.take(made)
			}
		default:
			return
		}
	}
	now := s.o.Now()
	for _, one := range s.watched() {
		if s.database.db == nil || one.live == nil || one.unbuilt == 0 {
			continue
		}
		over := one.night.Over == one.night.Runs
		ends := over && !one.ended
		if one.pace.due(now) || ends {
			one.ended = over
			s.begin(ctx, b, one)
			return
		}
	}
}

// begin has the page of a study made.
func (s *Server) begin(ctx context.Context, b *builder, one *shown) {
	clock, db, began := one.unbuilt, s.database.db, s.o.Now()
	making, cancel := context.WithCancel(ctx)
	night := one.night
	night.Made = "Claims, figures and tables are those of " + began.Local().Format("15:04:05") +
		"; they are made anew as often as the night can spare."
	if one.night.Over == one.night.Runs {
		night.Made = ""
	}
	done := make(chan built, 1)
	b.cancel, b.done = cancel, done
	one.pages++
	version := fmt.Sprint(one.pages)
	go func() {
		made := built{of: one, clock: clock, version: version, began: began}
		made.err = panics.Caught(func() (err error) {
			made.page, made.live, err = report.LivePage(making, db, one.name, s.o.Inputs, night, version)
			return err
		})
		made.ended = s.o.Now()
		done <- made
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}()
}

// take shows a page that was made. One of other runs than those that are followed is thrown away, and these are read anew.
func (one *shown) take(made built) {
	if made.live.Structure != one.live.Structure {
		one.grown = -1
		return
	}
	if made.clock == one.unbuilt {
		one.unbuilt = 0
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	one.put(made.page, made.version)
}
