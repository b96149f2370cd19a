package runner

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"

	"nightshift/internal/race"
)

// TestMain has properties hold for fewer draws than rapid's 100, each of which is
// nights of its own; the command line and NIGHTSHIFT_LONG have more. Garbage is collected less often than by default:
// the heap of a test is small, and collecting it costs a sixth of its time.
func TestMain(m *testing.M) {
	checks := "8"
	switch {
	case os.Getenv("NIGHTSHIFT_LONG") != "":
		checks = "100"
	case race.Enabled:
		checks = "5"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		panic(err)
	}
	debug.SetGCPercent(400)
	goleak.VerifyTestMain(m)
}
