package figure

import (
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// Marks keep their number, and those of a row are further apart than the sign
// and the label of the one on the left are wide.
func TestPlaceMarks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := Panel{}
		for range rapid.IntRange(0, 8).Draw(t, "marks") {
			x := rapid.Float64Range(0, 1).Draw(t, "x")
			p.Marks = append(p.Marks, Mark{X: x, Label: strings.Repeat("9", rapid.IntRange(0, 12).Draw(t, "digits"))})
		}
		width := vg.Length(rapid.Float64Range(160, 560).Draw(t, "width"))
		placed, rows := p.placeMarks(span{min: 0, max: 1}, width)
		if len(placed) != len(p.Marks) {
			t.Fatalf("%d of %d marks", len(placed), len(p.Marks))
		}
		ends := slices.Repeat([]vg.Length{-6}, rows) // where the signs at 0 begin
		for _, m := range placed {
			at := vg.Length(m.X) * width
			label := 6 + markStyle.Width(m.Label)
			from, to := at-6, at+label
			if to > width && width-at < at {
				from, to = at-label, at+6
			}
			if from < ends[m.row] {
				t.Fatalf("the mark at %g runs into another of row %d", m.X, m.row)
			}
			ends[m.row] = to
		}
	})
}

// Whatever ended a run, its bar or cross is a finite shape.
func TestSigns(t *testing.T) {
	t.Parallel()
	for _, e := range []Ended{Diverged, Pruned} {
		f := Figure{Name: "signs", Columns: 1, Panels: []Panel{{X: Axis{Label: "x"}, Y: Axis{Label: "y"}, Series: []Series{
			{Repeats: []Repeat{{Points: []XY{{0, 0}, {1, 1}}, Ended: e}}},
		}}}}
		plain := f
		plain.Panels = slices.Clone(f.Panels)
		plain.Panels[0].Series = []Series{{Repeats: []Repeat{{Points: []XY{{0, 0}, {1, 1}}}}}}
		with, without := drawn(t, f, "svg"), drawn(t, plain, "svg")
		if len(with) <= len(without) || strings.Contains(string(with), "e+") || strings.Contains(string(with), "Inf") {
			t.Errorf("%s: %d bytes, without %d", e, len(with), len(without))
		}
	}
}

// Marks in a row, with their words on the side where there is room, do not run
// into each other.
func TestMarksDoNotOverlap(t *testing.T) {
	t.Parallel()
	words := markStyle.Width("3 of 3 pruned")
	for name, test := range map[string]struct {
		at   []float64
		rows []int
	}{
		"far apart":                {[]float64{0, 9}, []int{0, 0}},
		"beside each other":        {[]float64{0, 0.1}, []int{0, 1}},
		"words towards each other": {[]float64{5, 10}, []int{0, 1}},
		"the place is free again":  {[]float64{0, 0.1, 5, 5.1}, []int{0, 1, 0, 1}},
	} {
		p := Panel{X: Axis{Label: "x"}}
		for _, at := range test.at {
			p.Marks = append(p.Marks, Mark{X: at, Ended: Pruned, Label: "3 of 3 pruned"})
		}
		const room = vg.Length(250)
		if words > room/2 || words < room/5 {
			t.Fatalf("words of %v points in %v: the cases below are others", words, room)
		}
		placed, _ := p.placeMarks(span{min: 0, max: 10}, room)
		var rows []int
		for _, m := range placed {
			rows = append(rows, m.row)
		}
		if !slices.Equal(rows, test.rows) {
			t.Errorf("%s: rows %v, want %v", name, rows, test.rows)
		}
	}
}
