package experiments

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// Every study that ships is one of the lecture, in the order of its first topic, but the one to begin with.
func TestLecture(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(Files, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var shipped, taught []string
	for _, f := range files {
		if name := strings.TrimSuffix(f, ".yaml"); name != "quickstart" {
			shipped = append(shipped, name)
		}
	}
	last := 0
	for _, l := range Lecture() {
		taught = append(taught, l.Study)
		if len(l.Topics) == 0 || l.Topics[0] < last || l.Topics[len(l.Topics)-1] > 26 || !slices.IsSorted(l.Topics) {
			t.Errorf("%s has the topics %v after %d", l.Study, l.Topics, last)
			continue
		}
		last = l.Topics[0]
	}
	slices.Sort(taught)
	if slices.Sort(shipped); !slices.Equal(taught, shipped) {
		t.Errorf("the lecture has %q, there are %q", taught, shipped)
	}
}
