package serve

import (
	"context"
	"fmt"
	"sync"
	"time"

	"nightshift/internal/store"
	"nightshift/report"
)

// shown is a study that somebody looks at.
type shown struct {
	name string

	// Of the loop that reads, which alone changes it.
	live    *report.Live
	grown   int // as the database had when it was read
	night   report.Night
	unbuilt int  // the clock of what the page that is there does not show; 0 for nothing
	ended   bool // the page of the end was begun
	pace    pace // of its pages

	mu       sync.Mutex // of what follows, which requests read
	news     chan struct{}
	viewers  int
	watching map[string]int // by the measure whose curves they look at
	until    time.Time      // somebody asked for it who may come back
	page     []byte
	packed   []byte // the page, compressed, once somebody takes it so
	version  string
	pages    int    // that were made
	begun    int    // curves that were
	words    string // of the night, as HTML
	spoken   int    // how often they changed
	runs     runs
	curves   map[string]*curves
	problem  string // why there is no page
}

func newShown(name string) *shown {
	return &shown{name: name, news: make(chan struct{}), curves: map[string]*curves{}, watching: map[string]int{}}
}

// patience is how long a study is followed that nobody looks at, as between a page and what it asks for next.
const patience = 10 * time.Second

func (one *shown) asked(now time.Time) {
	one.mu.Lock()
	defer one.mu.Unlock()
	one.until = now.Add(patience)
}

func (one *shown) lookedAt(now time.Time) bool {
	one.mu.Lock()
	defer one.mu.Unlock()
	return one.viewers > 0 || now.Before(one.until)
}

// tell lets those know who wait for news. The lock is held.
func (one *shown) tell() {
	close(one.news)
	one.news = make(chan struct{})
}

// begin reads the study, where it is new or its runs may be others.
func (one *shown) begin(ctx context.Context, db *store.DB) {
	live, err := report.ReadLive(ctx, db, one.name)
	if err != nil {
		one.fail(err)
		return
	}
	if one.live != nil && one.live.Structure == live.Structure {
		return
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	one.live = live
	one.runs = newRuns(len(live.Runs))
	one.curves = map[string]*curves{}
	one.page, one.unbuilt, one.ended = nil, 1, false
}

// sketch has a first page shown where there is none.
func (one *shown) sketch() {
	if one.page != nil {
		return
	}
	one.pages++
	version := fmt.Sprint(one.pages)
	page, err := one.live.Sketch(one.night, version)
	if err != nil {
		one.fail(err)
		return
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	one.put(page, version)
}

// put has a page shown. The lock is held.
func (one *shown) put(page []byte, version string) {
	one.page, one.packed, one.version, one.problem = page, nil, version, ""
	one.tell()
}

func (one *shown) fail(err error) {
	one.mu.Lock()
	defer one.mu.Unlock()
	one.problem = err.Error()
	one.tell()
}

// say puts the words of the night.
func (one *shown) say(n report.Night) {
	html, err := n.HTML()
	if err != nil {
		one.fail(err)
		return
	}
	one.night = n
	one.mu.Lock()
	defer one.mu.Unlock()
	if html != one.words {
		one.words = html
		one.spoken++
		one.tell()
	}
}
