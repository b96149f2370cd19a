package figure

import (
	"flag"
	"os"
	"testing"
)

// TestMain has properties hold for fewer draws than rapid's 100, many of which are drawn in every format; the command line and
// NIGHTSHIFT_LONG have more.
func TestMain(m *testing.M) {
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		if err := flag.Set("rapid.checks", "30"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
