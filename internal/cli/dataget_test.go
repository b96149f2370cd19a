package cli

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is fetched can be named by a study as the command says, and the study of drawings says how to get them and trains on them.
func TestDataGet(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := "{'descr': '|u1', 'fortran_order': False, 'shape': (60, 784), }"
		fmt.Fprintf(w, "\x93NUMPY\x01\x00\x76\x00%-117s\n", header)
		w.Write(bytes.Repeat([]byte{r.URL.Path[1]}, 60*784))
	}))
	defer web.Close()
	dir, want := t.TempDir(), "nightshift data get quickdraw:bird,pizza,screwdriver fetches it"
	call := func(want int, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		if code := Main(append(args, "--data", dir), strings.NewReader(""), &out, &out); code != want {
			t.Fatalf("%q: exit code %d, %s", args, code, &out)
		}
		return out.String()
	}
	drawings := func(want int) string {
		return call(want, "run", "quickdraw", "--no-report", "--set=data.train=90", "--set=data.valid=30", "--set=data.test=60",
			"--set=base.epochs=2", "--set=base.log.every=1", "--out", filepath.Join(dir, "out"))
	}
	if said := drawings(exitUsage); !strings.Contains(said, want) {
		t.Error(said)
	}
	if said := call(exitOK, "data", "get", "quickdraw:bird,pizza,screwdriver", "--mirror", web.URL); !strings.Contains(said,
		"data: {set: npy, path: quickdraw}") {
		t.Error(said)
	}
	study := filepath.Join(dir, "draw.yaml")
	os.WriteFile(study, []byte("study: draw\ndata: {set: npy, path: quickdraw}\nbase: {epochs: 1, width: 2, lr: 0.1}\n"), 0o666)
	if said := call(exitOK, "data", "show", study); !strings.Contains(said, "bird") || !strings.Contains(said, "pizza") {
		t.Error(said)
	}
	if said := drawings(exitOK); !strings.Contains(said, "53 runs: 53 done") {
		t.Error(said)
	}
	for _, bad := range []string{"cifar10", "quickdraw", "quickdraw:../../x"} {
		call(exitUsage, "data", "get", bad)
	}
	for _, mirror := range []string{"mirror.example.org", "ftp://mirror.example.org", "http://"} {
		call(exitUsage, "data", "get", "mnist", "--mirror", mirror)
	}
}
