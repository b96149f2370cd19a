package report

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	if keep := os.Getenv("KEEP"); keep != "" {
		dir = keep
	}
	s, err := Write(t.Context(), full().save(t), "synthetic", dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(s)
	_ = filepath.Join
}
