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

// What is fetched can be named by a study as the command says.
func TestDataGet(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := "{'descr': '|u1', 'fortran_order': False, 'shape': (60, 784), }"
		fmt.Fprintf(w, "\x93NUMPY\x01\x00\x76\x00%-117s\n", header)
		w.Write(bytes.Repeat([]byte{r.URL.Path[1]}, 60*784))
	}))
	defer web.Close()
	dir := t.TempDir()
	call := func(want int, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		if code := Main(append(args, "--data", dir), strings.NewReader(""), &out, &out); code != want {
			t.Fatalf("%q: exit code %d, %s", args, code, &out)
		}
		return out.String()
	}
	if said := call(exitOK, "data", "get", "quickdraw:bird,pizza", "--mirror", web.URL); !strings.Contains(said, "data: {set: npy, path: quickdraw}") {
		t.Error(said)
	}
	study := filepath.Join(dir, "draw.yaml")
	os.WriteFile(study, []byte("study: draw\ndata: {set: npy, path: quickdraw}\nbase: {epochs: 1, width: 2, lr: 0.1}\n"), 0o666)
	if said := call(exitOK, "data", "show", study); !strings.Contains(said, "bird") || !strings.Contains(said, "pizza") {
		t.Error(said)
	}
	for _, bad := range []string{"cifar10", "quickdraw", "quickdraw:../../x"} {
		call(exitUsage, "data", "get", bad)
	}
}
