package serve

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const token = "OPENSESAME"

// start serves the pages of a database, which need not be there.
func start(t *testing.T, path string) *httptest.Server {
	t.Helper()
	s := New(Options{DB: path, Token: token, Host: "127.0.0.1", Work: func(*study.Run) float64 { return 1 }, Now: time.Now,
		Every: 5 * time.Millisecond})
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		s.Follow(ctx)
	}()
	server := httptest.NewUnstartedServer(s.Handler())
	server.Config.BaseContext = nil
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		stop()
		<-over
	})
	return server
}

// train has a night of a small study.
func train(t *testing.T, path string, set ...string) {
	t.Helper()
	trainUntil(t.Context(), t, path, set...)
}

// trainUntil has one that ends with a context.
func trainUntil(ctx context.Context, t *testing.T, path string, set ...string) {
	t.Helper()
	s, err := study.Parse("small.yaml", []byte(`study: small
question: Is it learned?
data: {set: xor}
base: {width: 2, epochs: 5}
grid: {lr: [0.1, 1]}
seeds: 2
`), set)
	check(t, err)
	sources := runner.NewSources(nil)
	runs, err := s.Runs(sources.Fingerprint)
	check(t, err)
	db, err := store.Open(path)
	check(t, err)
	_, err = runner.Night(ctx, db, []runner.Study{{Study: s, Runs: runs}},
		runner.Options{Workers: 1, Sources: sources, Provenance: runner.Provenance()})
	check(t, err)
	check(t, db.Close())
}

// ask sends a request and gives the answer with its text.
func ask(t *testing.T, server *httptest.Server, method, path string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL, nil)
	check(t, err)
	r.URL.Opaque = path // as it stands
	if change != nil {
		change(r)
	}
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	answer, err := transport.RoundTrip(r)
	check(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	check(t, err)
	return answer, string(text)
}

// page waits until a path answers with some words.
func page(t *testing.T, server *httptest.Server, path, words string) string {
	t.Helper()
	for {
		_, text := ask(t, server, http.MethodGet, path, nil)
		if strings.Contains(text, words) {
			return text
		}
		if err := t.Context().Err(); err != nil {
			t.Fatalf("%s: %v, still\n%s", words, err, text)
		}
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "night.db")
	train(t, path)
	server := start(t, path)
	page(t, server, "/"+token+"/", `href="small/"`)
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	for _, test := range []struct {
		what, method, path string
		change             func(*http.Request)
		status             int
	}{
		{"the index", "GET", "/" + token + "/", nil, 200},
		{"a page", "GET", "/" + token + "/small/", nil, 200},
		{"by another name of the machine", "GET", "/" + token + "/small/", host("localhost:8017"), 200},
		{"by IPv6", "GET", "/" + token + "/small/", host("[::1]:8017"), 200},
		{"only its head", "HEAD", "/" + token + "/small/", nil, 200},
		{"the head of events", "HEAD", "/" + token + "/small/events", nil, 200},
		{"without a slash", "GET", "/" + token, nil, 302},
		{"a page without a slash", "GET", "/" + token + "/small", nil, 302},
		{"no token", "GET", "/", nil, 404},
		{"no token, a page", "GET", "/small/", nil, 404},
		{"another token", "GET", "/OPENSESAMF/small/", nil, 404},
		{"part of the token", "GET", "/OPENSESAM/small/", nil, 404},
		{"the token in a query", "GET", "/?token=" + token, nil, 404},
		{"no such study", "GET", "/" + token + "/large/", nil, 404},
		{"events of no such study", "GET", "/" + token + "/large/events", nil, 404},
		{"out of the folder", "GET", "/" + token + "/../../etc/passwd", nil, 404},
		{"out of the folder, hidden", "GET", "/" + token + "/%2e%2e%2f%2e%2e%2fetc%2fpasswd/", nil, 404},
		{"above the token", "GET", "/x/../" + token + "/small/", nil, 404},
		{"a file", "GET", "/" + token + "/small/night.db", nil, 404},
		{"post", "POST", "/" + token + "/small/", nil, 405},
		{"put", "PUT", "/" + token + "/small/", nil, 405},
		{"delete", "DELETE", "/" + token + "/small/", nil, 405},
		{"rebound", "GET", "/" + token + "/small/", host("evil.example:8017"), 403},
		{"rebound without a port", "GET", "/" + token + "/small/", host("evil.example"), 403},
		{"rebound to a name like ours", "GET", "/" + token + "/small/", host("127.0.0.1.evil.example"), 403},
		{"another machine's address", "GET", "/" + token + "/small/", host("10.0.0.7:8017"), 403},
	} {
		answer, text := ask(t, server, test.method, test.path, test.change)
		if answer.StatusCode != test.status {
			t.Errorf("%s: %s, want %d", test.what, answer.Status, test.status)
		}
		if test.method == "HEAD" && text != "" {
			t.Errorf("%s: %d bytes", test.what, len(text))
		}
		if test.status > 302 && (strings.Contains(text, token) || strings.Contains(text, "Is it learned")) {
			t.Errorf("%s is told %q", test.what, text)
		}
		for name, value := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "frame-ancestors 'none'"} {
			if got := answer.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q", test.what, name, got)
			}
		}
		if got := answer.Header.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s: other origins may read: %s", test.what, got)
		}
	}
}

// Where other machines are listened to they may name this one by its address and its names, and by no others.
func TestHostsOfOthers(t *testing.T) {
	machine, err := os.Hostname()
	check(t, err)
	for name, want := range map[string]bool{"192.168.0.7:8017": true, "[fe80::1]:8017": true,
		"lab.example:8017": true, machine: true,
		"LAB.example.": true, "evil.example:8017": false, "192.168.0.7.evil.example": false, "": false} {
		if ours(name, "lab.example") != want {
			t.Errorf("%q: %t", name, !want)
		}
	}
}

func TestCompressed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "night.db")
	train(t, path)
	server := start(t, path)
	page(t, server, "/"+token+"/", `href="small/"`)
	plain := page(t, server, "/"+token+"/small/", "<figure")
	for encodings, packed := range map[string]bool{"gzip": true, "br, gzip;q=0.5": true, "gzip;q=0": false, "": false, "br": false} {
		takes := func(r *http.Request) { r.Header.Set("Accept-Encoding", encodings) }
		answer, text := ask(t, server, http.MethodGet, "/"+token+"/small/", takes)
		if got := answer.Header.Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("%q: compressed %t", encodings, got)
		}
		if packed {
			z, err := gzip.NewReader(strings.NewReader(text))
			check(t, err)
			all, err := io.ReadAll(z)
			check(t, err)
			text = string(all)
		}
		if text != plain {
			t.Errorf("%q: another page", encodings)
		}
	}
}
