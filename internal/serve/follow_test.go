package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// listener reads what a page hears.
type listener struct {
	t     *testing.T
	lines *bufio.Scanner
}

func listen(t *testing.T, server *httptest.Server, path string) listener {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
	check(t, err)
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	check(t, err)
	t.Cleanup(func() { answer.Body.Close() })
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("%s, %s", answer.Status, kind)
	}
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	return listener{t, lines}
}

// next waits for an event of a kind whose text has some words.
func (l listener) next(kind, words string) string {
	l.t.Helper()
	for l.lines.Scan() {
		if l.lines.Text() != "event: "+kind {
			continue
		}
		l.lines.Scan()
		if data := strings.TrimPrefix(l.lines.Text(), "data: "); strings.Contains(data, words) {
			return data
		}
	}
	l.t.Fatalf("no more events; waiting for %s %q: %v", kind, words, l.lines.Err())
	return ""
}

// From before there is a database: it comes, is followed, its curves are those of the store, it is deleted, and there again.
func TestFollows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "night.db")
	server := start(t, path)
	page(t, server, "/"+token+"/", "There is no database")
	if answer, _ := ask(t, server, http.MethodGet, "/"+token+"/small/", nil); answer.StatusCode != http.StatusNotFound {
		t.Errorf("a study that is not there yet: %s", answer.Status)
	}
	train(t, path, "grid.lr=[0.1]")
	page(t, server, "/"+token+"/", `href="small/"`)
	text := page(t, server, "/"+token+"/small/", "<figure")
	if !strings.Contains(text, "connect-src &#39;self&#39;") || !strings.Contains(text, "2 of 2 runs are over") {
		t.Error("the page is none that is live")
	}
	hears := listen(t, server, "/"+token+"/small/events?measure=test_loss")
	hears.next("night", "All that was planned is over")
	var news struct {
		Measure string
		Lines   [][3]json.RawMessage
	}
	check(t, json.Unmarshal([]byte(hears.next("lines", "test_loss")), &news))
	db, err := store.OpenReadOnly(path)
	check(t, err)
	runs, err := db.Runs(t.Context(), "small")
	check(t, err)
	epochs, err := db.Epochs(t.Context(), runs[0].ID)
	check(t, err)
	check(t, db.Close())
	var at []int
	var values []float64
	check(t, json.Unmarshal(news.Lines[0][1], &at))
	check(t, json.Unmarshal(news.Lines[0][2], &values))
	if len(at) != len(epochs) || len(news.Lines) != 2 {
		t.Fatalf("%d epochs of %d, %d lines of 2", len(at), len(epochs), len(news.Lines))
	}
	for i, e := range epochs {
		if at[i] != e.Epoch || math.Abs(values[i]-e.Test.Loss.V) > 1e-3*e.Test.Loss.V {
			t.Errorf("epoch %d: %v at %d, want %v", e.Epoch, values[i], at[i], e.Test.Loss.V)
		}
	}
	train(t, path) // which has another cell
	hears.next("night", "4 of 4 runs are over")
	check(t, os.Rename(path, filepath.Join(dir, "elsewhere.db")))
	hears.next("night", "There is no database")
	check(t, os.Rename(filepath.Join(dir, "elsewhere.db"), path))
	hears.next("night", "4 of 4 runs are over")
}

// A study that is planned anew with fewer runs is followed as such at the next look, although no run has changed.
func TestPlannedAnew(t *testing.T) {
	t.Parallel()
	over, end := context.WithCancel(t.Context())
	end()
	path := filepath.Join(t.TempDir(), "night.db")
	s := New(Options{DB: path, Token: token, Host: "127.0.0.1", Work: func(*study.Run) float64 { return 1 }, Now: time.Now})
	defer s.database.close()
	var builds builder
	trainUntil(over, t, path, "seeds=4")
	s.look(t.Context(), &builds)
	one, ok := s.open("small")
	if !ok {
		t.Fatal("the study is not there")
	}
	for _, plan := range []struct {
		seeds string
		runs  int
	}{{"seeds=4", 8}, {"seeds=1", 2}, {"seeds=4", 8}} {
		trainUntil(over, t, path, plan.seeds)
		s.look(t.Context(), &builds)
		if len(one.live.Runs) != plan.runs {
			t.Errorf("%s: %d runs are followed, not %d", plan.seeds, len(one.live.Runs), plan.runs)
		}
	}
}

// Who comes back is told what is new since, and the words of measures that there are not lead to no curves.
func TestComesBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "night.db")
	train(t, path)
	server := start(t, path)
	page(t, server, "/"+token+"/", `href="small/"`)
	page(t, server, "/"+token+"/small/", "<figure")
	first := listen(t, server, "/"+token+"/small/events?measure=train_error")
	var news struct{ Clock string }
	check(t, json.Unmarshal([]byte(first.next("lines", "")), &news))
	again := listen(t, server, "/"+token+"/small/events?measure=train_error&clock="+news.Clock)
	again.next("night", "")
	for again.lines.Scan() {
		if again.lines.Text() == "event: lines" {
			t.Error("the same lines are told again")
		}
		if again.lines.Text() == "event: beat" {
			break
		}
	}
	none := listen(t, server, "/"+token+"/small/events?measure=run.id;--")
	none.next("page", "")
}
