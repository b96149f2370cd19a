package stat

import (
	"os"
	"os/exec"
	"testing"
)

// The golden numbers are those of their generator, where there is a Python that has scipy.
func TestGoldenNumbersAreReproduced(t *testing.T) {
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		t.Skip("set NIGHTSHIFT_LONG=1: it starts SciPy, for numbers that change with testdata/stats.py only")
	}
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import scipy").Run() != nil {
			continue
		}
		if out, err := exec.Command(python, "testdata/stats.py", "--check").CombinedOutput(); err != nil {
			t.Errorf("testdata/stats.json differs from what testdata/stats.py computes: %v\n%s", err, out)
		}
		return
	}
	t.Skip("no Python has scipy")
}
