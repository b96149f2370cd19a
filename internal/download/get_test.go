package download

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// patient is a Getter that does not wait between attempts, and gives up late on what stands still.
func patient(t *testing.T) Getter {
	return Getter{Client: &http.Client{}, Stall: 10 * time.Minute,
		Wait:     func(context.Context, time.Duration) error { return nil },
		Progress: func(string, int64, int64) {}, Say: func(text string) { t.Log(text) }}
}

func TestGetFromBadServers(t *testing.T) {
	content := []byte(strings.Repeat("0123456789", 1000))
	type answers = []func(http.ResponseWriter, *http.Request, []byte)
	for name, test := range map[string]struct {
		ill  answers
		want []string // ranges
	}{
		"well":                      {nil, []string{""}},
		"truncates, then resumes":   {answers{truncates}, []string{"", "bytes=5000-"}},
		"truncates, without ranges": {answers{truncates, ignoresRanges}, []string{"", "bytes=5000-"}},
		"stalls":                    {answers{stalls}, []string{"", "bytes=10-"}},
		"lies":                      {answers{lies}, []string{"", ""}},
		"login page":                {answers{loginPage}, []string{"", ""}},
		"wrong range":               {answers{truncates, wrongRange}, []string{"", "bytes=5000-", ""}},
		"busy":                      {answers{busy, busy}, []string{"", "", ""}},
		"one thing after the other": {answers{truncates, busy, stalls}, nil},
		"a line that breaks often":  {answers{drips, drips, drips, drips, drips, drips, drips}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &server{files: map[string][]byte{"digits.gz": content}, ill: test.ill}
				g := patient(t)
				g.Client = memory(t, s)
				folder, err := g.Get(t.Context(), digits(content), t.TempDir(), []string{"http://publisher.invalid"})
				if err != nil {
					t.Fatal(err)
				}
				got, err := os.ReadFile(filepath.Join(folder, "digits.gz"))
				if err != nil || !bytes.Equal(got, content) {
					t.Errorf("%d bytes, %v", len(got), err)
				}
				if test.want != nil && fmt.Sprint(s.requests) != fmt.Sprint(test.want) {
					t.Errorf("ranges asked for: %q, want %q", s.requests, test.want)
				}
				if left, _ := filepath.Glob(filepath.Join(folder, "*.part")); len(left) > 0 {
					t.Errorf("left behind: %q", left)
				}
			})
		})
	}
}

// What never comes right is no file, and the message says what belongs where.
func TestGetFails(t *testing.T) {
	content := []byte("the published bytes")
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request, []byte){
		"lies": lies, "gone": func(w http.ResponseWriter, r *http.Request, _ []byte) { http.NotFound(w, r) }, "busy": busy,
	} {
		t.Run(name, func(t *testing.T) {
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w, r, content) }))
			defer web.Close()
			folder, err := patient(t).Get(t.Context(), digits(content), t.TempDir(), []string{web.URL})
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range []string{"digits.gz", folder, "https://example.org/digits", digits(content).Files[0].MD5} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if _, err := os.Stat(filepath.Join(folder, "digits.gz")); err == nil {
				t.Error("a file that is not the published one has its name")
			}
		})
	}
}

// The second address is asked where the first has nothing.
func TestSecondMirror(t *testing.T) {
	content := []byte("bytes")
	none, has := httptest.NewServer(&server{}), httptest.NewServer(&server{files: map[string][]byte{"digits.gz": content}})
	defer none.Close()
	defer has.Close()
	if _, err := patient(t).Get(t.Context(), digits(content), t.TempDir(), []string{none.URL, has.URL}); err != nil {
		t.Error(err)
	}
}

