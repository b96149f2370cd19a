package cli

import (
	"regexp"
	"strings"
	"testing"

	"nightshift/internal/study"
)

// TestFirstStudy: what the study that init writes shows in comments works, too,
// and its every part is in one place or the other.
func TestFirstStudy(t *testing.T) {
	more := regexp.MustCompile(`(?m)^# ([a-z]+:.*)$`)
	parts := more.FindAllStringSubmatch(strings.SplitN(firstStudy, "\n", 2)[1], -1)
	if len(parts) < 5 {
		t.Fatalf("%d parts in comments", len(parts))
	}
	for _, part := range parts {
		text := strings.Replace(firstStudy, part[0], part[1], 1)
		if _, err := study.Parse("first.yaml", []byte(strings.ReplaceAll(text, "NAME", "first")), nil); err != nil {
			t.Errorf("%s: %v", part[1], err)
		}
	}
}
