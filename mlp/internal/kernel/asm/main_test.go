package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The committed kernels have to be what the generator writes. Their first line
// is the command that wrote them, which names the folder.
func TestKernelsAreGenerated(t *testing.T) {
	dir := t.TempDir()
	names := []string{"kernels_amd64.s", "kernels_amd64.go", "neon_arm64.s"}
	in := func(name string) string { return filepath.Join(dir, name) }
	cmd := exec.Command("go", "run", ".", "-out", in(names[0]), "-stubs", in(names[1]), "-pkg", "kernel", "-neon", in(names[2]))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the generator fails: %v\n%s", err, out)
	}
	body := func(path string) []byte {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, b, _ = bytes.Cut(b, []byte("\n"))
		return b
	}
	for _, name := range names {
		if !bytes.Equal(body(filepath.Join(dir, name)), body(filepath.Join("..", name))) {
			t.Errorf("%s is not what the generator writes; run go generate in the folder of package kernel", name)
		}
	}
}
