package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What a page hears at once, and how often.
const (
	beatEvery = 2 * time.Second
	restAfter = 100 * time.Millisecond // news, so that more of them come together
	mostLines = 150
	giveUp    = 30 * time.Second // on one who does not read
)

// heard is what a page has heard already.
type heard struct {
	version string
	spoken  int
	runs    int
	curves  string // the name of the curves, and the time by which it has them
	lines   int
}

// events tells a page what happens, as server-sent events, until it goes or the server stops.
func (s *Server) events(w http.ResponseWriter, r *http.Request, name string) {
	one, ok := s.open(name)
	if !ok {
		http.Error(w, "There is no study "+strconv.Quote(name)+" in the database.", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	if r.Method == http.MethodHead {
		return
	}
	measure := r.URL.Query().Get("measure")
	defer one.look(measure)()
	var has heard
	has.curves, has.lines = clockOf(r.URL.Query().Get("clock"))
	writer := http.NewResponseController(w)
	text := []byte("retry: 1000\n\n")
	for {
		writer.SetWriteDeadline(time.Now().Add(giveUp)) // where it cannot be set, whoever does not read is given up later
		if _, err := w.Write(text); err != nil || writer.Flush() != nil {
			return
		}
		var news chan struct{}
		var more bool
		if text, more, news = one.since(&has, measure); more {
			continue
		}
		if text != nil {
			if !rest(r, restAfter) {
				return
			}
			continue
		}
		select {
		case <-news:
		case <-time.After(beatEvery):
			text = []byte("event: beat\ndata: \n\n")
		case <-r.Context().Done():
			return
		}
	}
}

// rest waits; false where nobody listens any more.
func rest(r *http.Request, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-r.Context().Done():
		return false
	}
}

// look has a study, and the curves of a measure, followed until the function that it gives is called.
func (one *shown) look(measure string) (leave func()) {
	one.mu.Lock()
	defer one.mu.Unlock()
	one.viewers++
	one.watching[measure]++
	return func() {
		one.mu.Lock()
		defer one.mu.Unlock()
		one.viewers--
		one.watching[measure]--
	}
}

// since is what is new to a page, as events, and whether more is there at once; else what tells that there is.
func (one *shown) since(has *heard, measure string) (text []byte, more bool, news chan struct{}) {
	one.mu.Lock()
	defer one.mu.Unlock()
	var b bytes.Buffer
	event := func(name string, data any) {
		text, err := json.Marshal(data)
		if err == nil { // what is told is made here, and can be written
			fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, text)
		}
	}
	if has.spoken != one.spoken {
		has.spoken = one.spoken
		event("night", one.words)
	}
	if runs, err := one.runsSince(has.runs); err == nil && runs != nil {
		event("runs", json.RawMessage(runs))
	}
	has.runs = one.runs.clock
	if c, ok := one.curvesOf(measure); ok {
		if has.curves != c.name {
			has.curves, has.lines = c.name, 0
		}
		var lines []byte
		lines, has.lines, more = c.Since(has.lines, mostLines)
		if lines != nil {
			event("lines", map[string]any{"measure": measure, "clock": fmt.Sprintf("%s:%d", c.name, has.lines),
				"lines": json.RawMessage(lines)})
		}
	}
	if has.version != one.version {
		has.version = one.version
		event("page", one.version)
	}
	if b.Len() > 0 {
		text = b.Bytes()
	}
	return text, more, one.news
}

// clockOf reads what a page says that it has of the curves.
func clockOf(text string) (name string, clock int) {
	name, number, _ := strings.Cut(text, ":")
	clock, err := strconv.Atoi(number)
	if err != nil {
		return "", 0
	}
	return name, clock
}
