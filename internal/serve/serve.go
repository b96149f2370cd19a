// Package serve shows the studies of a database as live pages while they are trained: the pages of package report, whose curves
// grow, and what package night says of the training. It only reads.
//
//	serve.go   Server, and the loop that follows the database
//	source.go  the database as it is at a time: not there yet, there, gone, another one
//	shown.go   a study that somebody looks at; runs.go what its runs have come to; night.go the words of the night
//	build.go   the pages, made beside the loop and not more often than the night can spare
//	guard.go   who is answered; answer.go pages; events.go what a page hears
//
// One goroutine reads the database, another makes pages; requests get what these have made. Nobody looks, nothing is read.
package serve

import (
	"context"
	"slices"
	"sync"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report"
)

// Options say what is served.
type Options struct {
	DB      string                   // path of the database, which need not be there yet
	Token   string                   // first part of every address
	Host    string                   // that is listened on; "" is this machine alone
	Inputs  report.Inputs            // of pages
	Lecture []report.Lesson          // for the index of the studies
	Work    func(*study.Run) float64 // of a run, by which package night judges the time that is left
	Now     func() time.Time
	Every   time.Duration // between looks at the database; LookEvery is usual
}

// Server follows a database and answers requests.
type Server struct {
	o    Options
	wake chan struct{}

	mu       sync.Mutex // of what follows
	absent   string     // why there is no database to be read; "" where there is one
	studies  []store.Study
	shown    map[string]*shown
	database source // of the loop, as is the rest
	reading  pace   // of curves that grow, beside a night
}

// New makes a server that follows nothing yet.
func New(o Options) *Server {
	return &Server{o: o, wake: make(chan struct{}, 1), absent: "The database is being opened.", shown: map[string]*shown{},
		database: source{path: o.DB}}
}

// LookEvery is how often the database is looked at, or a little less often where that takes long: what a page says is less than
// two seconds old.
const LookEvery = time.Second

// What the loop may take: what takes long waits for so many times as long as it took, more where
// somebody trains. Together that stays well below a fiftieth of two cores.
const (
	slice       = 20 * time.Millisecond // of reading curves at a time
	curvesPause = 100
	besideNight = 200
	inPeace     = 3
)

// pace says when something may be done again.
type pace struct{ next time.Time }

func (p *pace) due(now time.Time) bool { return !now.Before(p.next) }

// took notes how long it has taken until now.
func (p *pace) took(began, now time.Time, times int) {
	p.next = now.Add(time.Duration(times) * now.Sub(began))
}

// Follow reads the database until the context ends.
func (s *Server) Follow(ctx context.Context) {
	defer s.database.close()
	var builds builder
	defer builds.stop()
	next := s.o.Now()
	for ctx.Err() == nil {
		if now := s.o.Now(); !now.Before(next) {
			s.look(ctx, &builds)
			took := s.o.Now().Sub(now)
			next = now.Add(min(max(s.o.Every, 100*took), 7*s.o.Every/4)) // never later, whatever it takes
		}
		s.build(ctx, &builds)
		if s.readCurves(ctx) {
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.wake:
			if s.someoneWaits() {
				next = s.o.Now()
			}
		case <-time.After(next.Sub(s.o.Now())):
		}
	}
}

// someoneWaits says whether a study was asked for that nothing is known of yet.
func (s *Server) someoneWaits() bool {
	for _, one := range s.watched() {
		if one.live == nil {
			return true
		}
	}
	return false
}

// look brings what is known up to date.
func (s *Server) look(ctx context.Context, builds *builder) {
	changed, err := s.database.look(ctx, builds.stop)
	s.mu.Lock()
	s.absent = absence(s.o.DB, err)
	s.mu.Unlock()
	watched := s.watched()
	if err != nil {
		for _, one := range watched {
			one.say(report.Night{State: s.absent})
		}
		return
	}
	s.database.stale = s.database.stale || changed
	s.database.left.stale = s.database.left.stale || changed
	if changed {
		studies, err := s.database.db.Studies(ctx)
		if err == nil {
			if !slices.EqualFunc(studies, s.studies, samePlan) {
				s.database.grown++ // fewer runs may be wanted of those that there are
			}
			s.mu.Lock()
			s.studies = studies
			s.mu.Unlock()
		}
	}
	if len(watched) > 0 {
		s.lookAt(ctx, watched)
	}
}

// samePlan says whether two rows are of one study that wants the same runs.
func samePlan(a, b store.Study) bool {
	return a.Study == b.Study && a.YAML == b.YAML && a.Select == b.Select && slices.Equal(a.Set, b.Set)
}

// lookAt brings the studies that somebody looks at up to date.
func (s *Server) lookAt(ctx context.Context, watched []*shown) {
	db, now := s.database.db, s.o.Now()
	written := s.database.stale
	if err := s.database.readStates(ctx, now); err != nil {
		return // the next look tells
	}
	owners, err := night.Owners(ctx, db, now, night.Lease)
	if err != nil {
		return
	}
	s.database.owners = owners
	s.database.interrupt()
	for _, one := range watched {
		if one.live == nil || one.grown != s.database.grown {
			one.grown = s.database.grown
			one.begin(ctx, db)
		}
		one.learn(s.database.states, written)
	}
	s.estimate(ctx)
	for _, one := range watched {
		if one.live != nil {
			one.say(s.database.words(one, now))
			one.sketch()
		}
	}
}

// watched are the studies that somebody looks at.
func (s *Server) watched() []*shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*shown
	for _, one := range s.shown {
		if one.lookedAt(s.o.Now()) {
			all = append(all, one)
		}
	}
	return all
}

// open finds a study of the database, and has it followed; false where there is none of the name.
func (s *Server) open(name string) (*shown, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := false
	for _, one := range s.studies {
		known = known || one.Study == name
	}
	one, was := s.shown[name]
	if !known && !was {
		return nil, false
	}
	if !was {
		one = newShown(name)
		s.shown[name] = one
	}
	one.asked(s.o.Now())
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return one, true
}
