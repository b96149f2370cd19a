package report

import (
	"os"
	"strings"
	"testing"

	"nightshift/internal/study"
)

// TestGallery: every line of docs/gallery.md is one that a study can have, and every kind of figure has one.
func TestGallery(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/gallery.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "```yaml\n")
	lines, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("the gallery has no lines")
	}
	text := "study: gallery\ndata: {set: glyphs}\nbase: {depth: 2}\ngrid:\n  width: [8, 16, 32]\n  lr: [0.01, 0.1, 1]\n" +
		"  pair: {softmax+ce: {}, sigmoid+mse: {output: sigmoid, loss: mse}}\nseeds: 5\nreport:\n  figures:\n" +
		"    " + strings.ReplaceAll(strings.TrimSpace(lines), "\n", "\n    ") + "\n"
	s, err := study.Parse("gallery.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, f := range s.Figures {
		shown[f.Kind] = true
	}
	for _, k := range figureKinds {
		if !shown[k.name] {
			t.Errorf("docs/gallery.md has no line that makes figure %s", k.name)
		}
	}
}
