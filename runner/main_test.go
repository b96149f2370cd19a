package runner

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"

	"nightshift/internal/race"
)

// TestMain has properties hold for fewer draws than rapid's 100, each of which is
// nights of its own; the command line and NIGHTSHIFT_LONG have more.
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
	goleak.VerifyTestMain(m)
}
