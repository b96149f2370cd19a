package mlp

import (
	"os"
	"os/exec"
	"testing"
)

// The golden numbers are those of their generator, where there is a Python that has PyTorch.
func TestGoldenNumbersAreReproduced(t *testing.T) {
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		t.Skip("set NIGHTSHIFT_LONG=1: it starts PyTorch, for numbers that change with testdata/nn.py only")
	}
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import torch").Run() != nil {
			continue
		}
		if out, err := exec.Command(python, "testdata/nn.py", "--check").CombinedOutput(); err != nil {
			t.Errorf("testdata/nn.json differs from what testdata/nn.py computes: %v\n%s", err, out)
		}
		return
	}
	t.Skip("no Python has PyTorch")
}
