package report

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"nightshift/internal/study"
)

// TestGallery: docs/gallery.md has every line of docs/gallery.yaml with a picture that is there, and every kind of figure has
// one.
func TestGallery(t *testing.T) {
	t.Parallel()
	read := func(file string) string {
		text, err := os.ReadFile("../docs/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	page, text := read("gallery.md"), read("gallery.yaml")
	s, err := study.Parse("gallery.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, f := range s.Figures {
		line := strings.TrimSpace(strings.Split(text, "\n")[f.Line-1])
		_, after, found := strings.Cut(page, "```yaml\n"+line+"\n```\n\n![")
		picture := regexp.MustCompile(`^[^\]]*\]\((gallery/[a-z0-9-]+\.svg)\)`).FindStringSubmatch(after)
		if !found || picture == nil {
			t.Errorf("docs/gallery.md has no picture of %s", line)
			continue
		}
		if svg := read(picture[1]); !strings.Contains(svg, "</svg>") {
			t.Errorf("%s is no picture", picture[1])
		}
		shown[f.Kind] = true
	}
	for _, k := range figureKinds {
		if !shown[k.name] {
			t.Errorf("docs/gallery.yaml has no line that makes figure %s", k.name)
		}
	}
	if lacking := Lacking(s); len(lacking) > 0 {
		t.Errorf("the gallery lacks figures: %q", lacking)
	}
}
