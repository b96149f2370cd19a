package report

import (
	"testing"

	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// Two cells of former versions at one place are two blocks, each with a name of its own, and so is that which has the place now.
func TestEarlierCellsHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	at := func(lr string, former bool) *cell {
		c := &verdict.Cell{Former: former, Axes: []study.AxisValue{{Axis: lrAxis, Label: lr}}}
		c.Config.Data.Set = "glyphs"
		return &cell{Cell: c}
	}
	all := blocks([]*cell{at("1", true), at("1", false), at("1", true), at("0.1", true), at("2", true), at("2", true)})
	var got []string
	for _, b := range all {
		got = append(got, b.name+b.title)
	}
	want := []string{"glyphs-earlier (glyphs, earlier version)", "glyphs (glyphs)", "glyphs-earlier-2 (glyphs, earlier version, 2)"}
	if len(all) != len(want) {
		t.Fatalf("blocks %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("block %d is %q, want %q", i+1, got[i], want[i])
		}
	}
}