// The proxy of the environment is asked, where no name of the publisher is known. A process reads its environment once.
func TestProxy(t *testing.T) {
	const inside = "NIGHTSHIFT_BEHIND_PROXY"
	content := []byte("bytes")
	if os.Getenv(inside) != "" {
		g := New(func(string, int64, int64) {}, func(text string) { t.Log(text) })
		if _, err := g.Get(t.Context(), digits(content), t.TempDir(), []string{"http://publisher.invalid"}); err != nil {
			t.Error(err)
		}
		return
	}
	proxy := httptest.NewServer(&server{files: map[string][]byte{"digits.gz": content}})
	defer proxy.Close()
	behind := exec.Command(os.Args[0], "-test.run=^TestProxy$")
	behind.Env = append(os.Environ(), inside+"=1", "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL, "NO_PROXY=", "no_proxy=")
	if out, err := behind.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// An interrupted transfer is gone on with by the next process, and a file that is there is not fetched again.
func TestGoesOn(t *testing.T) {
	content := []byte(strings.Repeat("0123456789", 1000))
	s := &server{files: map[string][]byte{"digits.gz": content}, ill: []func(http.ResponseWriter, *http.Request, []byte){stalls}}
	web := httptest.NewServer(s)
	defer web.Close()
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	g := patient(t)
	g.Progress = func(_ string, bytes, _ int64) {
		if bytes > 0 {
			stop()
		}
	}
	if _, err := g.Get(ctx, digits(content), dir, []string{web.URL}); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	for range 2 {
		if _, err := patient(t).Get(t.Context(), digits(content), dir, []string{web.URL}); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"", "bytes=10-"}; fmt.Sprint(s.requests) != fmt.Sprint(want) {
		t.Errorf("ranges asked for: %q, want %q", s.requests, want)
	}
}

// A file that somebody else put there is neither taken for the published one nor replaced.
func TestForeignFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "digits", "digits.gz")
	os.MkdirAll(filepath.Dir(path), 0o777)
	os.WriteFile(path, []byte("mine"), 0o666)
	_, err := patient(t).Get(t.Context(), digits([]byte("published")), dir, []string{"http://127.0.0.1:0"})
	if !errors.Is(err, errWrong) || !strings.Contains(err.Error(), "move it away") {
		t.Errorf("%v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "mine" {
		t.Errorf("the file is %q now", got)
	}
}

// Of drawings no checksum is published: their form is checked, and from then on they have to stay as they came.
func TestDrawings(t *testing.T) {
	header := "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 784), }"
	header += strings.Repeat(" ", 117-len(header)) + "\n"
	whole := append([]byte("\x93NUMPY\x01\x00\x76\x00"+header), make([]byte, 2*784)...)
	s := &server{files: map[string][]byte{"The Eiffel Tower.npy": whole, "bird.npy": whole[:len(whole)-1]}}
	web := httptest.NewServer(s)
	defer web.Close()
	set, err := Lookup("quickdraw:The Eiffel Tower, The Eiffel Tower")
	if err != nil || len(set.Files) != 1 {
		t.Fatalf("%v, %v", set, err)
	}
	dir := t.TempDir()
	for range 2 {
		if _, err := patient(t).Get(t.Context(), set, dir, []string{web.URL}); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.requests) != 1 {
		t.Errorf("%d requests", len(s.requests))
	}
	whole[len(whole)-1] = 1
	os.WriteFile(filepath.Join(dir, "quickdraw", "The Eiffel Tower.npy"), whole, 0o666)
	if _, err := patient(t).Get(t.Context(), set, dir, []string{web.URL}); !errors.Is(err, errWrong) {
		t.Errorf("a changed file: %v", err)
	}
	set, _ = Lookup("quickdraw:bird")
	if _, err := patient(t).Get(t.Context(), set, dir, []string{web.URL}); !errors.Is(err, errWrong) {
		t.Errorf("a file that is too short: %v", err)
	}
}

func TestArchive(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"gzip/a-letters.gz", "gzip/other.gz", "../../escape.gz"} {
		w, _ := z.Create(name)
		w.Write([]byte("content of " + name))
	}
	z.Close()
	sum := md5.Sum(b.Bytes())
	set := Set{Name: "letters", Folder: "emnist", Files: []File{{Name: "gzip.zip", MD5: hex.EncodeToString(sum[:]),
		Unpack: []string{"a-letters.gz"}}}}
	s := &server{files: map[string][]byte{"gzip.zip": b.Bytes()}}
	web := httptest.NewServer(s)
	defer web.Close()
	dir := t.TempDir()
	for range 2 {
		if _, err := patient(t).Get(t.Context(), set, dir, []string{web.URL}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(filepath.Join(dir, "emnist", "a-letters.gz"))
	if err != nil || string(got) != "content of gzip/a-letters.gz" || len(s.requests) != 1 {
		t.Errorf("%q, %v after %d requests", got, err, len(s.requests))
	}
	if there, _ := os.ReadDir(filepath.Join(dir, "emnist")); len(there) != 2 { // and the checksums
		t.Errorf("in the folder: %v", there)
	}
}

func TestLookup(t *testing.T) {
	for _, bad := range []string{"", "cifar", "quickdraw", "quickdraw:", "quickdraw:../x", "quickdraw:a,b/c", "quickdraw:.bird"} {
		if s, err := Lookup(bad); err == nil {
			t.Errorf("%q is %v", bad, s)
		}
	}
	for _, s := range Sets() {
		if got, err := Lookup(s.Name); err != nil || got.Name != s.Name {
			t.Errorf("%s: %v", s.Name, err)
		}
		for _, f := range s.Files {
			if sum, err := hex.DecodeString(f.MD5); err != nil || len(sum) != md5.Size {
				t.Errorf("%s: %s has no checksum", s.Name, f.Name)
			}
		}
		for _, a := range s.Addresses {
			if !strings.HasSuffix(a, "/") {
				t.Errorf("%s: address %s", s.Name, a)
			}
		}
	}
}

// The published checksums of MNIST are those of its files.
func TestMNISTIsPublished(t *testing.T) {
	dir := os.Getenv("NIGHTSHIFT_DATA")
	if _, err := os.Stat(filepath.Join(dir, "mnist")); dir == "" || err != nil {
		t.Skip("needs NIGHTSHIFT_DATA with mnist")
	}
	g := patient(t)
	g.Client = &http.Client{Transport: noNetwork{t}}
	s, _ := Lookup("mnist")
	if _, err := g.Get(t.Context(), s, dir, nil); err != nil {
		t.Error(err)
	}
}

type noNetwork struct{ t *testing.T }

func (n noNetwork) RoundTrip(r *http.Request) (*http.Response, error) {
	n.t.Errorf("%s was asked for", r.URL)
	return nil, errors.New("no network")
}
