package download

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is one that does what servers do to people, a thing for each request; when the list is over it serves files well.
type server struct {
	files    map[string][]byte
	ill      []func(http.ResponseWriter, *http.Request, []byte)
	requests []string // the ranges that were asked for
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests = append(s.requests, r.Header.Get("Range"))
	content, ok := s.files[strings.TrimPrefix(r.URL.Path, "/")]
	if len(s.ill) > 0 {
		do := s.ill[0]
		s.ill = s.ill[1:]
		do(w, r, content)
		return
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

func truncates(w http.ResponseWriter, _ *http.Request, content []byte) {
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	w.Write(content[:len(content)/2])
}

func stalls(w http.ResponseWriter, r *http.Request, content []byte) {
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	w.Write(content[:10])
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// drips gives a thousand bytes more at each request.
func drips(w http.ResponseWriter, r *http.Request, content []byte) {
	var from int
	fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
	w.Header().Set("Content-Length", fmt.Sprint(len(content)-from))
	if from > 0 {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
		w.WriteHeader(http.StatusPartialContent)
	}
	w.Write(content[from : from+1000])
}

func lies(w http.ResponseWriter, _ *http.Request, content []byte) {
	w.Write(bytes.Repeat([]byte("?"), len(content)))
}

func loginPage(w http.ResponseWriter, _ *http.Request, _ []byte) {
	w.Write([]byte("<html>please log in</html>"))
}

func wrongRange(w http.ResponseWriter, _ *http.Request, content []byte) {
	w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(content)-1, len(content)))
	w.WriteHeader(http.StatusPartialContent)
	w.Write(content)
}

func ignoresRanges(w http.ResponseWriter, _ *http.Request, content []byte) { w.Write(content) }

func busy(w http.ResponseWriter, _ *http.Request, _ []byte) {
	w.WriteHeader(http.StatusServiceUnavailable)
}

// digits is a set with one file and its published MD5.
func digits(content []byte) Set {
	sum := md5.Sum(content)
	return Set{Name: "digits", Folder: "digits", Page: "https://example.org/digits",
		Files: []File{{Name: "digits.gz", MD5: hex.EncodeToString(sum[:])}}}
}

// memory is a server whose connections are in memory. In a bubble of synctest nothing comes late then but what the server keeps
// back, whatever else the machine does.
func memory(t *testing.T, h http.Handler) *http.Client {
	t.Helper()
	l := pipes{make(chan net.Conn), make(chan struct{})}
	s := &http.Server{Handler: h}
	var served sync.WaitGroup
	served.Go(func() { s.Serve(l) })
	way := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		select {
		case l.dialled <- theirs:
			return ours, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
	t.Cleanup(func() {
		way.CloseIdleConnections()
		s.Close()
		served.Wait()
	})
	return &http.Client{Transport: way}
}

// pipes is a listener to connections in memory.
type pipes struct {
	dialled chan net.Conn
	closed  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialled:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error { close(p.closed); return nil }

func (p pipes) Addr() net.Addr { return &net.UnixAddr{} }
