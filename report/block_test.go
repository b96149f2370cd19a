package report

import (
	"slices"
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

// A figure along an axis is of the cells that the study has now, not of earlier ones that lack another axis of these.
func TestFiguresAreOfTheNewestCells(t *testing.T) {
	t.Parallel()
	at := func(former bool, axes ...string) *cell {
		c := &verdict.Cell{Former: former}
		for _, name := range axes {
			c.Axes = append(c.Axes, study.AxisValue{Axis: name, Label: "1"})
		}
		return &cell{Cell: c}
	}
	now, before, like := at(false, "depth", "activation"), at(true, "depth"), at(true, "depth", "activation")
	for _, c := range []struct{ all, want []*cell }{
		{[]*cell{before, now, like}, []*cell{now, like}}, {[]*cell{before, like}, []*cell{before, like}},
	} {
		if kept, axes := likeTheNewest(c.all, make([][]study.AxisValue, len(c.all))); !slices.Equal(kept, c.want) || len(axes) != len(kept) {
			t.Errorf("of %d cells %d are kept, want %d", len(c.all), len(kept), len(c.want))
		}
	}
}
