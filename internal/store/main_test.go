package store

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"

	"nightshift/internal/race"
)

// TestMain is also the other process of TestOpenKeepsLocks. Properties hold for fewer draws than rapid's 100, each of which
// writes databases of its own; the command line and NIGHTSHIFT_LONG have more.
func TestMain(m *testing.M) {
	if path := os.Getenv("NIGHTSHIFT_STORE_EXCLUSIVE"); path != "" {
		fmt.Println(exclusive(path))
		return
	}
	checks := "25"
	switch {
	case os.Getenv("NIGHTSHIFT_LONG") != "":
		checks = "100"
	case race.Enabled: // SQLite takes twenty times as long, and most properties have to do with one goroutine
		checks = "10"
	}
	if err := flag.Set("rapid.checks", checks); err != nil { // unless the command line says otherwise
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// child says what another process meets that wants a database for itself.
func child(t *testing.T, path string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "NIGHTSHIFT_STORE_EXCLUSIVE="+path)
	out, err := cmd.CombinedOutput()
	check(t, err)
	return string(out)
}
